"""What a provider's claims make of a person here; nothing, unless the file says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.errors import NoRoleError
from api.access.oidc.providers import Provider
from api.store.audit import record
from api.store.codes import Action, Role
from api.store.tables import Agency, User

LONGEST_NAME, LONGEST_SUBJECT = 120, 200


def read_role(provider: Provider, claims: Mapping[str, Any]) -> Role | None:
    """Give the role that *claims* say, the first in the file's order; ``None`` if none."""
    given = _values(claims, provider.role_claim)
    return next((role for value, role in provider.roles.items() if value in given), None)


def read_agency(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """Give the agency that *claims* say; ``None`` if none."""
    given = _values(claims, provider.agency_claim)
    mapped = (agency for value, agency in provider.agencies.items() if value in given)
    return next(mapped, provider.agency)


def keep_person(session: Session, provider: Provider, claims: Mapping[str, Any]) -> User:
    """Give the person of *claims*, known by issuer and subject, with role and agency of now.

    Where an administrator gives the roles, somebody new is kept, closed, until one does.

    Raises:
        NoRoleError: If nothing says who it is, or a stranger's claims give no role here.
    """
    subject = str(next(iter(_values(claims, provider.subject_claim)), ""))[:LONGEST_SUBJECT]
    if not subject:
        raise NoRoleError
    found = session.scalars(
        select(User).where(User.issuer == provider.issuer, User.subject == subject)
    ).first()
    if found is None and provider.role_claim and read_role(provider, claims) is None:
        raise NoRoleError
    user = found or _new_person(session, provider, subject)
    user.name = _name(provider, claims)
    if provider.role_claim is not None:
        _set_place(session, user, read_role(provider, claims), read_agency(provider, claims))
    session.flush()
    return user


def check_may_enter(user: User) -> None:
    """Let *user* in.

    Raises:
        NoRoleError: If they are closed, or nobody gave them a role.
    """
    if not user.active or (user.role is Role.REFERRER and user.agency_id is None):
        raise NoRoleError


def _new_person(session: Session, provider: Provider, subject: str) -> User:
    told = provider.role_claim is not None
    user = User(
        issuer=provider.issuer,
        subject=subject,
        name="",
        role=Role.REFERRER,
        agency_id=_known(session, provider.agency),
        active=told,
    )
    session.add(user)
    session.flush()
    return user


def _set_place(session: Session, user: User, role: Role | None, agency: str | None) -> None:
    """Take over what the provider says now; without a role they are a referrer of nowhere."""
    agency = _known(session, agency) if role is Role.REFERRER else None
    before, after = (user.role, user.agency_id), (role or Role.REFERRER, agency)
    if before == after:
        return
    user.role, user.agency_id = after
    told = {"role": user.role, "agency": agency, "by": "claims"}
    target = f"user:{user.id}"
    record(session, actor="system", action=Action.USER_CHANGED, target=target, details=told)


def _known(session: Session, agency: str | None) -> str | None:
    return agency if agency and session.get(Agency, agency) else None


def _name(provider: Provider, claims: Mapping[str, Any]) -> str:
    given = next(iter(_values(claims, provider.name_claim)), "")
    return str(given)[:LONGEST_NAME] or "Name not given"


def _values(claims: Mapping[str, Any], path: str | None) -> tuple[str, ...]:
    """The texts at *path*, which is a claim's own name or a way down through objects."""
    if path is None:
        return ()
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return tuple(each for each in listed if isinstance(each, str) and each)
