"""Keep what a person decided about a contact; a later decision stands in an earlier one's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api import clocks
from api.access.identity import Identity
from api.hub.changing import ChangedMeanwhileError, take
from api.hub.claims import Claim, claim_of
from api.hub.corrections import (
    APPROPRIATE,
    INAPPROPRIATE,
    NOTIFICATION,
    CorrectionGiven,
    keep_corrections,
)
from api.hub.replies import draft_reply
from api.hub.sign_off import SignOffFile, load_sign_off, needs_sign_off
from api.intake.scoring import as_assessment, latest
from api.outcomes import load_outcomes, way_of
from api.store.audit import record
from api.store.codes import Action, CorrectionKind, Expected, Outcome, Stage, Step
from api.store.columns import now
from api.store.tables import Agency, Contact, Decision, FirstView, StoredAssessment
from nlp import domain
from nlp.assessment import Assessment
from nlp.domain import Form, Level, Reason
from nlp.errors import ReferralQualityError, UnknownChoiceError


@dataclass(frozen=True)
class ContactSeen:
    """What a person had before them: the contact's version, and its reading if it had one."""

    version: int
    assessment_id: str | None


@dataclass(frozen=True)
class DecisionGiven:
    """What a person decides.

    ``seen`` is what they saw; without it the contact is taken as it is. ``held_by`` is the id of
    the person who has the contact and whom they decide in spite of. ``expected_from`` is the id of
    the police who owed the ``expected_notification``; neither is there without the other.
    """

    outcome: Outcome
    level: Level
    rationale: str | None = None
    consent_overridden: bool = False
    override_reason: str | None = None
    notification_inappropriate: bool | None = None
    notification_reasons: tuple[Reason, ...] = ()
    expected_notification: Expected | None = None
    expected_from: str | None = None
    step: Step | None = None
    step_note: str | None = None
    corrections: tuple[CorrectionGiven, ...] = ()
    held_by: str | None = None
    seen: ContactSeen | None = None


