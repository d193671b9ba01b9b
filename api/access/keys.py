"""Keys of systems that send for an agency: shown once, kept as a hash, scoped, and they end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.access.tokens import hash_token, new_token
from api.store.audit import record
from api.store.codes import Action, Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, ApiKey

PREFIX = "rq_"  # so that a key left in code or in a log can be searched for
LONGEST = timedelta(days=366)


class Scope(StrEnum):
    """What a key is good for, at the agency it belongs to; figures are those of all agencies."""

    SEND = "contacts:send"
    READ = "contacts:read"
    FIGURES = "figures:read"


def make(
    session: Session,
    *,
    agency_id: str,
    label: str,
    scopes: Collection[Scope],
    lasts: timedelta,
    by: Identity,
) -> str:
    """Make a key for *agency_id*; give it, to be shown once: only its SHA-256 is kept.

    A plain hash will do: 32 random bytes cannot be guessed, as a password can.

    Raises:
        NotFoundError: If there is no such agency.
    """
    if session.get(Agency, agency_id) is None:
        raise NotFoundError("agency")
    token = PREFIX + new_token()
    key = ApiKey(
        key_hash=hash_token(token),
        label=label,
        agency_id=agency_id,
        scopes=sorted(scope.value for scope in scopes),
        made_by=by.id,
        expires_at=now() + min(lasts, LONGEST),
    )
    session.add(key)
    session.flush()
    details = {"agency": agency_id, "scopes": key.scopes}
    record(session, actor=by.actor, action=Action.KEY_MADE, target=f"key:{key.id}", details=details)
    return token


def revoke(session: Session, key_id: str, *, by: Identity) -> None:
    """End a key at once.

    Raises:
        NotFoundError: If there is no such key.
    """
    key = session.get(ApiKey, key_id)
    if key is None:
        raise NotFoundError("key")
    key.revoked_at = key.revoked_at or now()
    record(session, actor=by.actor, action=Action.KEY_REVOKED, target=f"key:{key_id}")


def find(store: Store, token: str) -> Identity | None:
    """Give the system that *token* belongs to; ``None`` if the key is unknown, over or revoked."""
    with store.reading() as session:
        found = session.execute(
            select(ApiKey, Agency.name)
            .join(Agency, Agency.id == ApiKey.agency_id)
            .where(ApiKey.key_hash == hash_token(token))
        ).first()
    if found is None:
        return None
    key, agency_name = found
    if key.revoked_at is not None or key.expires_at <= now():
        return None
    return Identity(
        kind="key",
        id=key.id,
        name=key.label,
        role=Role.REFERRER,
        agency_id=key.agency_id,
        agency_name=agency_name,
        scopes=frozenset(key.scopes),
    )
