"""From pairs of people to contacts: is this the same child, or another child of the family?

Three hypotheses stand against each other for a child and an earlier contact: the child is there
(and is one of its children), only the family is there, or neither. Twins have surname, date of
birth and address in common, so only the middle one explains them with two first names. A parent
or sibling whom both contacts name speaks for the first two alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from api.matching.profiles import Profile
from api.matching.weights import OWN_FIELDS, Evidence, Trained, bits_together, weigh

# Earlier contacts to expect of a child, and of its family without it, among all stored. The
# labelled population has 0.8 and 0.15; a council keeps some children's first contacts only.
_EXPECTED_SAME = 0.5
_EXPECTED_FAMILY = 0.25
_FEWEST_STORED = 200
# How often a contact about the same family names a parent or sibling whom the other names.
_NAMED_AGAIN = 0.5
# From this on a parent or sibling counts as met again: 16 times as likely as among strangers.
_MET_AGAIN = 4.0


@dataclass(frozen=True)
class Judgement:
    """What is believed of one child and one earlier contact.

    *counterpart* is the earlier child most like the child, with its *evidence*; *kin* are codes
    of people met again.
    """

    same_child: float
    same_family: float
    counterpart: Profile | None
    evidence: Evidence | None
    kin: frozenset[str]


def judge(
    child: Profile | None,
    others: Sequence[Profile],
    earlier: Sequence[Profile],
    *,
    trained: Trained,
    stored: int,
    namesakes: int = 0,
) -> Judgement:
    """Weigh *child* and the *others* of a contact against all people of an *earlier* one.

    *child* is ``None`` for a contact that names no child: then only the family is weighed.
    *stored* is how many contacts are kept: among more, more agree by accident. *namesakes* of them
    are known to be about other children of the child's name: what is known of names in general
    yields to that.
    """
    kept = max(stored, _FEWEST_STORED)
    kin, met = _weigh_kin(others, earlier, trained, whole=child is None)
    children = [each for each in earlier if each.person.role.is_child] if child else []
    pairs = [weigh(child, each, trained) for each in children if child]
    apart = [_sum(pair.siblings, own=True) for pair in pairs]
    shared = _weigh_shared(child, earlier, pairs, trained)
    usual = log2(namesakes / kept) if namesakes else None
    worth = [
        _weigh_same(pair, shared) - _too_much(pair, child, each, usual, trained)
        for pair, each in zip(pairs, children, strict=True)
        if child
    ]
    # Where the child is one of the earlier children, the others are its siblings.
    same = [
        log2(_EXPECTED_SAME / kept) + kin + bits + sum(apart) - own
        for bits, own in zip(worth, apart, strict=True)
    ]
    family = log2(_EXPECTED_FAMILY / kept) + kin + shared + sum(apart)
    best = max(range(len(pairs)), key=lambda place: same[place], default=None)
    odds_same, odds_family = sum(map(_power, same)), _power(family)
    whole = 1 + odds_same + odds_family
    return Judgement(
        same_child=odds_same / whole,
        same_family=(odds_same + odds_family) / whole,
        counterpart=None if best is None else children[best],
        evidence=None if best is None else pairs[best],
        kin=met,
    )


def _weigh_kin(
    others: Sequence[Profile], earlier: Sequence[Profile], trained: Trained, *, whole: bool
) -> tuple[float, frozenset[str]]:
    """Give the bits that parents and siblings of both contacts add, and who they are.

    Surname and address are the family's and are weighed with the child; where there is no
    child (*whole*) they count here.
    """
    total, met = 0.0, set()
    for person in others:
        role = person.person.role
        alike = [each for each in earlier if each.person.role.is_child == role.is_child]
        weights = [_weigh_one(person, each, trained, whole=whole) for each in alike]
        if not weights:
            continue
        mean = sum(map(_power, weights)) / len(weights)
        bits = log2(1 - _NAMED_AGAIN + _NAMED_AGAIN * mean)
        total += bits
        if bits >= _MET_AGAIN:
            met.add("kin.sibling" if role.is_child else "kin.adult")
    return total, frozenset(met)


def _weigh_one(person: Profile, other: Profile, trained: Trained, *, whole: bool) -> float:
    """Give the bits for one parent or sibling being the other.

    Forenames go with surnames, and surnames agree in families and among their namesakes.
    """
    evidence = weigh(person, other, trained)
    together = bits_together(person, other, trained) if evidence.forenames_agree else 0.0
    return _sum(evidence.same, own=None if whole else True) - together


def _weigh_same(pair: Evidence, shared: float) -> float:
    """Give the bits for one child; surname and address may be better known from a sibling."""
    return _sum(pair.same, own=True) + max(shared, _sum(pair.same, own=False))


def _too_much(
    pair: Evidence, child: Profile, other: Profile, usual: float | None, trained: Trained
) -> float:
    """Give the bits that alike names were given and are not worth.

    Names of one origin come together; and where *usual*, the logarithm of how often other children
    here bear the child's name, is known, both names cannot be worth more than its opposite.
    """
    if not pair.names_agree:
        return 0.0
    together = bits_together(child, other, trained)
    if usual is None:
        return together
    return max(together, pair.same["forename"] + pair.same["surname"] + usual)


def _weigh_shared(
    child: Profile | None, earlier: Sequence[Profile], pairs: Sequence[Evidence], trained: Trained
) -> float:
    """Give the bits of surname and address: the best of any earlier child, else of any adult."""
    if child is None:
        return 0.0
    against = pairs or [weigh(child, each, trained) for each in earlier]
    return max((_sum(each.siblings, own=False) for each in against), default=0.0)


def _sum(weights: Mapping[str, float], *, own: bool | None = None) -> float:
    """Add up the fields that are the person's *own*, those that are not, or all of them."""
    return sum(bits for field, bits in weights.items() if own in (None, field in OWN_FIELDS))


def _power(bits: float) -> float:
    """From bits to odds, within what a float holds."""
    return float(2.0 ** min(max(bits, -200.0), 200.0))
