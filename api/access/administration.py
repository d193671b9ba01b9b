"""What an administrator changes: people's places, and agencies. Each change is in the audit log."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import sign_ins
from api.access.errors import ConflictError, NotFoundError
from api.access.identity import Identity
from api.store.audit import record
from api.store.codes import Action, Role
from api.store.tables import Agency, User
from nlp import domain

# Referral sources of the DfE children in need census.
SOURCE_CODES = (
    *("1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F", "4"),
    *("5A", "5B", "5C", "5D", "6", "7", "8", "9", "10"),
)
SECRET_PREFIX = "whsec_"  # noqa: S105  (how Standard Webhooks begin every secret)
SECRET_BYTES = 32
AGENCY_ID = re.compile(r"[a-z0-9_]{2,40}")
# `all` stands for every agency among the published figures, `new` for none yet in an address.
NOT_AN_AGENCY = ("all", "new")


@dataclass(frozen=True)
class Place:
    """What somebody may do, where."""

    role: Role
    agency_id: str | None
    active: bool


def change_person(session: Session, user_id: str, place: Place, *, by: Identity) -> User:
    """Give somebody another place; it counts from their next request on.

    Raises:
        NotFoundError: If there is no such person or agency.
        ConflictError: If it is the administrator's own account, or a referrer without an agency.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("person")
    if user.id == by.id:
        raise ConflictError("You cannot change your own account; ask another administrator.")
    agency_id = place.agency_id if place.role is Role.REFERRER else None
    if place.role is Role.REFERRER and (
        agency_id is None or session.get(Agency, agency_id) is None
    ):
        raise ConflictError("A referrer needs an agency: choose the one they work for.")
    user.role, user.agency_id, user.active = place.role, agency_id, place.active
    details = {"role": place.role, "agency": agency_id, "active": place.active}
    _record(session, Action.USER_CHANGED, f"user:{user.id}", details, by=by)
    if not place.active:
        end_sessions(session, user.id, by=by)
    return user


def end_sessions(session: Session, user_id: str, *, by: Identity) -> None:
    """Sign somebody out everywhere."""
    sign_ins.end_all(session, user_id)
    _record(session, Action.SESSIONS_ENDED, f"user:{user_id}", {}, by=by)


def agency_names(session: Session) -> dict[str, str]:
    """Give the name of every agency by its id, in the order of names."""
    found = select(Agency.id, Agency.name).order_by(Agency.name)
    return {each.id: each.name for each in session.execute(found)}


@dataclass
class AgencyGiven:
    """An agency as an administrator's form gives it, every field as text."""

    id: str = ""
    name: str = ""
    kind: str = ""
    source_code: str = ""
    group: str = ""
    feedback_since: str = ""
    webhook_url: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    def check(self, *, webhook_problem: str | None = None) -> bool:
        """Say what is wrong, field by field, the webhook's as it is given; is nothing?"""
        found = {
            "id": _what_is_wrong_with(self.id),
            "name": not 0 < len(self.name) <= 120 and "Write a name of at most 120 characters",
            "kind": self.kind not in set(domain.Agency) and "Choose the kind of agency",
            "source_code": self.source_code not in SOURCE_CODES and "Choose the source code",
            "group": len(self.group) > 40 and "Write at most 40 characters",
            "feedback_since": not _is_date(self.feedback_since) and "Write a date as 2026-11-26",
            "webhook_url": webhook_problem
            or (len(self.webhook_url) > 300 and "Write an address of at most 300 characters"),
        }
        self.problems = {name: said for name, said in found.items() if said}
        return not self.problems


def keep_agency(session: Session, given: AgencyGiven, *, by: Identity) -> None:
    """Keep a checked agency: a new one, or another form of the one with its id."""
    agency = session.get(Agency, given.id)
    if agency is None:
        agency = Agency(id=given.id)
        session.add(agency)
    agency.name, agency.kind = given.name, domain.Agency(given.kind)
    agency.source_code, agency.group = given.source_code, given.group or None
    since = given.feedback_since
    agency.feedback_since = date.fromisoformat(since) if since else None
    agency.webhook_url = given.webhook_url or None
    details = {"kind": given.kind, "source": given.source_code, "webhook": bool(given.webhook_url)}
    _record(session, Action.AGENCY_CHANGED, f"agency:{given.id}", details, by=by)


def make_webhook_secret(session: Session, agency_id: str, *, by: Identity) -> str:
    """Give an agency a new secret to check our messages with; give it, to be shown once.

    Raises:
        NotFoundError: If there is no such agency.
    """
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFoundError("agency")
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    agency.webhook_secret = secret
    _record(session, Action.AGENCY_CHANGED, f"agency:{agency_id}", {"secret": "new"}, by=by)
    return secret


def _what_is_wrong_with(agency_id: str) -> str | None:
    if not AGENCY_ID.fullmatch(agency_id):
        return "Use 2 to 40 of a to z, 0 to 9 and _"
    if agency_id in NOT_AN_AGENCY:
        return "Use another: all and new have a meaning of their own"
    return None


def _is_date(given: str) -> bool:
    try:
        date.fromisoformat(given or "2026-11-26")
    except ValueError:
        return False
    return True


def _record(
    session: Session, action: Action, target: str, details: Mapping[str, object], *, by: Identity
) -> None:
    record(session, actor=by.actor, action=action, target=target, details=details)
