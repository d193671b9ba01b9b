"""Tell the referrer what was decided and what helped: fixed wording that staff may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from api import clocks
from api.access.errors import ConflictError, NotFoundError
from api.access.identity import Identity
from api.hub.changing import ChangedMeanwhileError, take
from api.hub.replies_words import compose
from api.intake.scoring import as_assessment, latest
from api.store.audit import note_read, record
from api.store.codes import Action, ReplyChannel, Stage
from api.store.columns import now
from api.store.tables import Agency, Contact, Decision, Reply
from nlp.errors import ReferralQualityError


class ReplyError(ReferralQualityError):
    """A reply cannot be sent like this."""


@dataclass(frozen=True)
class DraftSeen:
    """What a person had before them: which reply, and the version of its contact."""

    reply_id: str
    version: int


@dataclass(frozen=True)
class ReplyView:
    """A contact's last reply as its page shows it; without one, nothing is decided yet."""

    contact: Contact
    agency: Agency
    reply: Reply | None
    decision: Decision | None

    @property
    def unsent(self) -> bool:
        """Can it be changed and sent?"""
        decided = self.contact.stage is Stage.DECIDED
        return decided and self.reply is not None and self.reply.sent_at is None


@dataclass(frozen=True)
class Unanswered:
    """A contact whose referrer waits, for the chase list."""

    contact_id: str
    agency: str
    stage: Stage
    received_at: datetime
    due_at: datetime
    overdue: bool


def draft_reply(session: Session, contact: Contact, decision: Decision) -> Reply:
    """Put a reply to *decision* together, in place of any that was not sent."""
    session.execute(delete(Reply).where(Reply.contact_id == contact.id, Reply.sent_at.is_(None)))
    stored = latest(contact)
    reply = Reply(
        contact_id=contact.id,
        decision_id=decision.id,
        words=compose(contact, decision, as_assessment(stored) if stored else None),
        due_at=contact.reply_due_at or clocks.reply_due_at(decision.made_at),
    )
    session.add(reply)
    session.flush()
    return reply


def save_draft(
    session: Session, contact_id: str, *, words: str, seen: DraftSeen | None = None
) -> Reply:
    """Keep changed words, not yet sent; without *seen*, whatever was decided or written meanwhile.

    Raises:
        NotFoundError: If there is no such contact.
        ReplyError: If there is nothing to send yet, or no words.
        ConflictError: If the reply has been sent.
        ChangedMeanwhileError: If it is another draft, or of another decision, than was seen.
    """
    contact = take(session, contact_id)
    reply = _unsent(session, contact)
    if seen and seen != DraftSeen(reply.id, contact.version):
        raise ChangedMeanwhileError
    if not words.strip():
        raise ReplyError("Write something for the referrer to read, then save it again.")
    if reply.words != words.strip():
        reply.words = words.strip()
        flag_modified(contact, "stage")  # a new version: of two people at one draft, one is told
    return reply


def send_reply(
    session: Session,
    contact_id: str,
    *,
    by: Identity,
    words: str,
    seen: DraftSeen | None = None,
    at: datetime | None = None,
) -> Reply:
    """Let the referrer read the reply, and announce it to their system where it has a webhook.

    Raises:
        NotFoundError, ReplyError, ConflictError, ChangedMeanwhileError: As `save_draft` does.
    """
    reply = save_draft(session, contact_id, words=words, seen=seen)
    contact = session.get_one(Contact, contact_id)
    agency = session.get_one(Agency, contact.agency_id)
    reply.sent_at, reply.sent_by = at or now(), by.id
    reply.channels = [ReplyChannel.PAGE.value]
    if agency.webhook_url and agency.webhook_secret:
        reply.channels = [ReplyChannel.PAGE.value, ReplyChannel.WEBHOOK.value]
        reply.next_attempt_at = reply.sent_at
    contact.reply_due_at = None
    record(
        session,
        actor=by.actor,
        action=Action.REPLY_SENT,
        target=f"contact:{contact_id}",
        details={"reply": reply.id, "channels": reply.channels},
    )
    return reply


def latest_reply(session: Session, contact_id: str) -> Reply | None:
    """Give the reply that waits to be sent, else the last that was."""
    replies = select(Reply).where(Reply.contact_id == contact_id)
    return session.scalars(
        replies.order_by(Reply.sent_at.is_not(None), Reply.sent_at.desc()).limit(1)
    ).first()


def open_reply(session: Session, contact_id: str, *, asker: Identity) -> ReplyView:
    """Give what the page of a reply shows; it tells what was decided, so the view is recorded.

    Raises:
        NotFoundError: If there is no such contact, or its words were erased.
    """
    contact = session.get(Contact, contact_id)
    if contact is None or contact.erased_at is not None:
        raise NotFoundError("contact")
    reply = latest_reply(session, contact_id)
    note_read(session, contact_id, actor=asker.actor, page="reply")
    agency = session.get_one(Agency, contact.agency_id)
    decision = session.get_one(Decision, reply.decision_id) if reply else None
    return ReplyView(contact, agency, reply, decision)


def list_unanswered(session: Session, *, at: datetime, most: int = 200) -> list[Unanswered]:
    """Give the contacts without a reply, the one longest overdue first."""
    rows = session.execute(
        select(Contact.id, Agency.name, Contact.stage, Contact.received_at, Contact.reply_due_at)
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Contact.reply_due_at.is_not(None), Contact.erased_at.is_(None))
        .order_by(Contact.reply_due_at)
        .limit(most)
    )
    return [
        Unanswered(contact_id, agency, stage, received_at, due_at, overdue=due_at < at)
        for contact_id, agency, stage, received_at, due_at in rows
        if due_at is not None
    ]


def _unsent(session: Session, contact: Contact) -> Reply:
    reply = latest_reply(session, contact.id)
    if contact.stage is not Stage.DECIDED or reply is None:
        raise ReplyError("There is nothing to send yet: the contact is not decided.")
    if reply.sent_at is not None:
        raise ConflictError("This reply has already been sent, so it was not sent again.")
    return reply
