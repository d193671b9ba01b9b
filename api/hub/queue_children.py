"""The children that a contact's form names, for the rows that are shown and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.intake.vulnerability import years_between
from api.store.codes import Relation
from api.store.tables import ContactPerson


def name_children(session: Session, ids: Sequence[str], *, on: date) -> Mapping[str, str]:
    """Give the children that the form's own fields name, by contact: 'Ava Moss, 7; Leo Moss'."""
    found = session.execute(
        select(
            ContactPerson.contact_id,
            ContactPerson.forenames,
            ContactPerson.surname,
            ContactPerson.date_of_birth,
        )
        .where(ContactPerson.contact_id.in_(ids), ContactPerson.relation == Relation.CHILD)
        .order_by(ContactPerson.contact_id, ContactPerson.position)
    )
    named: dict[str, list[str]] = {}
    for contact, forenames, surname, born in found:
        name = " ".join(part for part in (forenames, surname) if part) or "Name not given"
        named.setdefault(contact, []).append(f"{name}, {_age(born, on)}" if born else name)
    return {contact: "; ".join(names) for contact, names in named.items()}


def _age(born: str, on: date) -> str:
    birth = date.fromisoformat(born)
    years = years_between(birth, on)
    if years < 0:
        return "not yet born"
    months = 12 * (on.year - birth.year) + on.month - birth.month - (on.day < birth.day)
    if years < 2:
        return f"{months} {'month' if months == 1 else 'months'}"
    return str(years)
