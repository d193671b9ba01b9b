"""What staff did with a contact, and what the referrer heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.codes import CorrectionKind, Expected, LinkState, Outcome, ReplyChannel, Step
from api.store.columns import Encrypted, Table, id_column, new_id, now
from nlp.domain import Level


class FirstView(Table):
    """What a person thought of a contact before they saw how it was read."""

    __tablename__ = "first_views"

    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    given_at: Mapped[datetime] = mapped_column(default=now)
    outcome: Mapped[Outcome]
    level: Mapped[Level]


class Decision(Table):
    """What a person decided; a later one stands in its place, none is ever changed."""

    __tablename__ = "decisions"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    assessment_id: Mapped[str | None] = mapped_column(ForeignKey("assessments.id"))
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[Outcome]
    level: Mapped[Level]
    rationale: Mapped[str | None] = mapped_column(Encrypted("decisions.rationale"))
    consent_overridden: Mapped[bool] = mapped_column(default=False)
    differs: Mapped[bool] = mapped_column(default=False)  # from the plausible set
    override_reason: Mapped[str | None] = mapped_column(String(40))  # a code, where it differs
    reader_seen_first: Mapped[bool] = mapped_column(default=True)
    notification_inappropriate: Mapped[bool | None]  # what a person says of a PPN
    notification_reasons: Mapped[list[Any] | None]
    # A police notification, this one or another, that came late or never, and who owed it.
    expected_notification: Mapped[Expected | None]
    expected_from: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    step: Mapped[Step | None]
    step_note: Mapped[str | None] = mapped_column(Encrypted("decisions.step_note"))
    needs_sign_off: Mapped[bool] = mapped_column(default=False)
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None]
    sent_back_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    sent_back_note: Mapped[str | None] = mapped_column(Encrypted("decisions.sent_back_note"))


class Correction(Table):
    """What staff say of one finding: a labelled example. Offsets count code points."""

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessments.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[CorrectionKind]
    code: Mapped[str] = mapped_column(String(40))
    found: Mapped[str | None] = mapped_column(String(40))
    corrected: Mapped[str] = mapped_column(String(40))
    start: Mapped[int | None]
    end: Mapped[int | None]


class Reply(Table):
    """What the referrer is told; a draft until a person sends it."""

    __tablename__ = "replies"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"))
    words: Mapped[str] = mapped_column(Encrypted("replies.words"))
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    channels: Mapped[list[Any]] = mapped_column(default=lambda: [ReplyChannel.PAGE.value])
    delivered_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class SameChild(Table):
    """Two contacts that may be about one child; ``reasons`` are codes, never names."""

    __tablename__ = "same_child"
    __table_args__ = (UniqueConstraint("later_id", "earlier_id"),)

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    later_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    earlier_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    probability: Mapped[float]
    family_only: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]]
    state: Mapped[LinkState] = mapped_column(default=LinkState.SUGGESTED)
    said_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    said_at: Mapped[datetime | None]


class SavedView(Table):
    """A person's own filters of the queue."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]]
