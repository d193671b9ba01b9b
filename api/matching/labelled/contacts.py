"""Contacts about made-up families, with the truth of who is who."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from api.matching.labelled.names import is_held_back
from api.matching.labelled.population import TODAY, Family, draw_home, move
from api.matching.labelled.slips import write_down
from api.matching.person import Person, Role

# How many contacts a family has over the years kept: most one, a few many.
_CONTACTS = ((1, 2, 3, 4, 5, 6), (42, 24, 15, 9, 6, 4))
_MOVES = 0.12
_YEARS = 3
_SIBLING_NAMED = 0.7
# A sibling who is named as another child that the contact is about.
_ALSO_ABOUT = 0.3
_PARENT_NAMED = 0.75


@dataclass(frozen=True)
class KnownContact:
    """A contact as written, and who its people truly are: family members by person id.

    *unseen* are the members with a name that was kept from training.
    """

    id: str
    family: str
    origin: str
    on: date
    people: tuple[Person, ...]
    members: Mapping[str, str]
    unseen: frozenset[str]


def make_contacts(families: Iterable[Family], *, seed: int) -> Iterator[KnownContact]:
    """Give the contacts of each family in order of date, the same for the same *seed*."""
    rng = Random(seed + 1)  # noqa: S311 - nothing secret
    for family in families:
        days = sorted(rng.randrange(_YEARS * 365) for _ in range(rng.choices(*_CONTACTS)[0]))
        for number, day in enumerate(days):
            if number and rng.random() < _MOVES:
                family = _moved(family, rng)
            yield _make_contact(
                f"{family.id}K{number}", family, TODAY - timedelta(days=_YEARS * 365 - day), rng
            )


def _make_contact(name: str, family: Family, on: date, rng: Random) -> KnownContact:
    alive = [child for child in family.children if _is_expected(child, on)]
    children = alive or list(family.children[:1])
    subject = rng.choice(children)
    people: list[tuple[Person, Role]] = [(subject, Role.CHILD)]
    for child in children:
        if child is not subject and rng.random() < _SIBLING_NAMED:
            people.append((child, Role.CHILD if rng.random() < _ALSO_ABOUT else Role.SIBLING))
    for parent in family.parents:
        if rng.random() < _PARENT_NAMED:
            people.append((parent, Role.PARENT))
    surnames = [parent.surname for parent in family.parents]
    written = [
        replace(
            write_down(
                replace(person, role=role),
                origin=family.origin,
                other_surname=rng.choice(surnames),
                on=on,
                rng=rng,
            ),
            id=f"{name}:{place}",
            contact_id=name,
        )
        for place, (person, role) in enumerate(people)
    ]
    members = {each.id: person.id for each, (person, _) in zip(written, people, strict=True)}
    unseen = frozenset(person.id for person, _ in people if _has_unseen_name(person))
    return KnownContact(name, family.id, family.origin, on, tuple(written), members, unseen)


def _has_unseen_name(person: Person) -> bool:
    return is_held_back(person.forenames.split()[0]) or is_held_back(person.surname)


def _is_expected(child: Person, on: date) -> bool:
    """Born, or due within five months, on the day of the contact."""
    return child.date_of_birth is not None and child.date_of_birth < on + timedelta(days=150)


def _moved(family: Family, rng: Random) -> Family:
    home = draw_home(rng)
    return replace(
        family,
        parents=tuple(move(each, home) for each in family.parents),
        children=tuple(move(each, home) for each in family.children),
    )
