"""Dip samples: contacts looked at again by a second person who does not see the first answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.codes import Outcome
from api.store.columns import Encrypted, Table, id_column, new_id, now
from nlp.domain import Level


class DipSample(Table):
    """A drawn sample; the seed and the strata give the same draw again."""

    __tablename__ = "dip_samples"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    drawn_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    seed: Mapped[int]
    strata: Mapped[str | None] = mapped_column(String(20))  # what it is stratified by
    filters: Mapped[dict[str, Any]]


class SampledContact(Table):
    """A contact in a sample."""

    __tablename__ = "sampled_contacts"

    sample_id: Mapped[str] = mapped_column(ForeignKey("dip_samples.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"))


class DipRating(Table):
    """What the second person says."""

    __tablename__ = "dip_ratings"
    __table_args__ = (UniqueConstraint("sample_id", "contact_id", "rated_by"),)

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    sample_id: Mapped[str] = mapped_column(ForeignKey("dip_samples.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    rated_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    rated_at: Mapped[datetime] = mapped_column(default=now)
    outcome: Mapped[Outcome]
    level: Mapped[Level]
    note: Mapped[str | None] = mapped_column(Encrypted("dip_ratings.note"))
