"""Who may see what: agencies, people, their sign-ins, and the keys of systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.codes import Role
from api.store.columns import Encrypted, Table, id_column, new_id, now
from nlp import domain


class Agency(Table):
    """An organisation that sends contacts."""

    __tablename__ = "agencies"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[domain.Agency]
    source_code: Mapped[str] = mapped_column(String(4))  # of the DfE children in need census
    group: Mapped[str | None] = mapped_column(String(40))
    feedback_since: Mapped[date | None]  # when it began to use the feedback
    webhook_url: Mapped[str | None] = mapped_column(String(300))
    webhook_secret: Mapped[str | None] = mapped_column(Encrypted("agencies.webhook_secret"))


class User(Table):
    """A person who has signed in; known by issuer and subject, never by e-mail."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(Encrypted("users.name"))
    role: Mapped[Role]
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("agencies.id"))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime | None]


class SignIn(Table):
    """One signed-in browser; the cookie's value is kept only as its SHA-256."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    form_token: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class ApiKey(Table):
    """The key of a system; shown once, kept only as its SHA-256."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"))
    scopes: Mapped[list[Any]]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
