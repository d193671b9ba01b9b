"""A manager's signature under the decisions that need one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.hub.changing import take
from api.hub.history import last_decision
from api.hub.replies import draft_reply
from api.store.audit import record
from api.store.codes import Action, Outcome, Stage
from api.store.columns import now
from api.store.tables import Agency, Contact, Decision, User
from nlp.assessment import Assessment
from nlp.domain import Level
from nlp.errors import ReferralQualityError
from nlp.rule_files import RuleFile, load_rule_file
from nlp.rule_schemas import RulePart, Words

DEFAULT_FILE = Path(__file__).parent / "sign_off.yaml"


class SignOffRule(RulePart):
    """Outcomes that need a signature, and the level that must have been open."""

    outcomes: tuple[Outcome, ...]
    plausible: Level | None = None
    rationale: Words


class SignOffFile(RuleFile):
    """``sign_off.yaml``: without rules, nothing is signed off."""

    rules: tuple[SignOffRule, ...] = ()


class SignOffError(ReferralQualityError):
    """A decision cannot be signed or sent back by this person, or not like this."""


@dataclass(frozen=True)
class Awaiting:
    """A decision that waits for a manager, with what the list shows of it."""

    contact: Contact
    decision: Decision
    agency: str
    made_by: str
    own: bool


@cache
def load_sign_off(file: str = "") -> SignOffFile:
    """Give the rules in *file*, or ours.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(Path(file) if file else DEFAULT_FILE, SignOffFile)


def needs_sign_off(rules: SignOffFile, outcome: Outcome, reading: Assessment | None) -> bool:
    """Does a decision for *outcome* wait for a manager?"""
    return any(
        outcome in rule.outcomes
        and (rule.plausible is None or reading is None or rule.plausible in reading.level.plausible)
        for rule in rules.rules
    )


def list_awaiting(session: Session, *, asker: Identity) -> list[Awaiting]:
    """Give the decisions that wait for a manager, those due first at the top."""
    rows = session.execute(
        select(Contact, Decision, Agency.name, User.name)
        .join(Decision, Decision.contact_id == Contact.id)
        .join(Agency, Agency.id == Contact.agency_id)
        .join(User, User.id == Decision.made_by)
        .where(
            Contact.stage == Stage.AWAITING_SIGN_OFF,
            Decision.needs_sign_off,
            Decision.signed_at.is_(None),
            Decision.sent_back_by.is_(None),
        )
        .order_by(Contact.due_at, Decision.made_at)
    )
    last = {
        contact.id: Awaiting(contact, decision, agency, name, own=decision.made_by == asker.id)
        for contact, decision, agency, name in rows
    }
    return list(last.values())


def sign(
    session: Session,
    contact_id: str,
    *,
    by: Identity,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Sign the decision that stands: it counts now, and a reply is drafted.

    *at* is for demonstrations; it is now otherwise.

    Raises:
        NotFoundError, ChangedMeanwhileError: As `take` does.
        SignOffError: If nothing waits for a signature, or the decision is *by*'s own.
    """
    contact = take(session, contact_id, version=version)
    decision = _decision_of_another(session, contact, by)
    decision.signed_by, decision.signed_at = by.id, at or now()
    contact.stage = Stage.DECIDED
    draft_reply(session, contact, decision)
    _record(session, contact, decision, by=by, action=Action.SIGNED_OFF)


def send_back(
    session: Session, contact_id: str, *, note: str, by: Identity, version: int | None = None
) -> None:
    """Send the decision that stands back to the hub, with a note that says why.

    Raises:
        NotFoundError, ChangedMeanwhileError: As `take` does.
        SignOffError: If nothing waits, the decision is *by*'s own, or there is no note.
    """
    contact = take(session, contact_id, version=version)
    decision = _decision_of_another(session, contact, by)
    if not note.strip():
        raise SignOffError("Say why you are sending it back, so that the next person knows.")
    decision.sent_back_by, decision.sent_back_note = by.id, note.strip()
    contact.stage = Stage.WAITING
    _record(session, contact, decision, by=by, action=Action.SENT_BACK)


def _decision_of_another(session: Session, contact: Contact, by: Identity) -> Decision:
    decision = last_decision(session, contact.id)
    if decision is None or contact.stage is not Stage.AWAITING_SIGN_OFF:
        raise SignOffError("No decision on this contact waits for a signature.")
    if decision.made_by == by.id:
        raise SignOffError("This is your own decision; another manager must look at it.")
    return decision


def _record(
    session: Session, contact: Contact, decision: Decision, *, by: Identity, action: Action
) -> None:
    record(
        session,
        actor=by.actor,
        action=action,
        target=f"contact:{contact.id}",
        details={"decision": decision.id, "outcome": decision.outcome},
    )
