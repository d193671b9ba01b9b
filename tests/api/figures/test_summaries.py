from __future__ import annotations

import threading
from datetime import datetime, timedelta

from sqlalchemy import select

from api.clocks import LONDON, month_bounds, month_of
from api.figures.summaries import recount_all, refresh
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, Decision, MonthlyFigure, StaleMonth
from nlp.domain import Form, Level
from tests.figure_builders import add_decision
from tests.hub_builders import add_agency, add_contact, add_user

MARCH = datetime(2026, 3, 10, 12, tzinfo=LONDON)


def figures(store: Store) -> dict[tuple[str, str, str, str, str], int]:
    with store.reading() as session:
        return {
            (each.month, each.agency_id, each.form, each.measure, each.category): each.count
            for each in session.scalars(select(MonthlyFigure))
        }


def test_contacts_are_counted_in_their_month_and_form(empty_store: Store) -> None:
    add_contact(empty_store, received_at=MARCH)
    add_contact(empty_store, received_at=MARCH + timedelta(days=1), form=Form.PPN)
    add_contact(empty_store, received_at=MARCH + timedelta(days=30))
    assert refresh(empty_store) == 2
    found = figures(empty_store)
    assert found["2026-03", "school_a", "referral", "contacts", "all"] == 1
    assert found["2026-03", "school_a", "ppn", "notification", "not_said"] == 1
    assert found["2026-04", "school_a", "referral", "contacts", "all"] == 1


def test_a_later_change_is_counted_and_nothing_else_is(empty_store: Store) -> None:
    contact_id = add_contact(empty_store, received_at=MARCH)
    add_contact(empty_store, received_at=MARCH + timedelta(days=60))
    refresh(empty_store)
    assert refresh(empty_store) == 0
    add_decision(empty_store, contact_id)
    assert refresh(empty_store) == 1
    found = figures(empty_store)
    assert found["2026-03", "school_a", "referral", "outcome", "referral"] == 1
    assert ("2026-03", "school_a", "referral", "outcome", "not_decided") not in found


def test_a_decision_counts_once_it_needs_no_signature(empty_store: Store) -> None:
    contact_id = add_contact(empty_store, received_at=MARCH)
    add_decision(empty_store, contact_id, level=Level.UNIVERSAL, needs_sign_off=True)
    refresh(empty_store)
    key = ("2026-03", "school_a", "referral", "outcome", "referral")
    assert key not in figures(empty_store)
    manager = add_user(empty_store, Role.HUB_MANAGER)
    with empty_store.writing() as session:
        held = session.scalars(select(Decision)).one()
        held.signed_by, held.signed_at = manager.id, now()
    refresh(empty_store)
    assert figures(empty_store)[key] == 1


def test_what_is_kept_up_is_what_a_full_recount_gives(empty_store: Store) -> None:
    for place in range(12):
        add_agency(empty_store, f"school_{place % 3}")
        contact_id = add_contact(
            empty_store,
            agency_id=f"school_{place % 3}",
            received_at=MARCH + timedelta(days=9 * place),
            form=Form.PPN if place % 2 else Form.REFERRAL,
        )
        refresh(empty_store)
        if place % 4:
            add_decision(empty_store, contact_id, level=Level.CHILD_PROTECTION)
            refresh(empty_store, at_most=1)
    refresh(empty_store)
    kept_up = figures(empty_store)
    assert recount_all(empty_store) >= len({(key[0], key[1]) for key in kept_up})
    assert figures(empty_store) == kept_up


def test_no_change_is_lost_while_others_count(empty_store: Store) -> None:
    stop = threading.Event()

    def count_on() -> None:
        while not stop.is_set():
            refresh(empty_store)

    counting = threading.Thread(target=count_on)
    counting.start()
    sending = [
        threading.Thread(
            target=lambda: [add_contact(empty_store, received_at=MARCH) for _ in range(5)]
        )
        for _ in range(3)
    ]
    add_agency(empty_store)
    for thread in sending:
        thread.start()
    for thread in sending:
        thread.join()
    stop.set()
    counting.join()
    refresh(empty_store)
    with empty_store.reading() as session:
        assert session.scalars(select(StaleMonth)).all() == []
        assert len(session.scalars(select(Contact.id)).all()) == 15
    assert figures(empty_store)["2026-03", "school_a", "referral", "contacts", "all"] == 15


def test_months_are_those_of_london() -> None:
    late = datetime.fromisoformat("2026-03-31T23:30:00+00:00")  # 00:30 on 1 April in London
    assert month_of(late) == "2026-04"
    start, end = month_bounds("2026-12")
    assert (month_of(start), month_of(end)) == ("2026-12", "2027-01")
