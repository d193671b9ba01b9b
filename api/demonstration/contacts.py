"""Fill the hub of the demonstration: about sixty days of contacts, read, decided and answered.

In a thread of its own beside the server, the newest first, so that a page is never waited for.
The audit log says of all of it that it was done now, as it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.access.personas import ISSUER
from api.assessor import Assessor
from api.demonstration.history import write_history
from api.demonstration.renaming import change_reading, renamed
from api.demonstration.schedule import Part, Planned, feedback_since, plan
from api.demonstration.staff import (
    choose_expected,
    decide_on,
    decision_time,
    elements_added,
    incident_day,
    reply_time,
)
from api.demonstration.texts import Text
from api.demonstration.truth import load_truth
from api.figures.publishing import publish
from api.figures.summaries import refresh
from api.hub.decisions import decide
from api.hub.replies import latest_reply, send_reply
from api.hub.sign_off import sign
from api.intake.linking import link
from api.intake.scoring import LONGEST_PAUSE, keep_assessment, links_changed
from api.intake.submission import Submission, keep
from api.logs import Event, log_failure
from api.store.codes import Channel, Role, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, StoredAssessment, User
from nlp.assessment import Assessment

SEED = 7
PAUSE = 0.02  # seconds between contacts, for whoever waits for a page
LOGGED_EVERY = 100
CLAIMED = {2: 12, 5: 35, 9: 50, 12: 300}  # which of those that wait, and for how many minutes
UNSIGNED_FOR = timedelta(days=5)  # the newest of what waits for a signature


@dataclass
class Demonstration:
    """What contacts are made with: readings by text, people by their subject, chance.

    Late and missing notifications are by a chance of their own, as in the history.
    """

    store: Store
    assessor: Assessor
    at: datetime
    random: Random
    notified: Random
    people: Mapping[str, Identity]
    feedback: Mapping[str, date | None]
    readings: dict[str, tuple[Text, Assessment]] = field(default_factory=dict)
    waiting: int = 0


def start_filling(store: Store, assessor: Assessor) -> threading.Thread:
    """Fill the store, if it has no contacts, in a thread that ends with the server."""
    thread = threading.Thread(target=_fill, args=[store, assessor], name="filling", daemon=True)
    thread.start()
    return thread


def fill(
    store: Store, assessor: Assessor, *, at: datetime | None = None, pause: float = 0.0
) -> int:
    """Keep every contact of the demonstration, the history before them, and publish the figures.

    Gives how many contacts there are; 0 where the store has some, or nothing can be read.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    at = at or now()
    with store.reading() as session:
        if session.scalar(select(Contact.id).limit(1)) or assessor.reader is None:
            return 0
        people = {each.subject: _identity(each) for each in session.scalars(_PEOPLE)}
    random, notified = Random(SEED), Random(SEED + 1)  # noqa: S311 - nothing secret
    feedback = feedback_since(at.date())
    made = Demonstration(store, assessor, at, random, notified, people, feedback)
    planned, log = plan(at, random), structlog.get_logger()
    for number, each in enumerate(planned, 1):
        _keep(made, each)
        time.sleep(pause)
        if number % LOGGED_EVERY == 0:
            log.info(Event.DEMONSTRATION_FILLING, contacts=number)
    write_history(store, made.readings, at=at, feedback=made.feedback)
    while refresh(store):
        pass
    publish(store, at=at)
    return len(planned)


_PEOPLE = select(User).where(User.issuer == ISSUER)


def _fill(store: Store, assessor: Assessor) -> None:
    begun = time.perf_counter()
    try:
        number = fill(store, assessor, pause=PAUSE)
    except Exception as error:  # the demonstration goes on with what there is
        log_failure(Event.DEMONSTRATION_FAILED, error)
        return
    took = round(1000 * (time.perf_counter() - begun))
    structlog.get_logger().info(Event.DEMONSTRATION_FILLED, contacts=number, milliseconds=took)