class DecisionError(ReferralQualityError):
    """A decision lacks something; ``problems`` says what, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def decide(
    session: Session,
    contact_id: str,
    given: DecisionGiven,
    *,
    by: Identity,
    rules: SignOffFile | None = None,
    at: datetime | None = None,
) -> Decision:
    """Keep a decision with its corrections, and draft the reply unless a manager must sign first.

    Whether one must, and whether the level differs, goes by the last reading, whatever was seen.
    Everything is in *session*'s one transaction. *at* is for demonstrations; it is now otherwise.

    Raises:
        NotFoundError: If there is no such contact.
        ChangedMeanwhileError: If it changed, or was read again, since it was shown.
        DecisionError: If something is lacking, or another person has the contact.
        UnknownChoiceError: If a correction holds an unknown code, or no police owed what was
            expected.
    """
    _check_expected(session, given)
    contact, stored = _take_as_seen(session, contact_id, given.seen)
    reading = as_assessment(stored) if stored else None
    problems = find_problems(given, form=contact.form, reading=reading)
    if problems := problems | _problem_of_claim(claim_of(session, contact), given, by):
        raise DecisionError(problems)
    decision = _make(given, contact, stored, reading, by=by, at=at or now())
    decision.reader_seen_first = stored is not None and not _gave_first_view(session, contact, by)
    decision.needs_sign_off = needs_sign_off(rules or load_sign_off(), given.outcome, reading)
    session.add(decision)
    corrections = _corrections(given) if stored else ()
    if stored:
        keep_corrections(session, contact, stored, corrections, by=by.id)
    held_by = contact.claimed_by if contact.claimed_by != by.id else None
    _move_on(contact, decision)
    session.flush()
    _record(session, decision, corrections=len(corrections), by=by, held_by=held_by)
    if not decision.needs_sign_off:
        draft_reply(session, contact, decision)
    return decision


def find_problems(
    given: DecisionGiven, *, form: Form, reading: Assessment | None
) -> dict[str, str]:
    """Give what a decision lacks, by field, in the order of the form; empty if nothing."""
    found: dict[str, str] = {}
    way = way_of(given.level, reading.level.plausible) if reading else None
    says = bool((given.rationale or "").strip())
    if way and not _fits(given.override_reason, way):
        found["override_reason"] = (
            f"Choose why the level is {way} than the reading found plausible."
        )
    if way and not says:
        found["rationale"] = (
            f"Give your rationale: the level you chose is {way} than the reading found plausible."
        )
    elif given.consent_overridden and not says:
        found["rationale"] = "Give your rationale: you are going on without the family's agreement."
    if given.step and not (given.step_note or "").strip():
        found["step_note"] = "Say in the note what was agreed with early help."
    if form is Form.PPN:
        found |= _problems_of_notification(given, reading, says=says)
    return found


def _problems_of_notification(
    given: DecisionGiven, reading: Assessment | None, *, says: bool
) -> dict[str, str]:
    if given.notification_inappropriate is None:
        return {"notification": "Say whether this police notification was appropriate."}
    if not given.notification_inappropriate:
        return {}
    if not given.notification_reasons:
        return {"notification_reasons": "Choose at least one reason why it was inappropriate."}
    never = reading and reading.notification and reading.notification.never_inappropriate_because
    if never and not says:
        return {"rationale": f"Give your rationale for calling it inappropriate. {never}"}
    return {}


def _check_expected(session: Session, given: DecisionGiven) -> None:
    if given.expected_notification is None and given.expected_from is None:
        return
    owed_by = session.get(Agency, given.expected_from or "")
    if given.expected_notification is None or owed_by is None or not _is_police(owed_by):
        raise UnknownChoiceError("who owed the notification is no police; choose it from the list")


def _is_police(agency: Agency) -> bool:
    return agency.kind is domain.Agency.POLICE


def _fits(reason: str | None, way: str) -> bool:
    text = load_outcomes().override_reasons.get(reason or "")
    return text is not None and way in text.ways


def _take_as_seen(
    session: Session, contact_id: str, seen: ContactSeen | None
) -> tuple[Contact, StoredAssessment | None]:
    """The contact and its last reading; a reading that changed no figure leaves the version."""
    contact = take(session, contact_id, version=seen.version if seen else None)
    stored = latest(contact)
    if seen and seen.assessment_id != (stored.id if stored else None):
        raise ChangedMeanwhileError
    return contact, stored


def _problem_of_claim(claim: Claim | None, given: DecisionGiven, by: Identity) -> dict[str, str]:
    if claim is None or claim.user_id in (by.id, given.held_by):
        return {}
    said = "has this contact. Speak to them, then say here that you decide all the same."
    return {"held_by": f"{claim.name} {said}"}


def _move_on(contact: Contact, decision: Decision) -> None:
    contact.stage = Stage.AWAITING_SIGN_OFF if decision.needs_sign_off else Stage.DECIDED
    contact.claimed_by = contact.claimed_at = None
    if contact.reply_due_at is None:  # the referrer was told of an earlier decision
        contact.reply_due_at = clocks.reply_due_at(decision.made_at)


def _gave_first_view(session: Session, contact: Contact, by: Identity) -> bool:
    return session.get(FirstView, (contact.id, by.id)) is not None


def _make(
    given: DecisionGiven,
    contact: Contact,
    stored: StoredAssessment | None,
    reading: Assessment | None,
    *,
    by: Identity,
    at: datetime,
) -> Decision:
    way = way_of(given.level, reading.level.plausible) if reading else None
    ppn = contact.form is Form.PPN
    inappropriate = given.notification_inappropriate if ppn else None
    return Decision(
        contact_id=contact.id,
        assessment_id=stored.id if stored else None,
        made_at=at,
        made_by=by.id,
        outcome=given.outcome,
        level=given.level,
        rationale=_or_none(given.rationale),
        consent_overridden=given.consent_overridden,
        differs=way is not None,
        override_reason=given.override_reason if way else None,
        notification_inappropriate=inappropriate,
        notification_reasons=[each.value for each in given.notification_reasons]
        if inappropriate
        else None,
        expected_notification=given.expected_notification,
        expected_from=given.expected_from,
        step=given.step,
        step_note=_or_none(given.step_note) if given.step else None,
    )


def _corrections(given: DecisionGiven) -> tuple[CorrectionGiven, ...]:
    """What was given, and what the answer about a notification says of its reading."""
    if given.notification_inappropriate is None:
        return given.corrections
    said = INAPPROPRIATE if given.notification_inappropriate else APPROPRIATE
    judged = CorrectionGiven(CorrectionKind.NOTIFICATION, NOTIFICATION, said)
    return (*given.corrections, judged)


def _or_none(words: str | None) -> str | None:
    return (words or "").strip() or None


def _record(
    session: Session, decision: Decision, *, corrections: int, by: Identity, held_by: str | None
) -> None:
    target = f"contact:{decision.contact_id}"
    details = {
        "decision": decision.id,
        "outcome": decision.outcome,
        "level": decision.level,
        "differs": decision.differs,
        "needs_sign_off": decision.needs_sign_off,
    } | ({"held_by": held_by} if held_by else {})
    record(session, actor=by.actor, action=Action.CONTACT_DECIDED, target=target, details=details)
    if corrections:
        record(
            session,
            actor=by.actor,
            action=Action.CONTACT_CORRECTED,
            target=target,
            details={"corrections": corrections},
        )
