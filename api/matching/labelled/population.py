"""Families with children, made up from a seed: who they are, before anybody writes them down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from api.matching.labelled.names import load_names, name_list
from api.matching.person import Birth, Person, Role

# The day after the last contact.
TODAY = date(2026, 11, 26)
_CHILDREN = ((1, 2, 3, 4, 5), (38, 36, 17, 6, 3))
_TWINS = 0.03
_UNBORN = 0.02
_NAMESAKE = 0.04
_LONE_PARENT = 0.35
_ONE_SURNAME = 0.5
_DOUBLE_SURNAME = 0.06
_HAS_MIDDLE_NAME = 0.45
# Units of a postcode for each outward code: about a dozen such families to a postcode in a
# council of 45,000.
_UNITS = 300


@dataclass(frozen=True)
class Family:
    """A family: its people as they are, without slips; ``contact_id`` is the family's."""

    id: str
    origin: str
    parents: tuple[Person, ...]
    children: tuple[Person, ...]


def make_families(count: int, *, seed: int, all_names: bool = True) -> Iterator[Family]:
    """Give *count* families, the same for the same *seed*.

    One family in 25 has a namesake: a child with forename, surname and year of birth of a child
    of an earlier family, at another address. *all_names* false keeps to the names to train with.
    """
    rng = Random(seed)  # noqa: S311 - nothing secret
    origins = load_names().origins
    shares = [each.share for each in origins.values()]
    earlier: list[Person] = []
    for number in range(count):
        origin = rng.choices(list(origins), shares)[0]
        family = _make_family(f"F{number}", origin, rng, all_names=all_names)
        if earlier and rng.random() < _NAMESAKE:
            family = _with_namesake(family, rng.choice(earlier), rng)
        if number % 10 == 0:
            earlier.append(family.children[0])
        yield family


def _make_family(name: str, origin: str, rng: Random, *, all_names: bool) -> Family:
    surnames = name_list(origin, "surnames", all_names=all_names)
    mothers, fathers = surnames.draw(rng), surnames.draw(rng)
    if rng.random() < _ONE_SURNAME:
        mothers = fathers
    home = draw_home(rng)
    parents = [_adult(f"{name}P0", name, origin, "women", mothers, rng, all_names=all_names)]
    if rng.random() > _LONE_PARENT:
        parents.append(_adult(f"{name}P1", name, origin, "men", fathers, rng, all_names=all_names))
    shared = f"{mothers}-{fathers}" if rng.random() < _DOUBLE_SURNAME else fathers
    children = _make_children(name, origin, shared, rng, all_names=all_names)
    return Family(
        name,
        origin,
        tuple(move(each, home) for each in parents),
        tuple(move(each, home) for each in children),
    )


def _make_children(
    name: str, origin: str, surname: str, rng: Random, *, all_names: bool
) -> Iterator[Person]:
    count = rng.choices(*_CHILDREN)[0]
    born = None
    used: set[str] = set()
    for number in range(count):
        twin = born is not None and rng.random() < _TWINS
        born = born if twin and born else _birthday(rng)
        names = name_list(origin, rng.choice(("girls", "boys")), all_names=all_names)
        first = names.draw(rng)
        while first in used:
            first = names.draw(rng)
        used.add(first)
        middle = names.draw(rng) if rng.random() < _HAS_MIDDLE_NAME else ""
        yield Person(
            f"{name}C{number}",
            name,
            Role.CHILD,
            forenames=f"{first} {middle}".strip(),
            surname=surname,
            date_of_birth=born,
            birth=Birth.DUE if born > TODAY else Birth.KNOWN,
            nhs_number=_nhs_number(rng),
            upn=_upn(rng),
        )


def _adult(
    name: str, family: str, origin: str, kind: str, surname: str, rng: Random, *, all_names: bool
) -> Person:
    first = name_list(origin, kind, all_names=all_names).draw(rng)
    born = TODAY - timedelta(days=rng.randrange(19 * 365, 55 * 365))
    return Person(
        name,
        family,
        Role.PARENT,
        forenames=first,
        surname=surname,
        date_of_birth=born,
        nhs_number=_nhs_number(rng),
    )


def _with_namesake(family: Family, other: Person, rng: Random) -> Family:
    born = other.date_of_birth
    first, *rest = family.children
    if born is None:
        return family
    moved = date(born.year, rng.randrange(1, 13), rng.randrange(1, 29))
    namesake = replace(first, forenames=other.forenames, surname=other.surname, date_of_birth=moved)
    return replace(family, children=(namesake, *rest))


def _birthday(rng: Random) -> date:
    if rng.random() < _UNBORN:
        return TODAY + timedelta(days=rng.randrange(1, 200))
    return TODAY - timedelta(days=rng.randrange(17 * 365))


def draw_home(rng: Random) -> tuple[str, str]:
    """Give a fictional address and postcode."""
    names = load_names()
    unit = rng.randrange(_UNITS)
    outward = rng.choice(names.outwards)
    code = f"{outward} {unit // 64 + 1}{'ABDEFGHJ'[unit // 8 % 8]}{'LNPQRSTU'[unit % 8]}"
    # Two streets to a postcode, so that a postcode and a street go together.
    place = sum(map(ord, outward)) * 31 + unit * 7 + rng.randrange(2)
    street = names.streets[place % len(names.streets)]
    ending = names.endings[place % len(names.endings)]
    return f"{rng.randrange(1, 60)} {street} {ending}", code


def move(person: Person, home: tuple[str, str]) -> Person:
    """Give *person* living at *home*."""
    return replace(person, address=home[0], postcode=home[1])


def _nhs_number(rng: Random) -> str:
    """A number whose check digit is right, from the range kept for tests (999)."""
    while True:
        digits = f"999{rng.randrange(10**6):06d}"
        check = -sum(int(d) * (10 - place) for place, d in enumerate(digits)) % 11
        if check != 10:
            return f"{digits}{check}"


def _upn(rng: Random) -> str:
    """A letter and twelve digits; the letter is not the check letter that a real one has."""
    letter = rng.choice("ABCDEFGH")
    return f"{letter}{rng.randrange(10**11, 10**12) % 10**11:011d}{rng.randrange(10)}"
