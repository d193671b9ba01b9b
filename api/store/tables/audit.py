"""Who saw and did what, in a chain that shows any change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from api.store.codes import Action
from api.store.columns import Table


class AuditRow(Table):
    """One act. ``details`` holds codes and counts, never words of a contact or a name."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60), index=True)  # user:…, key:… or system
    action: Mapped[Action] = mapped_column(index=True)
    target: Mapped[str] = mapped_column(String(80), index=True)  # contact:…, user:…
    details: Mapped[dict[str, Any]]
    seal: Mapped[str] = mapped_column(String(64))  # HMAC of this row and the seal before it
