"""Count how forenames and surnames go together, which differs between few families and many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from statistics import fmean

from api.matching.labelled.contacts import KnownContact
from api.matching.profiles import Profile, profile_of
from api.matching.weights import ANY_NAME, RAREST, frequency_columns

FEWEST_BEARERS = 20
"""Of fewer children of one name nothing is said of how their other names go together."""


def count_together(
    children: Iterable[Profile], frequencies: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Give the bits by which forename and surname go together, by the name of each column.

    Names of one origin come together: two children of one surname have one forename more often than
    the frequency of forenames says. The bits are the logarithm of how much more often, among
    distinct *children*; for names that fewer than `FEWEST_BEARERS` bear they are the mean over the
    others, under ``ANY_NAME``.
    """
    borne = [
        (columns["whole_surname"], columns["first_name"])
        for columns in map(frequency_columns, children)
        if columns["whole_surname"] and columns["first_name"]
    ]
    turned = [(first, last) for last, first in borne]
    return {
        "whole_surname": _together(borne, frequencies["first_name"]),
        "first_name": _together(turned, frequencies["whole_surname"]),
    }


def _together(
    pairs: Sequence[tuple[str, str]], frequencies: Mapping[str, float]
) -> dict[str, float]:
    """Give the bits for the first name of each pair, by how its bearers share the second."""
    seconds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one, other in pairs:
        seconds[one][other] += 1
    bits = {}
    for name, found in sorted(seconds.items()):
        if found.total() < FEWEST_BEARERS:
            continue
        alike = sum(number * (number - 1) for number in found.values())
        by_chance = sum(
            number * max(RAREST, frequencies.get(each, 0.0)) for each, number in found.items()
        ) * (found.total() - 1)
        bits[name] = round(max(0.0, log2(max(alike, 1) / by_chance)), 2)
    return {ANY_NAME: round(fmean(bits.values()), 2) if bits else 0.0, **bits}


def first_of_each(contacts: Iterable[KnownContact]) -> list[Profile]:
    """Each child once, as first written down: a child's own contacts are no namesakes."""
    first: dict[str, Profile] = {}
    for contact in contacts:
        for person in contact.people:
            if person.role.is_child:
                first.setdefault(contact.members[person.id], profile_of(person))
    return list(first.values())
