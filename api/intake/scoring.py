"""Read a stored contact, and keep the reading beside it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from api import clocks
from api.assessor import Assessor
from api.intake.links import count_earlier
from api.intake.vulnerability import find_vulnerabilities
from api.logs import Event, log_failure
from api.store.audit import record
from api.store.codes import Action
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, Contact, StoredAssessment
from api.store.tables.contacts import HELD
from nlp.assessment import Assessment
from nlp.domain import Assertion, Status

SYSTEM = "system"

# A contact that could not be read is tried again after one minute, then two, four ... an hour.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def score(store: Store, contact_id: str, *, assessor: Assessor, again: bool = False) -> bool:
    """Read one contact and keep what was found; on failure it stays unscored, at the top.

    Gives whether it was read. One that was read before is left alone unless it is to be read
    *again*. The reading is done outside the transaction: it takes longer than others should wait.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        contact = session.get(Contact, contact_id)
        if contact is None or contact.narrative is None or (contact.scored and not again):
            return False
        agency = session.get(Agency, contact.agency_id)
        earlier = earlier_contacts(session, contact)
    try:
        assessment = assessor.assess(
            text=contact.narrative,
            form=contact.form,
            agency=agency.kind if agency else None,
            form_type=contact.form_type,
            earlier_contacts=earlier,
        )
    except Exception as error:  # whatever fails, the contact is kept and a person reads it first
        log_failure(Event.ASSESSMENT_FAILED, error)
        with store.writing() as session:
            _put_off(_held(session, contact_id))
        return False
    with store.writing() as session:
        contact = _held(session, contact_id)
        # Another server may have read it meanwhile; one reading is enough.
        if contact.narrative is not None and (again or not contact.scored):
            keep_assessment(session, contact, assessment, earlier=earlier)
    return True


def earlier_contacts(session: Session, contact: Contact) -> int | None:
    """Give the contacts about this child in twelve months: as the sender says, or more as linked.

    ``None`` if the sender does not say and none is linked.
    """
    linked = count_earlier(session, contact)
    return max(contact.earlier_contacts or 0, linked) if linked else contact.earlier_contacts


def links_changed(store: Store, contact_id: str, assessor: Assessor) -> bool:
    """Read the contact again where the number of earlier contacts is not what it was read by.

    For when staff confirm or reject that an earlier contact is about the same child; *contact_id*
    is the later of the two. Gives whether it was read again.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        contact = session.get(Contact, contact_id)
        read = latest(contact) if contact else None
        if contact is None or read is None:
            return False  # not read yet: its first reading will count them
        if read.earlier_contacts == earlier_contacts(session, contact):
            return False
    return score(store, contact_id, assessor=assessor, again=True)


def keep_assessment(
    session: Session, contact: Contact, assessment: Assessment, *, earlier: int | None = None
) -> None:
    """Keep a reading whole, and on the contact what the queue orders by.

    *earlier* is the number of contacts in twelve months that it was read by.
    """
    stored = _stored(contact, assessment, earlier)
    session.add(stored)
    contact.scored, contact.failed_at, contact.read_again_at = True, None, None
    contact.urgency = assessment.urgency.rating
    contact.due_at = clocks.due_at(contact.received_at, assessment.urgency.rating)
    plausible = assessment.level.plausible
    contact.level, contact.score = assessment.level.likely, assessment.completeness.score
    contact.lowest_level, contact.highest_level = plausible[0], plausible[-1]
    contact.missing = list(stored.statuses.values()).count(Status.MISSING)
    contact.flags, contact.present_flags = stored.flags, len(stored.flags)
    contact.vulnerabilities = find_vulnerabilities(contact, assessment)
    contact.vulnerability = len(contact.vulnerabilities)
    notification = assessment.notification
    contact.looks_inappropriate = notification is not None and not notification.appropriate
    record(
        session,
        actor=SYSTEM,
        action=Action.CONTACT_SCORED,
        target=f"contact:{contact.id}",
        details={"reader": stored.reader, "rulebook": stored.rulebook},
    )


def latest(contact: Contact) -> StoredAssessment | None:
    """Give the last reading of *contact*."""
    return contact.assessments[-1] if contact.assessments else None


def as_assessment(stored: StoredAssessment) -> Assessment:
    """Give a kept reading in the contract's own shape."""
    return Assessment.model_validate(stored.content)


def _held(session: Session, contact_id: str) -> Contact:
    """The contact, which nobody else changes until this session ends: staff may be at it."""
    return session.get_one(Contact, contact_id, with_for_update=HELD)


def _put_off(contact: Contact) -> None:
    """Note that it could not be read; an earlier reading of it, if there is one, stands."""
    if contact.scored:
        return
    contact.failed_at = now()
    contact.failures += 1
    doublings = min(contact.failures - 1, 16)
    contact.read_again_at = now() + min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)


def _stored(contact: Contact, assessment: Assessment, earlier: int | None) -> StoredAssessment:
    notification, made = assessment.notification, assessment.provenance
    flags = {f.flag for f in assessment.safety_flags if f.assertion is Assertion.PRESENT}
    inappropriate = notification is not None and not notification.appropriate
    return StoredAssessment(
        contact_id=contact.id,
        reader=made.reader,
        rulebook=made.rulebook,
        framework=made.framework,
        form_type=made.form_type,
        earlier_contacts=earlier,
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
