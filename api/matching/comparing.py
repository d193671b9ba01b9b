"""How alike two people are, field by field: the one definition that is trained and served.

Each function gives the first level that holds, or ``None`` where a side says nothing. Levels
are ordered from most to least alike, as in Splink's comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.matching.birth_dates import is_slip
from api.matching.normalising import Name
from api.matching.person import Birth
from api.matching.profiles import Profile

# An age in whole years puts a birth within half a year of the middle, and ages are often a
# birthday out; due dates come true within six weeks.
_TOLERANCE = {Birth.FROM_AGE: timedelta(days=400), Birth.DUE: timedelta(days=45)}
# Shorter words are a slip away from too many others, and shorter codes sound like too many: Ava,
# Eva and Evie are three children.
_SHORTEST = 4
_SHORTEST_SOUND = 3


@dataclass(frozen=True)
class Comparison:
    """One field: its levels, most alike first, and the function that finds one."""

    field: str
    levels: Sequence[str]
    compare: Callable[[Profile, Profile], str | None]


def compare_forenames(one: Profile, other: Profile) -> str | None:
    """Say how alike the forenames are."""
    left, right = one.forename, other.forename
    if not left.words or not right.words:
        return None
    if len(left.words[0]) == 1 or len(right.words[0]) == 1:
        return "initial" if left.words[0][0] == right.words[0][0] else "differs"
    if left.words[0] == right.words[0]:
        return "same"
    if left.roots[0] & right.roots[0]:
        return "variant"
    if _sounds_alike(left, right, first=True) and not _of_two_sexes(left, right):
        return "sounds"
    if _share_root(left, right) or _other_way_round(one, other):
        return "other"
    return "differs"


def compare_surnames(one: Profile, other: Profile) -> str | None:
    """Say how alike the surnames are."""
    left, right = one.surname, other.surname
    if not left.words or not right.words:
        return None
    if left.words == right.words:
        return "same"
    if set(left.words) & set(right.words):
        return "part"
    if _share_root(left, right) or _sounds_alike(left, right):
        return "sounds"
    return "other" if _other_way_round(one, other) else "differs"


def compare_births(one: Profile, other: Profile) -> str | None:
    """Say how near the dates of birth are."""
    if one.born is None or other.born is None:
        return None
    apart = abs(one.born - other.born)
    if one.birth is not Birth.KNOWN or other.birth is not Birth.KNOWN:
        allowed = max(_TOLERANCE.get(each, timedelta()) for each in (one.birth, other.birth))
        return "near" if apart <= allowed else "differs"
    if not apart:
        return "same"
    if is_slip(one.born, other.born):
        return "slip"
    return "year" if one.born.year == other.born.year else "differs"


def compare_homes(one: Profile, other: Profile) -> str | None:
    """Say how near the homes are."""
    left, right = one.home, other.home
    if left is None or right is None:
        return None
    same_house = left.house is not None and left.house == right.house
    if not left.postcode or not right.postcode:
        return "postcode" if same_house else None
    if left.postcode == right.postcode:
        return "home" if same_house else "postcode"
    if same_house:
        return "postcode"
    return "area" if left.outward == right.outward else "differs"


def compare_identifiers(one: Profile, other: Profile) -> str | None:
    """Say whether a number that belongs to one person only is the same."""
    pairs = [(one.nhs_number, other.nhs_number), (one.upn, other.upn)]
    known = [left == right for left, right in pairs if left and right]
    if not known:
        return None
    return "same" if any(known) else "differs"


COMPARISONS: Mapping[str, Comparison] = {
    each.field: each
    for each in (
        Comparison(
            "forename",
            ("same", "variant", "sounds", "other", "initial", "differs"),
            compare_forenames,
        ),
        Comparison("surname", ("same", "part", "sounds", "other", "differs"), compare_surnames),
        Comparison("date_of_birth", ("same", "slip", "near", "year", "differs"), compare_births),
        Comparison("address", ("home", "postcode", "area", "differs"), compare_homes),
        Comparison("identifier", ("same", "differs"), compare_identifiers),
    )
}


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with the next makes them equal."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right or left == right[1:]


def _share_root(left: Name, right: Name) -> bool:
    return bool(frozenset().union(*left.roots) & frozenset().union(*right.roots))


def _sounds_alike(left: Name, right: Name, *, first: bool = False) -> bool:
    """Whether any two words (or the *first* two) sound alike or are a slip apart."""
    count = 1 if first else None
    return any(
        (one_sound == other_sound and len(one_sound) >= _SHORTEST_SOUND)
        or (min(len(one), len(other)) >= _SHORTEST and is_one_slip(one, other))
        for one, one_sound in zip(left.words[:count], left.sounds[:count], strict=True)
        for other, other_sound in zip(right.words[:count], right.sounds[:count], strict=True)
    )


def _of_two_sexes(left: Name, right: Name) -> bool:
    """Whether one first word ends in -a or -ah and the other does not: Farid and Farida."""
    endings = {each.words[0].removesuffix("h").endswith("a") for each in (left, right)}
    return len(endings) == 2


def _other_way_round(one: Profile, other: Profile) -> bool:
    """Whether a forename of each is the surname of the other."""
    return _share_root(one.forename, other.surname) and _share_root(one.surname, other.forename)
