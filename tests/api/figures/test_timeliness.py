"""Late and missing notifications: the error that fewer notifications would hide."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.clocks import LONDON
from api.figures.summaries import recount_all, refresh
from api.figures.timeliness import is_late
from api.store.codes import Expected
from api.store.opening import Store
from api.store.tables import Contact, MonthlyFigure
from nlp import domain
from nlp.domain import Form
from tests.figure_builders import add_decision
from tests.hub_builders import add_agency, add_contact

MARCH = datetime(2026, 3, 10, 12, tzinfo=LONDON)

Figures = dict[tuple[str, str, str], int]  # agency, form, category


@pytest.mark.parametrize(
    ("incident", "received", "late"),
    [
        (date(2026, 3, 10), datetime(2026, 3, 10, 9, tzinfo=LONDON), False),
        (date(2026, 3, 10), datetime(2026, 3, 12, 0, 0, tzinfo=LONDON), False),
        (date(2026, 3, 10), datetime(2026, 3, 12, 0, 1, tzinfo=LONDON), True),
        # Clocks went forward on 29 March: 24 hours after the 28th are over at one in the morning.
        (date(2026, 3, 28), datetime(2026, 3, 30, 1, 0, tzinfo=LONDON), False),
        (date(2026, 3, 28), datetime(2026, 3, 30, 1, 1, tzinfo=LONDON), True),
    ],
)
def test_a_notification_is_late_a_day_after_the_day_of_the_incident(
    incident: date, received: datetime, *, late: bool
) -> None:
    assert is_late(incident, received) is late


def figures(store: Store, measure: str) -> Figures:
    with store.reading() as session:
        found = session.scalars(select(MonthlyFigure).where(MonthlyFigure.measure == measure))
        return {(each.agency_id, each.form, each.category): each.count for each in found}


def add_notification(store: Store, days: int | None) -> str:
    add_agency(store, "police", kind=domain.Agency.POLICE)
    contact_id = add_contact(store, agency_id="police", form=Form.PPN, received_at=MARCH)
    with store.writing() as session:
        day = None if days is None else MARCH.date() - timedelta(days=days)
        session.get_one(Contact, contact_id).incident_on = day
    return contact_id


def owed(expected: Expected) -> dict[str, Any]:
    return {"expected_notification": expected, "expected_from": "police"}


def test_notifications_are_late_by_their_form_or_as_staff_say(empty_store: Store) -> None:
    for days in (0, 1, 2, 9, None):
        add_notification(empty_store, days)
    add_decision(empty_store, add_notification(empty_store, None), **owed(Expected.CAME_LATE))
    add_decision(empty_store, add_notification(empty_store, 0), **owed(Expected.NEVER_CAME))
    add_contact(empty_store, received_at=MARCH)
    refresh(empty_store)
    assert figures(empty_store, "timeliness") == {
        ("police", "ppn", "late"): 3,
        ("police", "ppn", "in_time"): 3,
        ("police", "ppn", "not_known"): 1,
        ("school_a", "referral", "not_a_notification"): 1,
    }


def test_one_that_never_came_is_counted_for_the_police_who_owed_it(empty_store: Store) -> None:
    add_agency(empty_store, "police", kind=domain.Agency.POLICE)
    contact_id = add_contact(empty_store, received_at=MARCH)
    add_decision(empty_store, contact_id, **owed(Expected.NEVER_CAME))
    assert refresh(empty_store) == 2
    assert figures(empty_store, "expected") == {("police", "ppn", "never_came"): 1}
    recount_all(empty_store)
    assert figures(empty_store, "expected") == {("police", "ppn", "never_came"): 1}
    add_decision(empty_store, contact_id)  # a later decision that says nothing of it
    refresh(empty_store)
    assert figures(empty_store, "expected") == {}
