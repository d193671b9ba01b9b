"""Signed-in browsers: an opaque cookie, and a row that can be ended at any time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.access.tokens import hash_token, new_token
from api.store.audit import record
from api.store.codes import Action
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, SignIn, User

# OWASP ASVS 5.0, 7.3: idle and absolute limits of a shared desk in an office.
IDLE, ABSOLUTE = timedelta(minutes=20), timedelta(hours=9)
SEEN_EVERY = timedelta(minutes=1)  # how finely the last use is noted: not a write for each request


def begin(session: Session, user: User) -> str:
    """Sign *user* in on one browser; give the value for its cookie, which is not kept."""
    token = new_token()
    session.add(SignIn(token_hash=hash_token(token), user_id=user.id, form_token=new_token()))
    user.last_seen_at = now()
    actor = f"user:{user.id}"
    record(session, actor=actor, action=Action.SIGNED_IN, target=actor, details={"as": user.role})
    return token


def end(store: Store, token: str) -> None:
    """Sign one browser out."""
    with store.writing() as session:
        held = session.get(SignIn, hash_token(token))
        if held is None:
            return
        actor = f"user:{held.user_id}"
        session.delete(held)
        record(session, actor=actor, action=Action.SIGNED_OUT, target=actor)


def end_all(session: Session, user_id: str) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def find(store: Store, token: str, *, in_use: bool = True) -> Identity | None:
    """Give who is signed in with this cookie; ``None`` if nobody is any more.

    What a page asks by itself, with nobody there, is not *in_use*: it does not put off the end.
    """
    with store.reading() as session:
        found = session.execute(
            select(SignIn, User, Agency.name)
            .join(User, User.id == SignIn.user_id)
            .outerjoin(Agency, Agency.id == User.agency_id)
            .where(SignIn.token_hash == hash_token(token))
        ).first()
    if found is None:
        return None
    held, user, agency_name = found
    at = now()
    if not user.active or _is_over(held, at):
        return None
    if in_use and at - held.seen_at > SEEN_EVERY:
        _note_use(store, held.token_hash, at)
    return Identity(
        kind="user",
        id=user.id,
        name=user.name,
        role=user.role,
        agency_id=user.agency_id,
        form_token=held.form_token,
        agency_name=agency_name,
    )


def _is_over(held: SignIn, at: datetime) -> bool:
    return at - held.seen_at > IDLE or at - held.started_at > ABSOLUTE


def _note_use(store: Store, token_hash: str, at: datetime) -> None:
    with store.writing() as session:
        held = session.get(SignIn, token_hash)
        if held is not None:
            held.seen_at = at
