"""Decisions outside what the reading left open are counted both ways, with their reasons."""

from __future__ import annotations

from datetime import datetime

from api.clocks import LONDON
from api.hub.decisions import DecisionGiven, decide
from api.hub.overrides import MonthOfOverrides, ReasonCount, find_overrides
from api.store.codes import Outcome
from api.store.opening import Store
from nlp.domain import Level
from tests.api.hub.builders import add_read
from tests.hub_builders import add_user

MARCH, APRIL = (datetime(2026, month, 10, 12, tzinfo=LONDON) for month in (3, 4))


def add(store: Store, at: datetime, level: Level, reason: str | None = None) -> None:
    contact_id, by = add_read(store, level=Level.EARLY_HELP, received_at=at), add_user(store)
    given = DecisionGiven(
        Outcome.EARLY_HELP, level, rationale="Seen at home.", override_reason=reason
    )
    with store.writing() as session:
        decide(session, contact_id, given, by=by, at=at)


def test_overrides_are_counted_both_ways_by_month_and_reason(empty_store: Store) -> None:
    add(empty_store, MARCH, Level.EARLY_HELP)
    add(empty_store, MARCH, Level.CHILD_PROTECTION, "known_history")
    add(empty_store, APRIL, Level.UNIVERSAL, "known_history")
    add(empty_store, APRIL, Level.UNIVERSAL, "help_in_place")
    add(empty_store, datetime(2024, 1, 5, tzinfo=LONDON), Level.UNIVERSAL, "help_in_place")
    with empty_store.reading() as session:
        log = find_overrides(session, at=datetime(2026, 4, 30, tzinfo=LONDON))
    assert len(log.months) == 12
    assert log.months[:2] == (
        MonthOfOverrides("2026-04", decisions=2, higher=0, lower=2),
        MonthOfOverrides("2026-03", decisions=2, higher=1, lower=0),
    )
    assert log.reasons == (
        ReasonCount("known_history", higher=1, lower=1),
        ReasonCount("help_in_place", higher=0, lower=1),
    )
