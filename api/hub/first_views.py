"""What a person thinks of a contact before they see how it was read (automation bias)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.hub.changing import take
from api.store.audit import record
from api.store.codes import Action, Outcome, Stage
from api.store.tables import Contact, FirstView
from nlp.domain import Level


def is_hidden(session: Session, contact: Contact, *, asker: Identity, hide: bool) -> bool:
    """Is the reading hidden from *asker*? Only while the contact waits, and only from staff.

    *hide* is the setting ``hide_reading_until_decided``. A contact that was not read has nothing to
    hide, and an auditor decides nothing.
    """
    if not hide or not asker.is_staff or not contact.scored or contact.stage is not Stage.WAITING:
        return False
    return session.get(FirstView, (contact.id, asker.id)) is None


def give_first_view(
    session: Session, contact_id: str, *, outcome: Outcome, level: Level, by: Identity
) -> None:
    """Keep what *by* thinks; the first one stays, as a second would not be blind.

    Raises:
        NotFoundError: If there is no such contact.
    """
    contact = take(session, contact_id)
    if session.get(FirstView, (contact.id, by.id)) is not None:
        return
    session.add(FirstView(contact_id=contact.id, user_id=by.id, outcome=outcome, level=level))
    record(
        session,
        actor=by.actor,
        action=Action.FIRST_VIEW_GIVEN,
        target=f"contact:{contact.id}",
        details={"outcome": outcome, "level": level},
    )
