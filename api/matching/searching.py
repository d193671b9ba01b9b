"""Seek contacts of a made-up population among earlier ones, and say what is true of each pair.

Everything is counted from the side of a hub: each contact asked about is sought among all
earlier ones by its keys, the candidates are judged, and what is shown is compared with the truth.
A true pair that blocking misses counts against recall.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from api.matching.blocking import blocking_keys
from api.matching.labelled.contacts import KnownContact, make_contacts
from api.matching.labelled.population import make_families
from api.matching.matches import judge_all
from api.matching.person import Person, Role

_SECRET = b"a made-up secret for measuring only"
MOST_CANDIDATES = 200


@dataclass(frozen=True)
class Pair:
    """A child asked about and an earlier contact: what was believed, and the truth.

    *found* is false where blocking did not bring the contact up.
    """

    query: int
    origin: str
    new_name: bool
    same_child: float
    same_family: float
    is_same_child: bool
    is_same_family: bool
    found: bool


@dataclass(frozen=True)
class Search:
    """One contact asked about: how many candidates came up, and how long judging took."""

    before_limit: int
    candidates: int
    milliseconds: float


class Index:
    """Earlier contacts by their keys, as a store keeps them."""

    def __init__(self, contacts: Iterable[KnownContact]) -> None:
        self.contacts: dict[str, KnownContact] = {}
        self._by_key: defaultdict[int, list[str]] = defaultdict(list)
        for contact in contacts:
            self.contacts[contact.id] = contact
            for key in _keys(contact.people):
                self._by_key[key].append(contact.id)

    def seek(self, contact: KnownContact) -> list[str]:
        """Give the earlier contacts that share a key, those that share most first."""
        shared: Counter[str] = Counter()
        for key in _keys(contact.people):
            shared.update(self._by_key.get(key, ()))
        earlier = [
            (-count, name)
            for name, count in shared.items()
            if name != contact.id and self.contacts[name].on <= contact.on
        ]
        return [name for _, name in sorted(earlier)]


def search(
    *, contacts: int, queries: int, seed: int, each_origin: int = 0
) -> tuple[list[Pair], list[Search]]:
    """Ask about *queries* contacts, each among all earlier of about *contacts*.

    Then about as many more as there must be for *each_origin* of an origin of names: those, whose
    numbers follow, say nothing of all contacts.
    """
    made = _take(contacts, seed)
    index = Index(made)
    by_family: defaultdict[str, list[KnownContact]] = defaultdict(list)
    for contact in made:
        by_family[contact.family].append(contact)
    asked = Random(seed + 2).sample(made, queries)  # noqa: S311 - nothing secret
    asked += _more_of_each(made, asked, each_origin, seed)
    pairs: list[Pair] = []
    searches: list[Search] = []
    for number, contact in enumerate(asked):
        names = index.seek(contact)
        kept = names[:MOST_CANDIDATES]
        earlier = [index.contacts[name] for name in kept]
        began = time.perf_counter()
        found = judge_all(
            contact.people, [p for each in earlier for p in each.people], stored=contacts
        )
        searches.append(Search(len(names), len(kept), 1000 * (time.perf_counter() - began)))
        beliefs = {
            (each.child_id, each.contact_id): (each.same_child, each.same_family) for each in found
        }
        pairs += _pairs(number, contact, earlier, by_family[contact.family], beliefs)
    return pairs, searches


def _more_of_each(
    made: Sequence[KnownContact], asked: Sequence[KnownContact], number: int, seed: int
) -> list[KnownContact]:
    """Give further contacts, so that with those *asked* there are *number* of each origin."""
    others: defaultdict[str, list[KnownContact]] = defaultdict(list)
    already = {each.id for each in asked}
    for contact in made:
        if contact.id not in already:
            others[contact.origin].append(contact)
    have = Counter(each.origin for each in asked)
    rng = Random(seed + 3)  # noqa: S311 - nothing secret
    more: list[KnownContact] = []
    for origin in sorted(others):
        lacking = max(0, number - have[origin])
        more += rng.sample(others[origin], min(lacking, len(others[origin])))
    return more


def _take(contacts: int, seed: int) -> list[KnownContact]:
    made: list[KnownContact] = []
    # A family has 2.3 contacts.
    for contact in make_contacts(make_families(contacts, seed=seed), seed=seed):
        made.append(contact)
        if len(made) >= contacts:
            break
    return made


def _keys(people: Iterable[Person]) -> set[int]:
    """As numbers of eight bytes: a measurement keeps millions in memory."""
    return {int(key[:16], 16) for person in people for key in blocking_keys(person, key=_SECRET)}


def _pairs(
    number: int,
    contact: KnownContact,
    earlier: Sequence[KnownContact],
    family: Sequence[KnownContact],
    beliefs: dict[tuple[str | None, str], tuple[float, float]],
) -> Iterator[Pair]:
    """Every pair worth counting: all candidates, and all of the family whether found or not."""
    found = {each.id for each in earlier}
    missed = [
        each
        for each in family
        if each.id not in found and each.id != contact.id and each.on <= contact.on
    ]
    for child in (person for person in contact.people if person.role is Role.CHILD):
        who = contact.members[child.id]
        for other in [*earlier, *missed]:
            same_child, same_family = beliefs.get((child.id, other.id), (0.0, 0.0))
            yield Pair(
                query=number,
                origin=contact.origin,
                new_name=who in contact.unseen,
                same_child=same_child,
                same_family=same_family,
                is_same_child=who in other.members.values(),
                is_same_family=other.family == contact.family,
                found=other.id in found,
            )
