"""Two agencies' contacts, week by week, read and decided, with a drift planted if one is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from api.store.codes import Channel, CorrectionKind, Outcome, Role, Stage
from api.store.columns import new_id
from api.store.opening import Store
from api.store.tables import Contact, Correction, Decision, StoredAssessment
from nlp.domain import LEVELS, Form, Level, Urgency
from tests.hub_builders import add_agency, add_user

KNOWN = "the child told staff that she is hungry and that her dad hit her again at home last night "
UNKNOWN = "zzqx wvvk "
NAMED = "Zebedeeington"  # in every text, and to be seen nowhere


@dataclass(frozen=True)
class Drift:
    """What changes from a moment on: the contacts of ``academy`` only."""

    since: datetime
    longer: float = 1.0
    surer: float = 0.0
    reader: str = "reader 1"


def fill_watched(
    store: Store,
    *,
    until: datetime,
    weeks: int,
    a_week: int = 14,
    drift: Drift | None = None,
    seed: int = 3,
) -> None:
    """Keep contacts of *weeks* until a moment, from two agencies and, one a week, a third."""
    random = Random(seed)  # noqa: S311
    by = add_user(store, Role.HUB).id
    rows: dict[type, list[dict[str, Any]]] = {
        each: [] for each in (Contact, StoredAssessment, Decision, Correction)
    }
    for agency, number in (("academy", a_week), ("primary", a_week), ("tiny", 1)):
        add_agency(store, agency)
        for week in range(weeks):
            for _ in range(number):
                back = timedelta(weeks=week, minutes=random.randrange(1, 10_080))
                own = (
                    drift if drift and agency == "academy" and until - back >= drift.since else None
                )
                for table, row in _rows(agency, until - back, own, random, by):
                    rows[table].append(row)
    with store.writing() as session:
        for table, some in rows.items():
            session.execute(insert(table), some)


def _rows(
    agency: str, at: datetime, drift: Drift | None, random: Random, by: str
) -> Iterator[tuple[type, dict[str, Any]]]:
    # Ids of the seed: they choose which contacts are opened.
    contact, assessment = (f"{random.getrandbits(128):032x}" for _ in range(2))
    length = int(random.lognormvariate(7.0, 0.5) * (drift.longer if drift else 1))
    level = random.choices(LEVELS, (2, 4, 4, 2))[0]
    likely = min(0.99, random.betavariate(7, 3) + (drift.surer if drift else 0))
    text = KNOWN * 3 + UNKNOWN * random.randrange(3) + NAMED
    levels = {
        "level": level,
        "lowest_level": level,
        "highest_level": LEVELS[min(3, level.number)],
    }
    said = {"agency_id": agency, "characters": length, "narrative": text}
    yield Contact, _contact(contact, at, random) | said | levels
    reading = _reading(level, likely) | {"reader": drift.reader if drift else "reader 1"}
    yield StoredAssessment, reading | {"id": assessment, "contact_id": contact, "made_at": at}
    kept = {"contact_id": contact, "assessment_id": assessment, "made_by": by}
    yield Decision, kept | _decision(level, at + timedelta(minutes=5), random)
    for found in ("met", "missing") if random.random() < 0.2 else ("met",):
        yield Correction, kept | _correction(found, at)


def _contact(contact_id: str, at: datetime, random: Random) -> dict[str, Any]:
    return {
        "id": contact_id,
        "sender": "key:test",
        "client_key": contact_id,
        "channel": Channel.PAGE,
        "form": Form.REFERRAL,
        "form_type": "safer",
        "received_at": at,
        "due_at": at,
        "narrative_hash": contact_id,
        "stage": Stage.DECIDED,
        "scored": True,
        "urgency": Urgency.GREEN,
        "score": 60,
        "missing": random.randrange(3, 7),
        "present_flags": random.choice((0, 0, 1)),
    }


def _reading(level: Level, likely: float) -> dict[str, Any]:
    return {
        "rulebook": "1",
        "framework": "tees",
        "form_type": "safer",
        "content": {"level": {"likely": level, "probabilities": {level: likely}}},
        "score": 60,
        "rating": "good",
        "level": level,
        "urgency": Urgency.GREEN,
        "statuses": {},
        "flags": [],
        "reasons": [],
    }


def _decision(read: Level, at: datetime, random: Random) -> dict[str, Any]:
    differs = random.random() < 0.1
    return {
        "id": new_id(),
        "made_at": at,
        "outcome": Outcome.EARLY_HELP,
        "level": LEVELS[read.number % 4] if differs else read,
        "differs": differs,
    }


def _correction(found: str, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "made_at": at,
        "kind": CorrectionKind.ELEMENT,
        "code": "concern",
        "found": found,
        "corrected": "met",
    }
