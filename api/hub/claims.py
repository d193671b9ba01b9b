"""Who has a contact: taken by one person at a time, given back, and never lost silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from api.access.errors import ConflictError, NotAllowedError, NotFoundError
from api.access.identity import Identity
from api.store.audit import record
from api.store.codes import Action, Role, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, User

# As long as the shortest clock: who has had a contact for longer may have gone home with it.
# Nothing is taken from them; it is shown, and a manager decides.
STALE = timedelta(hours=4)


@dataclass(frozen=True)
class Claim:
    """Who has a contact, and since when."""

    user_id: str
    name: str
    since: datetime
    stale: bool


class ClaimConflictError(ConflictError):
    """Somebody else has the contact; ``claim`` says who."""

    def __init__(self, contact_id: str, claim: Claim | None) -> None:
        who = f"{claim.name} has this contact" if claim else "This contact is already decided"
        super().__init__(f"{who}. Nothing was changed: open it to read, or go back to the queue.")
        self.contact_id, self.claim = contact_id, claim


def is_stale(claimed_at: datetime | None, *, at: datetime) -> bool:
    """Has somebody had it for so long that they should be asked?"""
    return claimed_at is not None and at - claimed_at > STALE


def claim_of(session: Session, contact: Contact) -> Claim | None:
    """Give who has *contact*; ``None`` if nobody has."""
    if contact.claimed_by is None or contact.claimed_at is None:
        return None
    user = session.get_one(User, contact.claimed_by)
    return Claim(user.id, user.name, contact.claimed_at, is_stale(contact.claimed_at, at=now()))


def claim(store: Store, contact_id: str, *, by: Identity) -> None:
    """Take a contact that nobody has; having it already is no mistake.

    Raises:
        ClaimConflictError: If somebody else has it, or it is decided.
        NotFoundError: If there is no such contact.
    """
    with store.writing() as session:
        contact = _find(session, contact_id)
        if contact.claimed_by == by.id:
            return
        if not _hand_over(session, contact_id, Contact.claimed_by.is_(None), to=by.id):
            session.refresh(contact)
            raise ClaimConflictError(contact_id, claim_of(session, contact))
        _note(session, contact_id, Action.CONTACT_CLAIMED, by)


def release(store: Store, contact_id: str, *, by: Identity) -> None:
    """Give a contact back; a manager may give back another's.

    Raises:
        ClaimConflictError: If another person has it.
        NotFoundError: If there is no such contact.
    """
    with store.writing() as session:
        contact = _find(session, contact_id)
        held = contact.claimed_by
        if held is None:
            return
        if held != by.id and by.role is not Role.HUB_MANAGER:
            raise ClaimConflictError(contact_id, claim_of(session, contact))
        if not _hand_over(session, contact_id, Contact.claimed_by == held, to=None):
            session.refresh(contact)
            raise ClaimConflictError(contact_id, claim_of(session, contact))
        _note(session, contact_id, Action.CONTACT_RELEASED, by, taken_from=held)


def take_over(store: Store, contact_id: str, *, by: Identity, held_by: str) -> None:
    """Take a contact from the person who was shown to have it; for managers.

    Raises:
        ClaimConflictError: If that person has it no more.
        NotAllowedError: If *by* is no manager.
        NotFoundError: If there is no such contact.
    """
    if by.role is not Role.HUB_MANAGER:
        raise NotAllowedError
    with store.writing() as session:
        contact = _find(session, contact_id)
        if not _hand_over(session, contact_id, Contact.claimed_by == held_by, to=by.id):
            session.refresh(contact)
            raise ClaimConflictError(contact_id, claim_of(session, contact))
        _note(session, contact_id, Action.CONTACT_CLAIMED, by, taken_from=held_by)


def _find(session: Session, contact_id: str) -> Contact:
    contact = session.get(Contact, contact_id)
    if contact is None or contact.erased_at is not None:
        raise NotFoundError("contact")
    return contact


def _hand_over(
    session: Session, contact_id: str, held: ColumnElement[bool], *, to: str | None
) -> bool:
    """Change who has it in one statement, so that of two people at once one succeeds."""
    changed = session.execute(
        update(Contact)
        .where(Contact.id == contact_id, held, Contact.stage != Stage.DECIDED)
        .values(claimed_by=to, claimed_at=now() if to else None, version=Contact.version + 1)
        .execution_options(synchronize_session=False)
        .returning(Contact.id)
    )
    return changed.first() is not None


def _note(
    session: Session,
    contact_id: str,
    action: Action,
    by: Identity,
    *,
    taken_from: str | None = None,
) -> None:
    details = {"taken_from": taken_from} if taken_from and taken_from != by.id else {}
    record(session, actor=by.actor, action=action, target=f"contact:{contact_id}", details=details)
