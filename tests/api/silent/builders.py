"""Silent readers, and decided contacts as a comparison meets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.assessor import Assessor
from api.hub.decisions import DecisionGiven, decide
from api.silent.cases import Answer, Case
from api.silent.reading import SilentReader
from api.store.codes import Outcome
from api.store.opening import Store
from api.store.tables import Decision
from nlp import domain
from nlp.domain import Form, Level, Reason
from tests.fakes import FakeReader
from tests.hub_builders import add_user

SILENT = "silent 7"
DAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
GIVEN = {
    Level.UNIVERSAL: Outcome.NO_FURTHER_ACTION,
    Level.EARLY_HELP: Outcome.EARLY_HELP,
    Level.CHILD_IN_NEED: Outcome.REFERRAL,
    Level.CHILD_PROTECTION: Outcome.CP_ENQUIRY,
}


def silent_reader(level: Level = Level.CHILD_PROTECTION, **fields: Any) -> SilentReader:
    reader = FakeReader(level=level, name=SILENT, **fields)
    return SilentReader(reader, Assessor.load(reader=reader))


def decide_on(
    store: Store,
    contact_id: str,
    level: Level,
    *,
    at: datetime | None = None,
    inappropriate: bool | None = None,
) -> Decision:
    """Decide as a person would who gives every reason that is asked for."""
    given = DecisionGiven(
        GIVEN[level],
        level,
        rationale="Seen at home.",
        override_reason="known_history",
        notification_inappropriate=inappropriate,
        notification_reasons=(Reason.ADULT_PATHWAY,) if inappropriate else (),
    )
    by = add_user(store)
    with store.writing() as session:
        return decide(session, contact_id, given, by=by, at=at)


def make_case(
    level: Level = Level.EARLY_HELP,
    read: Level | None = None,
    *,
    number: int = 0,
    plausible: Sequence[Level] | None = None,
    probability: float = 0.8,
    inappropriate: bool | None = None,
    said_inappropriate: bool | None = None,
    kind: domain.Agency = domain.Agency.SCHOOL,
    own_view: Level | None = None,
    beforehand: bool = True,
) -> Case:
    """A case decided as *level* and read as *read*, the same if not given; *number* days on."""
    read = read or level
    answer = Answer(read, probability, tuple(plausible or (read,)), inappropriate)
    return Case(
        contact_id=f"contact-{number}",
        agency_id=f"{kind}_a",
        agency=f"{kind} A",
        kind=kind,
        form=Form.REFERRAL if inappropriate is None else Form.PPN,
        decided_at=DAY + timedelta(days=number),
        level=level,
        outcome=GIVEN[level],
        said_inappropriate=said_inappropriate,
        own_view=own_view,
        gave_first_view=False,
        beforehand=beforehand,
        silent=answer,
        in_service=None,
    )
