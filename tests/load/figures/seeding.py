"""Fill a store with contacts that were read, decided and answered, as leaders' figures ask."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from api import clocks
from api.store.codes import Expected, Outcome, Role
from api.store.columns import Table, new_id
from api.store.opening import Store
from api.store.tables import Agency, Contact, Decision, Reply, StoredAssessment
from nlp import domain
from nlp.domain import LEVELS, Element, Form, Level, Rating, Reason, Status, Urgency
from tests.figure_builders import MONTHS
from tests.hub_builders import add_user
from tests.load.seeding import BATCH, analyse, contact_row

AGENCIES = 40  # which differ in size as one to forty
POLICE = 10  # every so many of them is a police force
NARRATIVE = "She comes to school without breakfast and her shoes have holes. " * 3
TABLES = (Contact, StoredAssessment, Decision, Reply)
OUTCOMES, RATINGS, REASONS, STATUSES = tuple(Outcome), tuple(Rating), tuple(Reason), tuple(Status)

Rows = Mapping[type[Table], list[dict[str, Any]]]


def fill(store: Store, *, contacts: int, seed: int = 4) -> None:
    """Insert *contacts* of two years, most of them read, decided and answered, some twice."""
    _add_agencies(store)
    rng, staff = random.Random(seed), add_user(store, Role.HUB).id  # noqa: S311
    drawn, metadata = _rows(contacts, rng, staff), Table.metadata
    while batch := list(islice(drawn, BATCH)):
        with store.writing() as session:
            for table in TABLES:  # by the table itself: the mapper would sort rows by their gaps
                rows = [row for each in batch for row in each[table]]
                session.connection().execute(insert(metadata.tables[table.__tablename__]), rows)
    analyse(store)


def _add_agencies(store: Store) -> None:
    with store.writing() as session:
        for place in range(AGENCIES):
            police = place % POLICE == 0
            session.add(
                Agency(
                    id=f"agency_{place}",
                    name=f"Agency {place}",
                    kind=domain.Agency.POLICE if police else domain.Agency.SCHOOL,
                    source_code="6" if police else "2A",
                    group=f"Group {place % 5}",
                )
            )


def _rows(contacts: int, rng: random.Random, staff: str) -> Iterator[Rows]:
    bounds = clocks.month_bounds(MONTHS[0])[0], clocks.month_bounds(MONTHS[-1])[1]
    start, end = (each.astimezone(UTC) for each in bounds)  # hours are added to them
    places = rng.choices(range(AGENCIES), range(1, AGENCIES + 1), k=contacts)
    for number, place in enumerate(places):
        received = start + rng.random() * (end - start)
        contact = _contact(number, place, received, rng)
        yield {
            Contact: [contact],
            StoredAssessment: [
                _reading(contact, received + timedelta(seconds=2 + again), rng)
                for again in range(rng.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2)))
            ],
            Decision: (decisions := list(_decisions(contact, received, rng, staff))),
            Reply: [_reply(each, rng) for each in decisions if not each["needs_sign_off"]],
        }


def _contact(number: int, place: int, received: datetime, rng: random.Random) -> dict[str, Any]:
    row = contact_row(number, received, rng, agency=f"agency_{place}", waiting=False)
    police = place % POLICE == 0
    missing = rng.randrange(8)
    return row | {
        "form": Form.PPN if police else Form.REFERRAL,
        "form_type": "ppn" if police else "safer",
        "narrative": NARRATIVE,
        "characters": len(NARRATIVE),
        "stated_level": rng.choice((None, *LEVELS)),
        "incident_on": _incident_on(received, rng) if police else None,
        "looks_inappropriate": police and rng.random() < 0.3,
        "first_missing": rng.choice((None, missing, missing + 2)),
        "missing": missing,
    }


def _incident_on(received: datetime, rng: random.Random) -> date | None:
    before = rng.choice((None, 0, 0, 1, 1, 2, 9))
    day = received.astimezone(clocks.LONDON).date()
    return None if before is None else day - timedelta(days=before)


def _reading(contact: Mapping[str, Any], made: datetime, rng: random.Random) -> dict[str, Any]:
    score = rng.randrange(101)
    return {
        "contact_id": contact["id"],
        "made_at": made,
        "reader": "load",
        "rulebook": "load",
        "framework": "tees",
        "form_type": contact["form_type"],
        "earlier_contacts": rng.choice((0, 0, 0, 1)),
        "content": {},
        "score": score,
        "rating": RATINGS[min(3, score // 25)],
        "level": rng.choice(LEVELS),
        "urgency": rng.choice(tuple(Urgency)),
        "statuses": {element: rng.choice(STATUSES) for element in Element},
        "flags": contact["flags"],
        "reasons": [],
    }


def _decisions(
    contact: Mapping[str, Any], received: datetime, rng: random.Random, staff: str
) -> Iterator[dict[str, Any]]:
    made = received
    for _ in range(rng.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2))):
        made += timedelta(hours=rng.choice((1, 10, 40, 200)))
        yield _decision(contact, made, rng, staff)


def _decision(
    contact: Mapping[str, Any], made: datetime, rng: random.Random, staff: str
) -> dict[str, Any]:
    inappropriate = rng.random() < 0.2 if contact["form"] is Form.PPN else None
    waits, back = rng.random() < 0.05, rng.random() < 0.02
    expected = rng.choice(tuple(Expected)) if rng.random() < 0.03 else None
    level: Level = rng.choice(LEVELS)
    return {
        "id": new_id(),
        "contact_id": contact["id"],
        "made_at": made,
        "made_by": staff,
        "outcome": rng.choice(OUTCOMES),
        "level": level,
        "notification_inappropriate": inappropriate,
        "notification_reasons": rng.sample(REASONS, 2) if inappropriate else None,
        "expected_notification": expected,
        "expected_from": f"agency_{POLICE * rng.randrange(AGENCIES // POLICE)}"
        if expected
        else None,
        "needs_sign_off": waits,
        "signed_by": staff if waits and rng.random() < 0.7 else None,
        "sent_back_by": staff if back else None,
    }


def _reply(decision: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    made: datetime = decision["made_at"]
    return {
        "contact_id": decision["contact_id"],
        "decision_id": decision["id"],
        "words": "Thank you.",
        "due_at": made,
        "sent_at": made + timedelta(minutes=5) if rng.random() < 0.9 else None,
    }
