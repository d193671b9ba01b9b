"""Keep what a person decided about a contact; a later decision stands in an earlier one's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api import clocks
from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.hub.changing import take
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
from api.store.codes import Action, CorrectionKind, Outcome, Stage, Step
from api.store.columns import now
from api.store.tables import Contact, Decision, FirstView, StoredAssessment
from nlp.assessment import Assessment
from nlp.domain import Form, Level, Reason
from nlp.errors import ReferralQualityError


@dataclass(frozen=True)
class DecisionGiven:
    """What a person decides.

    ``version`` and ``assessment_id`` are of the contact and the reading that they saw; without
    them the contact is taken as it is, with its last reading.
    """

    outcome: Outcome
    level: Level
    rationale: str | None = None
    consent_overridden: bool = False
    override_reason: str | None = None
    notification_inappropriate: bool | None = None
    notification_reasons: tuple[Reason, ...] = ()
    step: Step | None = None
    step_note: str | None = None
    corrections: tuple[CorrectionGiven, ...] = ()
    version: int | None = None
    assessment_id: str | None = None


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

    Everything is in *session*'s one transaction. *at* is for demonstrations; it is now otherwise.

    Raises:
        NotFoundError: If there is no such contact.
        ChangedMeanwhileError: If it changed since it was shown.
        DecisionError: If something is lacking.
        UnknownChoiceError: If a correction holds an unknown code.
    """
    contact = take(session, contact_id, version=given.version)
    stored = _reading_seen(contact, given.assessment_id)
    reading = as_assessment(stored) if stored else None
    if problems := find_problems(given, form=contact.form, reading=reading):
        raise DecisionError(problems)
    decision = _make(given, contact, stored, reading, by=by, at=at or now())
    decision.reader_seen_first = stored is not None and not _gave_first_view(session, contact, by)
    decision.needs_sign_off = needs_sign_off(rules or load_sign_off(), given.outcome, reading)
    session.add(decision)
    corrections = _corrections(given) if stored else ()
    if stored:
        keep_corrections(session, contact, stored, corrections, by=by.id)
    contact.stage = Stage.AWAITING_SIGN_OFF if decision.needs_sign_off else Stage.DECIDED
    contact.claimed_by = contact.claimed_at = None
    if contact.reply_due_at is None:  # the referrer was told of an earlier decision
        contact.reply_due_at = clocks.reply_due_at(decision.made_at)
    session.flush()
    _record(session, decision, corrections=len(corrections), by=by)
    if not decision.needs_sign_off:
        draft_reply(session, contact, decision)
    return decision


def find_problems(
    given: DecisionGiven, *, form: Form, reading: Assessment | None
) -> dict[str, str]:
    """Give what a decision lacks, by field; empty if nothing."""
    found: dict[str, str] = {}
    way = way_of(given.level, reading.level.plausible) if reading else None
    says = bool((given.rationale or "").strip())
    if given.consent_overridden and not says:
        found["rationale"] = "Give your rationale: you are going on without the family's agreement."
    if way and not says:
        found["rationale"] = (
            f"Give your rationale: the level you chose is {way} than the reading found plausible."
        )
    if way and not _fits(given.override_reason, way):
        found["override_reason"] = (
            f"Choose why the level is {way} than the reading found plausible."
        )
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


def _fits(reason: str | None, way: str) -> bool:
    text = load_outcomes().override_reasons.get(reason or "")
    return text is not None and way in text.ways


def _reading_seen(contact: Contact, assessment_id: str | None) -> StoredAssessment | None:
    if assessment_id is None:
        return latest(contact)
    for each in contact.assessments:
        if each.id == assessment_id:
            return each
    raise NotFoundError("reading")


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


def _record(session: Session, decision: Decision, *, corrections: int, by: Identity) -> None:
    target = f"contact:{decision.contact_id}"
    details = {
        "decision": decision.id,
        "outcome": decision.outcome,
        "level": decision.level,
        "differs": decision.differs,
        "needs_sign_off": decision.needs_sign_off,
    }
    record(session, actor=by.actor, action=Action.CONTACT_DECIDED, target=target, details=details)
    if corrections:
        record(
            session,
            actor=by.actor,
            action=Action.CONTACT_CORRECTED,
            target=target,
            details={"corrections": corrections},
        )
