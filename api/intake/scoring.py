"""Read a stored contact, and keep the reading beside it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import clocks
from api.assessor import Assessor
from api.logs import Event, log_failure
from api.store.audit import record
from api.store.codes import Action
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, Contact, StoredAssessment
from nlp.assessment import Assessment
from nlp.domain import Assertion, SafetyFlag, Status

SYSTEM = "system"

# A child who cannot tell or cannot get away: these count towards vulnerability in the queue.
YOUNGEST = frozenset({SafetyFlag.INJURY_NON_MOBILE, SafetyFlag.UNBORN_HIGH_RISK})


def score(store: Store, contact_id: str, *, assessor: Assessor) -> bool:
    """Read one contact and keep what was found; on failure it stays unscored, at the top.

    Gives whether it was read. The reading is done outside the transaction: it takes longer than
    others should wait.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        contact = session.get(Contact, contact_id)
        if contact is None or contact.narrative is None:
            return False
        agency = session.get(Agency, contact.agency_id)
    try:
        assessment = assessor.assess(
            text=contact.narrative,
            form=contact.form,
            agency=agency.kind if agency else None,
            form_type=contact.form_type,
            earlier_contacts=contact.earlier_contacts,
        )
    except Exception as error:  # whatever fails, the contact is kept and a person reads it first
        log_failure(Event.ASSESSMENT_FAILED, error)
        with store.writing() as session:
            failed = session.get_one(Contact, contact_id)
            failed.failed_at = now()
        return False
    with store.writing() as session:
        keep_assessment(session, session.get_one(Contact, contact_id), assessment)
    return True


def keep_assessment(session: Session, contact: Contact, assessment: Assessment) -> None:
    """Keep a reading whole, and on the contact what the queue orders by."""
    stored = _stored(contact, assessment)
    session.add(stored)
    contact.scored, contact.failed_at = True, None
    contact.urgency = assessment.urgency.rating
    contact.due_at = clocks.due_at(contact.received_at, assessment.urgency.rating)
    contact.level, contact.score = assessment.level.likely, assessment.completeness.score
    contact.missing = list(stored.statuses.values()).count(Status.MISSING)
    contact.present_flags = len(stored.flags)
    contact.vulnerability = len(YOUNGEST.intersection(stored.flags))
    notification = assessment.notification
    contact.looks_inappropriate = notification is not None and not notification.appropriate
    record(
        session,
        actor=SYSTEM,
        action=Action.CONTACT_SCORED,
        target=f"contact:{contact.id}",
        details={"reader": stored.reader, "rulebook": stored.rulebook},
    )


def unscored(store: Store) -> list[str]:
    """Give the ids of contacts that wait to be read, oldest first."""
    with store.reading() as session:
        waiting = select(Contact.id).where(Contact.scored.is_(False), Contact.erased_at.is_(None))
        return list(session.scalars(waiting.order_by(Contact.received_at)))


def latest(contact: Contact) -> StoredAssessment | None:
    """Give the last reading of *contact*."""
    return contact.assessments[-1] if contact.assessments else None


def as_assessment(stored: StoredAssessment) -> Assessment:
    """Give a kept reading in the contract's own shape."""
    return Assessment.model_validate(stored.content)


def _stored(contact: Contact, assessment: Assessment) -> StoredAssessment:
    notification, made = assessment.notification, assessment.provenance
    flags = {f.flag for f in assessment.safety_flags if f.assertion is Assertion.PRESENT}
    inappropriate = notification is not None and not notification.appropriate
    return StoredAssessment(
        contact_id=contact.id,
        reader=made.reader,
        rulebook=made.rulebook,
        framework=made.framework,
        form_type=made.form_type,
        content=assessment.model_dump(mode="json"),
        score=assessment.completeness.score,
        rating=assessment.completeness.rating,
        level=assessment.level.likely,
        urgency=assessment.urgency.rating,
        statuses={
            each.element.value: each.status.value
            for each in assessment.completeness.elements
            if each.expected
        },
        flags=sorted(flag.value for flag in flags),
        reasons=[
            each.reason.value
            for each in (notification.reasons if notification and inappropriate else ())
        ],
    )
