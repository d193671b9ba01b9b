"""Keys under which the same person is found again without decrypting anybody.

A key is HMAC-SHA256 over a normalised piece of a person, so the store can keep it beside the
encrypted record: equal pieces have equal keys, and without the secret a key tells nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from api.matching.normalising import sound_of
from api.matching.person import Birth, Person
from api.matching.profiles import Profile, profile_of

SHORTEST_SECRET = 32
# Half of SHA-256's digest: among 2**23 keys two different pieces meet with chance 2**-83.
_KEPT_BYTES = 16
# A short form may be of many names; more keys would find more strangers than children.
_MOST_SOUNDS = 3


def blocking_keys(person: Person, *, key: bytes) -> frozenset[str]:
    """Give the digests (32 hexadecimal digits each) under which to keep and to seek *person*.

    Children are found among children and adults among adults. *key* is secret, and not the key
    that encrypts the record.

    Raises:
        ValueError: If *key* is shorter than 32 bytes.
    """
    if len(key) < SHORTEST_SECRET:
        raise ValueError(
            f"the blocking key has {len(key)} bytes; expected {SHORTEST_SECRET} or more"
        )
    generation = "child" if person.role.is_child else "adult"
    return frozenset(
        _digest(f"{generation}|{piece}", key) for piece in set(_pieces(profile_of(person)))
    )


def _digest(piece: str, key: bytes) -> str:
    return hmac.digest(key, piece.encode(), hashlib.sha256)[:_KEPT_BYTES].hex()


def _pieces(profile: Profile) -> Iterator[str]:
    if profile.nhs_number:
        yield f"nhs|{profile.nhs_number}"
    if profile.upn:
        yield f"upn|{profile.upn}"
    yield from _birth_pieces(profile)
    yield from _home_pieces(profile)
    yield from _name_pieces(profile)


def _birth_pieces(profile: Profile) -> Iterator[str]:
    born = profile.born
    if born is None:
        return
    nearby = (0,) if profile.birth is Birth.KNOWN else (-1, 0, 1)
    for sound in profile.surname.sounds:
        for years in nearby:
            yield f"surname-year|{sound}|{born.year + years}"
    if profile.birth is not Birth.KNOWN:
        return
    yield f"born|{born:%Y%m%d}"
    early, late = sorted((born.day, born.month))
    for sound in _forename_sounds(profile):
        yield f"swapped|{sound[:1]}|{born.year}|{early}|{late}"
        yield f"year-month|{sound}|{born:%Y%m}"
        yield f"year-day|{sound}|{born:%Y-%d}"
        yield f"day-month|{sound}|{born:%d%m}"


def _home_pieces(profile: Profile) -> Iterator[str]:
    home = profile.home
    if home is None:
        return
    if home.house:
        yield f"house|{'|'.join(home.house)}|{home.postcode}"
    if home.postcode:
        for sound in profile.surname.sounds:
            yield f"postcode-surname|{home.postcode}|{sound[:1]}"
        for sound in _forename_sounds(profile):
            yield f"forename-area|{sound}|{home.outward}"


def _name_pieces(profile: Profile) -> Iterator[str]:
    for forename in _forename_sounds(profile):
        for surname in profile.surname.sounds:
            # In order, so that forename and surname the other way round meet too.
            yield "|".join(["names", *sorted((forename, surname))])


def _forename_sounds(profile: Profile) -> list[str]:
    """The sounds of the first forename: of the name that it is a form of, if it is one."""
    if not profile.forename.words or len(profile.forename.words[0]) == 1:
        return []
    return [sound_of(root) for root in sorted(profile.forename.roots[0])][:_MOST_SOUNDS]
