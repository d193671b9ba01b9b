"""A person made ready to compare: everything normalised once, not once a pair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.matching.normalising import (
    Home,
    Name,
    normalise_home,
    normalise_name,
    normalise_nhs_number,
    normalise_upn,
)
from api.matching.person import Birth, Person


@dataclass(frozen=True)
class Profile:
    """The normalised fields of a person; ``None`` or no words where nothing was given."""

    person: Person
    forename: Name
    surname: Name
    born: date | None
    birth: Birth
    home: Home | None
    nhs_number: str
    upn: str


def profile_of(person: Person) -> Profile:
    """Normalise every field of *person*."""
    return Profile(
        person=person,
        forename=normalise_name(person.forenames),
        surname=normalise_name(person.surname, is_surname=True),
        born=person.date_of_birth,
        birth=person.birth,
        home=normalise_home(address=person.address, postcode=person.postcode),
        nhs_number=normalise_nhs_number(person.nhs_number),
        upn=normalise_upn(person.upn),
    )