def _keep(made: Demonstration, planned: Planned) -> None:
    """Keep one contact with all that became of it, at once: nobody sees it half done."""
    text, reading = _read(made, planned)
    with made.store.writing() as session:
        sender = _sender(made, text.sender)
        day = incident_day(planned.at, form=text.form, random=made.notified)
        receipt = keep(session, _submission(planned.at, text, day), sender=sender)
        contact = session.get_one(Contact, receipt.contact_id)
        if planned.part is Part.UNREAD:
            contact.failed_at, contact.failures = contact.received_at, 1
            contact.read_again_at = made.at + LONGEST_PAUSE
            return
        keep_assessment(session, contact, reading)
        session.flush()
        stored = session.scalars(_READING.where(StoredAssessment.contact_id == contact.id)).one()
        stored.made_at = contact.received_at + timedelta(seconds=2)
        _note_checks(made, contact)
        if planned.part is Part.DECIDED:
            _decide(made, session, contact, reading)
        else:
            _claim(made, contact)
    for later in link(made.store, receipt.contact_id):
        links_changed(made.store, later, made.assessor)


_READING = select(StoredAssessment)


def _read(made: Demonstration, planned: Planned) -> tuple[Text, Assessment]:
    """Read each text once; told of other people, what was read of it is the same."""
    text = planned.text
    if text.id not in made.readings:
        reading = made.assessor.assess(text=text.text, form=text.form, agency=text.agency)
        made.readings[text.id] = text, reading
    reading = made.readings[text.id][1]
    if not planned.repeats:
        return text, reading
    other, changes = renamed(text, made.random)
    return other, change_reading(reading, changes)


def _submission(received_at: datetime, text: Text, incident_on: date | None) -> Submission:
    return Submission(
        text=text.text,
        form=text.form,
        form_type="ppn" if text.form == "ppn" else "safer",
        agency_id=text.sender,
        client_key=f"{text.id} {received_at.isoformat(timespec='seconds')}",
        channel=Channel.PAGE,
        received_at=received_at,
        incident_on=incident_on,
        people=text.child.given(on=received_at.date()),
        referrer_name=text.referrer_name or None,
        stated_level=text.stated_level,
    )


def _sender(made: Demonstration, agency: str) -> str:
    """The person who sends for the agency, or its system where there is no such person."""
    found = [each.actor for each in made.people.values() if each.agency_id == agency]
    return found[0] if found else f"key:{agency}"


def _note_checks(made: Demonstration, contact: Contact) -> None:
    since = made.feedback[contact.agency_id]
    uses = since is not None and contact.received_at.date() >= since
    more = elements_added(made.random, uses_feedback=uses)
    if more is None:
        return
    contact.first_missing = (contact.missing or 0) + more
    contact.first_score = max(0, (contact.score or 0) - 6 * more)
    contact.checks = made.random.randint(1, 4) + more


def _claim(made: Demonstration, contact: Contact) -> None:
    made.waiting += 1
    minutes = CLAIMED.get(made.waiting)
    claimed = made.at - timedelta(minutes=minutes or 0)
    if minutes is not None and claimed > contact.received_at:
        contact.claimed_by = _hub(made).id
        contact.claimed_at = claimed


def _decide(made: Demonstration, session: Session, contact: Contact, reading: Assessment) -> None:
    received = contact.received_at
    when = decision_time(received, contact.due_at, made.random)
    when = min(when, max(made.at - timedelta(minutes=5), received + timedelta(minutes=2)))
    given = decide_on(reading, form=contact.form, random=made.random)
    if expected := choose_expected(contact.agency_id, made.notified):
        owed_by = load_truth().notifications.owed_by
        given = replace(given, expected_notification=expected, expected_from=owed_by)
    decide(session, contact.id, given, by=_hub(made), at=when)
    if contact.stage is Stage.AWAITING_SIGN_OFF:
        if made.at - when < UNSIGNED_FOR:
            return
        when += timedelta(hours=made.random.uniform(0.3, 4))
        sign(session, contact.id, by=made.people["manager"], at=when)
    answered = reply_time(received, when, made.random)
    reply = latest_reply(session, contact.id)
    if reply is not None and answered is not None and answered < made.at:
        send_reply(session, contact.id, by=_hub(made), words=reply.words, at=answered)


def _hub(made: Demonstration) -> Identity:
    return made.people[made.random.choice(["hub_worker", "hub_worker", "second_hub_worker"])]


def _identity(user: User) -> Identity:
    return Identity(
        kind="user", id=user.id, name=user.name, role=Role(user.role), agency_id=user.agency_id
    )
