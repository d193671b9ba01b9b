"""What a reader said that nobody is shown, kept only to be compared with what staff decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.columns import Table, id_column, new_id, now
from nlp.domain import Level, Urgency


class SilentRun(Table):
    """Since when a reader reads silently: what came before is read only by catching up."""

    __tablename__ = "silent_runs"

    reader: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=now)


class SilentAnswer(Table):
    """What the silent *reader* answered of one contact: codes and figures, never a word of it.

    Beside each, ``served`` ones hold what the reader in service had answered at that moment, in the
    same columns, so that both are compared on the same contacts as they were then known.
    ``answered_by`` names what answered, which may be a part of the reader. ``made_at`` is when
    the silent reader read.
    """

    __tablename__ = "silent_answers"
    __table_args__ = (UniqueConstraint("contact_id", "reader", "served"),)

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    reader: Mapped[str] = mapped_column(String(120), index=True)
    served: Mapped[bool]
    answered_by: Mapped[str] = mapped_column(String(120))
    rulebook: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(default=now)
    level: Mapped[Level]
    probabilities: Mapped[dict[str, Any]]  # level: probability
    lowest_level: Mapped[Level]  # of the plausible set, which has no gaps
    highest_level: Mapped[Level]
    urgency: Mapped[Urgency]
    statuses: Mapped[dict[str, Any]]  # element: status
    flags: Mapped[list[Any]]  # codes of present flags
    inappropriate: Mapped[bool | None]  # does the notification look so? None for a referral
    inappropriate_probability: Mapped[float | None]
    reasons: Mapped[list[Any]]  # codes of why, as the reader gives them
