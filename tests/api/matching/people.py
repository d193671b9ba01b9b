"""Build people and contacts for the tests of matching."""

from __future__ import annotations

from datetime import date

from api.matching.person import Birth, Person, Role

BORN = date(2015, 3, 4)


def make_person(
    forenames: str = "Oliwia",
    surname: str = "Featherstone",
    born: date | None = BORN,
    *,
    id: str = "p1",  # noqa: A002 - the field's own name
    contact: str = "new",
    role: Role = Role.CHILD,
    birth: Birth = Birth.KNOWN,
    address: str = "12 Mill Road",
    postcode: str = "TS1 4AB",
    nhs_number: str = "",
    upn: str = "",
) -> Person:
    return Person(
        id=id,
        contact_id=contact,
        role=role,
        forenames=forenames,
        surname=surname,
        date_of_birth=born,
        birth=birth,
        address=address,
        postcode=postcode,
        nhs_number=nhs_number,
        upn=upn,
    )
