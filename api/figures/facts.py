"""What is counted of each contact: codes, counts and moments, never a word of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from api import clocks
from api.store.codes import Expected, Outcome
from api.store.tables import Contact, Decision, Reply, StoredAssessment
from nlp.domain import Form, Level

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Fact:
    """One contact as leaders count it; what is not known is ``None`` or empty.

    ``statuses`` are of the elements that the form expects, by the last reading. The decision is
    the last one, once it needs no signature any more. ``came_late`` is what staff said of the
    contact itself.
    """

    form: Form
    received_at: datetime
    incident_on: date | None
    stated_level: Level | None
    read_level: Level | None
    score: int | None
    rating: str | None
    statuses: Mapping[str, str]
    flags: tuple[str, ...]
    looks_inappropriate: bool
    first_missing: int | None
    sent_missing: int | None
    repeat: bool
    decided_at: datetime | None
    decided_level: Level | None
    outcome: Outcome | None
    inappropriate: bool | None
    reasons: tuple[str, ...]
    came_late: bool
    replied_at: datetime | None


def find_facts(session: Session, *, month: str, agency_id: str) -> Iterator[Fact]:
    """Give every contact that the agency sent in the month."""
    start, end = clocks.month_bounds(month)
    chosen = select(Contact.id).where(
        Contact.agency_id == agency_id, Contact.received_at >= start, Contact.received_at < end
    )
    readings = _last(session, chosen, _READINGS, StoredAssessment.made_at)
    decisions = _last(session, chosen, _DECISIONS, Decision.made_at)
    replies = _last(session, chosen, _REPLIES, Reply.sent_at.desc())  # the first that was sent
    for contact in session.execute(_CONTACTS.where(Contact.id.in_(chosen))):
        yield _fact(
            contact, readings.get(contact.id), decisions.get(contact.id), replies.get(contact.id)
        )


def find_expected(session: Session, *, month: str, agency_id: str) -> Iterator[Expected]:
    """Give what staff said of notifications that the agency owed them, by contacts of the month."""
    start, end = clocks.month_bounds(month)
    chosen = (
        select(Contact.id)
        .join(Decision, Decision.contact_id == Contact.id)
        .where(
            Decision.expected_from == agency_id,
            Contact.received_at >= start,
            Contact.received_at < end,
        )
    )
    for decision in _last(session, chosen, _DECISIONS, Decision.made_at).values():
        if decision.expected_from == agency_id:
            yield decision.expected_notification


_CONTACTS = select(
    Contact.id,
    Contact.form,
    Contact.agency_id,
    Contact.received_at,
    Contact.incident_on,
    Contact.stated_level,
    Contact.looks_inappropriate,
    Contact.first_missing,
    Contact.missing,
    Contact.earlier_contacts,
)
_READINGS = select(
    StoredAssessment.contact_id,
    StoredAssessment.level,
    StoredAssessment.score,
    StoredAssessment.rating,
    StoredAssessment.statuses,
    StoredAssessment.flags,
    StoredAssessment.earlier_contacts,
)
# A decision stands that was not sent back and needs no signature any more.
STANDS = (
    Decision.sent_back_by.is_(None),
    Decision.needs_sign_off.is_(False) | Decision.signed_by.is_not(None),
)
_DECISIONS = select(
    Decision.contact_id,
    Decision.made_at,
    Decision.level,
    Decision.outcome,
    Decision.notification_inappropriate,
    Decision.notification_reasons,
    Decision.expected_notification,
    Decision.expected_from,
).where(*STANDS)
_REPLIES = select(Reply.contact_id, Reply.sent_at).where(Reply.sent_at.is_not(None))


def _last(
    session: Session, chosen: Select[str], rows: Select[*tuple[Any, ...]], order: Any
) -> dict[str, AnyRow]:
    """Give the last of *rows* for each contact."""
    of = rows.selected_columns[0]
    return {
        row.contact_id: row for row in session.execute(rows.where(of.in_(chosen)).order_by(order))
    }


def _fact(
    contact: AnyRow, reading: AnyRow | None, decision: AnyRow | None, reply: AnyRow | None
) -> Fact:
    owed_by = decision.expected_from if decision else None
    late = decision is not None and decision.expected_notification is Expected.CAME_LATE
    earlier = reading.earlier_contacts if reading else contact.earlier_contacts
    return Fact(
        form=contact.form,
        received_at=contact.received_at,
        incident_on=contact.incident_on,
        stated_level=contact.stated_level,
        read_level=reading.level if reading else None,
        score=reading.score if reading else None,
        rating=reading.rating if reading else None,
        statuses=reading.statuses if reading else {},
        flags=tuple(reading.flags) if reading else (),
        looks_inappropriate=contact.looks_inappropriate,
        first_missing=contact.first_missing,
        sent_missing=contact.missing,
        repeat=bool(earlier),
        decided_at=decision.made_at if decision else None,
        decided_level=decision.level if decision else None,
        outcome=decision.outcome if decision else None,
        inappropriate=decision.notification_inappropriate if decision else None,
        reasons=tuple(decision.notification_reasons or ()) if decision else (),
        came_late=late and owed_by == contact.agency_id,
        replied_at=reply.sent_at if reply else None,
    )
