"""What else is known: the same child before, who has the case, and who saw it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from api.access.errors import NotFoundError
from api.hub import history
from api.hub.contact_words import say_age
from api.hub.decisions import DecisionGiven, decide
from api.store.audit import record
from api.store.codes import Action, LinkState, Outcome
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, SameChild
from nlp.domain import Level
from tests.api.hub.builders import add_read
from tests.api.intake.test_worker import wait_until
from tests.hub_builders import add_user

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def link(store: Store, later: str, earlier: str, *, family_only: bool = False) -> str:
    with store.writing() as session:
        row = SameChild(
            later_id=later,
            earlier_id=earlier,
            probability=0.8,
            family_only=family_only,
            reasons=["surname.same", "date_of_birth.slip", "address.differs"],
        )
        session.add(row)
        session.flush()
        return row.id


def linked(store: Store, contact_id: str) -> tuple[list[history.LinkedContact], int]:
    with store.reading() as session:
        contact = session.get_one(Contact, contact_id)
        found = history.find_linked(session, contact)
        return found, history.count_in_year(contact, found)


def test_an_earlier_contact_is_shown_with_reasons_in_words_and_its_outcome(
    empty_store: Store,
) -> None:
    earlier = add_read(empty_store, received_at=AT - timedelta(days=30))
    later = add_read(empty_store, received_at=AT)
    link(empty_store, later, earlier)
    by = add_user(empty_store)
    with empty_store.writing() as session:
        given = DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP)
        decide(session, earlier, given, by=by)
    (found,), _ = linked(empty_store, later)
    assert (found.contact_id, found.earlier, found.outcome) == (earlier, True, Outcome.EARLY_HELP)
    assert found.reasons == ("same surname", "date of birth is one slip away")
    assert found.differences == ("address differs",)
    (back,), _ = linked(empty_store, earlier)
    assert (back.contact_id, back.earlier) == (later, False)


def test_staff_confirm_or_reject_and_only_confirmed_ones_of_the_year_are_counted(
    empty_store: Store,
) -> None:
    later = add_read(empty_store, received_at=AT)
    ages = {"recent": 30, "rejected": 40, "old": 400, "sibling": 50, "unsaid": 60}
    ids = {
        name: add_read(empty_store, received_at=AT - timedelta(days=days))
        for name, days in ages.items()
    }
    links = {
        name: link(empty_store, later, each, family_only=name == "sibling")
        for name, each in ids.items()
    }
    by = add_user(empty_store)
    with empty_store.writing() as session:
        for name in ("recent", "old", "sibling"):
            history.say_of_link(session, later, links[name], same=True, by=by)
        history.say_of_link(session, later, links["rejected"], same=False, by=by)
    found, in_year = linked(empty_store, later)
    assert in_year == 1
    assert [each.state for each in found] == [
        *[LinkState.CONFIRMED] * 3,
        LinkState.SUGGESTED,
        LinkState.REJECTED,
    ]
    with empty_store.reading() as session:
        said = session.get_one(SameChild, links["recent"])
        acts = session.scalars(
            select(AuditRow).where(AuditRow.action == Action.CHILD_MATCHED)
        ).all()
    assert (said.said_by, len(acts)) == (by.id, 4)


def test_a_link_of_another_contact_is_not_found(sqlite_store: Store) -> None:
    one, two, three = (add_read(sqlite_store) for _ in range(3))
    foreign = link(sqlite_store, two, one)
    by = add_user(sqlite_store)
    with pytest.raises(NotFoundError), sqlite_store.writing() as session:
        history.say_of_link(session, three, foreign, same=True, by=by)


def test_saying_of_a_link_and_suggesting_it_anew_do_not_wait_for_each_other(
    postgres_store: Store,
) -> None:
    """Whoever suggests links has the log first, and then changes the link."""
    later, earlier = add_read(postgres_store, received_at=AT), add_read(postgres_store)
    link_id, by = link(postgres_store, later, earlier), add_user(postgres_store)

    def say() -> None:
        with postgres_store.writing() as session:
            history.say_of_link(session, later, link_id, same=True, by=by)

    with ThreadPoolExecutor(1) as staff:
        with postgres_store.writing() as session:
            record(session, actor="system", action=Action.CHILD_MATCHED, target="contact:x")
            said = staff.submit(say)
            wait_until(lambda: somebody_waits(postgres_store))
            session.get_one(SameChild, link_id).probability = 0.9
        said.result(timeout=30)
    with postgres_store.reading() as session:
        kept = session.get_one(SameChild, link_id)
    assert (kept.state, kept.probability) == (LinkState.CONFIRMED, 0.9)


def somebody_waits(store: Store) -> bool:
    with store.reading() as session:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(session.scalar(text(waiting)))


def test_a_worker_is_noted_and_taken_back_without_the_name_in_the_log(empty_store: Store) -> None:
    contact_id, by = add_read(empty_store), add_user(empty_store)
    with empty_store.writing() as session:
        history.mark_open(session, contact_id, worker=" Kim Ash ", by=by)
    with empty_store.reading() as session:
        assert session.get_one(Contact, contact_id).open_to == "Kim Ash"
        row = session.scalars(
            select(AuditRow).where(AuditRow.action == Action.CASE_MARKED_OPEN)
        ).one()
    assert row.details == {"open": True}
    with empty_store.writing() as session:
        history.mark_open(session, contact_id, worker="", by=by)
    with empty_store.reading() as session:
        assert session.get_one(Contact, contact_id).open_to is None


def test_acts_name_people_and_the_service(sqlite_store: Store) -> None:
    contact_id, by = add_read(sqlite_store), add_user(sqlite_store)
    with sqlite_store.writing() as session:
        history.mark_open(session, contact_id, worker="Kim Ash", by=by)
    with sqlite_store.reading() as session:
        acts = history.find_acts(session, contact_id)
        since = history.find_acts(session, contact_id, after=acts[1].number)
    assert [(each.who, each.action) for each in acts][:2] == [
        (by.name, Action.CASE_MARKED_OPEN),
        ("This service", Action.CONTACT_SCORED),
    ]
    assert [each.action for each in since] == [Action.CASE_MARKED_OPEN]


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2026, 11, 16), "1 week old"),
        (date(2026, 10, 23), "1 month old"),
        (date(2024, 11, 24), "23 months old"),
        (date(2024, 11, 23), "aged 2"),
        (date(2016, 11, 24), "aged 9"),
    ],
)
def test_ages_are_said_as_at_the_hub(born: date, said: str) -> None:
    assert say_age(born, AT.date()) == said
