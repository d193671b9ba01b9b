"""What must hold of a store, whatever was done to its server."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, text

from api.store.audit import verify
from api.store.codes import Action
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, ContactPerson, StoredAssessment
from tests.durability.partners import contact_of


def check_kept(store: Store, acknowledged: Mapping[str, str]) -> None:
    """Every acknowledged contact is there once and whole, nothing else is, and the log is whole."""
    with store.reading() as session:
        contacts = list(session.scalars(select(Contact)))
        assert sorted((each.client_key, each.id) for each in contacts) == sorted(
            acknowledged.items()
        )
        for contact in contacts:
            _check_whole(contact)
        people = session.scalar(select(func.count()).select_from(ContactPerson))
        assert people == 2 * len(contacts)
        read = session.scalars(select(StoredAssessment.contact_id).distinct())
        assert set(read) == {each.id for each in contacts if each.scored}
        sent = select(AuditRow.target).where(AuditRow.action == Action.CONTACT_SENT)
        assert sorted(session.scalars(sent)) == sorted(f"contact:{each.id}" for each in contacts)
        assert verify(session).whole
        if store.embedded:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def _check_whole(contact: Contact) -> None:
    given = contact_of(contact.client_key)
    assert contact.narrative == given["text"]
    names = [(each.forenames, each.surname) for each in contact.people]
    assert names == [(each["forenames"], each["surname"]) for each in given["people"]]
