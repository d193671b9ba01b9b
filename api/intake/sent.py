"""What an agency may see of the contacts that it sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.store.audit import note_read, record
from api.store.codes import Action, Outcome, Relation, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, Decision, Reply, StoredAssessment
from nlp.domain import Element, Status

PAGE = 25


@dataclass(frozen=True)
class SentContact:
    """A contact with what its sender may know; ``statuses`` is ``None`` until it was read."""

    contact: Contact
    outcome: Outcome | None
    reply: Reply | None
    statuses: Mapping[str, str] | None

    def elements(self, status: Status) -> tuple[Element, ...] | None:
        """Give the expected elements of one *status*; ``None`` until it was read."""
        if self.statuses is None:
            return None
        return tuple(Element(code) for code, found in self.statuses.items() if found == status)

    def is_late(self, at: datetime) -> bool:
        """Should the hub have answered by *at*, and has not?"""
        due = self.contact.reply_due_at
        return due is not None and due < at

    @property
    def children(self) -> str:
        """The names of the children it is about, as the sender's form gave them."""
        names = (
            " ".join(filter(None, (each.forenames, each.surname)))
            for each in self.contact.people
            if each.relation is Relation.CHILD
        )
        return ", ".join(filter(None, names))


@dataclass(frozen=True)
class SentPage:
    """Some contacts, newest first, and the cursor for those before them."""

    contacts: Sequence[SentContact]
    next: str | None


def list_sent(
    store: Store, *, identity: Identity, after: str | None = None, most: int = PAGE
) -> SentPage:
    """Give contacts of the asker's own agency from the cursor *after* on; the view is recorded.

    Raises:
        NotFoundError: If *after* is no cursor of this agency's.
        StoreUnavailableError: If the database does not answer.
    """
    with store.writing() as session:
        asked = (
            select(Contact)
            .where(Contact.agency_id == identity.agency_id)
            .order_by(Contact.received_at.desc(), Contact.id.desc())
            .options(selectinload(Contact.people))
            .limit(most + 1)
        )
        if after is not None:
            last = _own(session, after, identity)
            asked = asked.where(
                or_(
                    Contact.received_at < last.received_at,
                    and_(Contact.received_at == last.received_at, Contact.id < last.id),
                )
            )
        found = list(session.scalars(asked))
        shown = found[:most]
        record(
            session,
            actor=identity.actor,
            action=Action.QUEUE_SEEN,
            target=f"agency:{identity.agency_id}",
            details={"contacts": len(shown)},
        )
        more = shown[-1].id if len(found) > most else None
        return SentPage(_with_answers(session, shown), more)


def see_sent(store: Store, contact_id: str, *, identity: Identity) -> SentContact:
    """Give one contact of the asker's own agency; that it was seen, and its reply, is recorded.

    Raises:
        NotFoundError: If there is none, or it is another agency's.
        StoreUnavailableError: If the database does not answer.
    """
    with store.writing() as session:
        contact = _own(session, contact_id, identity)
        _ = contact.people  # read while the session is open
        (seen,) = _with_answers(session, [contact])
        if seen.reply is not None and seen.reply.read_at is None:
            seen.reply.read_at = now()
        note_read(session, contact.id, actor=identity.actor, reply=seen.reply is not None)
        return seen


def _own(session: Session, contact_id: str, identity: Identity) -> Contact:
    contact = session.get(Contact, contact_id)
    if contact is None or contact.agency_id != identity.agency_id:
        raise NotFoundError("contact")
    return contact


def _with_answers(session: Session, contacts: Sequence[Contact]) -> list[SentContact]:
    """Put the last decision, the last reply sent and the last reading beside each contact."""
    ids = [each.id for each in contacts]
    decided = select(Decision).where(Decision.contact_id.in_(ids)).order_by(Decision.made_at)
    replied = (
        select(Reply)
        .where(Reply.contact_id.in_(ids), Reply.sent_at.is_not(None))
        .order_by(Reply.sent_at)
    )
    read = (
        select(StoredAssessment.contact_id, StoredAssessment.statuses)
        .where(StoredAssessment.contact_id.in_(ids))
        .order_by(StoredAssessment.made_at)
    )
    decisions = {each.contact_id: each for each in session.scalars(decided)}
    replies = {each.contact_id: each for each in session.scalars(replied)}
    statuses = {row.contact_id: row.statuses for row in session.execute(read)}
    return [
        SentContact(
            each,
            _outcome(each, decisions.get(each.id)),
            replies.get(each.id),
            statuses.get(each.id),
        )
        for each in contacts
    ]


def _outcome(contact: Contact, decision: Decision | None) -> Outcome | None:
    """What was decided, once it stands: a decision that waits to be signed off is not yet one."""
    if contact.stage is not Stage.DECIDED:
        return None
    return decision.outcome if decision else contact.decided_elsewhere
