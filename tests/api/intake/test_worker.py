"""Contacts are read beside the requests, by one server each, and again where that failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.intake import scoring, worker
from api.intake.links import count_earlier
from api.intake.scoring import score
from api.intake.submission import keep
from api.intake.worker import Worker, claim_next, forget_old_drafts, read_contact
from api.main import create_app
from api.settings import Settings
from api.store.codes import Channel, Outcome
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, Draft, StoredAssessment
from nlp.domain import Level, Urgency
from tests.api.intake.test_submission import GIVEN
from tests.hub_builders import add_agency, add_contact


def contact_of(store: Store, contact_id: str) -> Contact:
    with store.reading() as session:
        return session.get_one(Contact, contact_id)


def readings(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredAssessment)) or 0


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let *by* pass for whoever claims."""
    monkeypatch.setattr(worker, "now", lambda: now() + by)


def wait_until(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_reading_gives_the_queue_what_it_orders_by(
    empty_store: Store, assessor: Assessor
) -> None:
    contact_id = add_contact(empty_store)
    assert score(empty_store, contact_id, assessor=assessor)
    contact = contact_of(empty_store, contact_id)
    assert contact.scored
    assert (contact.level, contact.urgency) == (Level.EARLY_HELP, Urgency.RED)  # a flag: he hit her
    assert contact.present_flags == len(contact.flags) == 1
    assert contact.lowest_level is Level.EARLY_HELP
    assert contact.highest_level is Level.CHILD_PROTECTION
    assert contact.missing


def test_what_was_read_is_not_read_twice(empty_store: Store, assessor: Assessor) -> None:
    contact_id = add_contact(empty_store)
    assert score(empty_store, contact_id, assessor=assessor)
    assert not score(empty_store, contact_id, assessor=assessor)
    assert readings(empty_store) == 1


def test_two_servers_never_read_one_contact(empty_store: Store, assessor: Assessor) -> None:
    sent = {add_contact(empty_store) for _ in range(8)}
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda _: claim_next(empty_store), range(10)))
    assert sorted(filter(None, claimed)) == sorted(sent)
    assert claimed.count(None) == 2


def test_a_contact_that_is_claimed_has_not_changed_for_staff_who_have_it_open(
    empty_store: Store,
) -> None:
    contact_id = add_contact(empty_store)
    before = contact_of(empty_store, contact_id).version
    claim_next(empty_store)
    assert contact_of(empty_store, contact_id).version == before


def test_a_server_that_died_leaves_its_contact_to_others(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_id = add_contact(empty_store)
    assert claim_next(empty_store) == contact_id
    assert claim_next(empty_store) is None
    later(monkeypatch, worker.LEASE + timedelta(seconds=1))
    assert claim_next(empty_store) == contact_id


def test_a_failure_leaves_it_unscored_and_is_tried_again_ever_less_often(
    empty_store: Store, assessor: Assessor
) -> None:
    contact_id = add_contact(empty_store)
    broken = replace(assessor, reader=None)
    pauses = []
    for _ in range(9):
        assert not score(empty_store, contact_id, assessor=broken)
        contact = contact_of(empty_store, contact_id)
        assert not contact.scored
        assert contact.failed_at is not None
        assert contact.read_again_at is not None
        pauses.append(round((contact.read_again_at - contact.failed_at).total_seconds() / 60))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert claim_next(empty_store) is None
    assert score(empty_store, contact_id, assessor=assessor)
    assert contact_of(empty_store, contact_id).failed_at is None


def test_people_s_contacts_are_read_before_imports_and_imports_before_history(
    empty_store: Store,
) -> None:
    add_agency(empty_store)
    old = datetime.now(UTC) - timedelta(days=400)
    imported = replace(GIVEN, channel=Channel.IMPORT, received_at=old)
    history = replace(imported, client_key="two", decided_elsewhere=Outcome.REFERRAL)
    with empty_store.writing() as session:
        expected = [keep(session, each, sender="x").contact_id for each in (history, imported)]
    expected.append(add_contact(empty_store))
    assert [claim_next(empty_store) for _ in range(3)] == expected[::-1]


def test_what_is_to_be_read_again_comes_before_the_next_turn_and_after_what_is_new(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_agency(empty_store)
    first = add_contact(empty_store)
    assert claim_next(empty_store) == first
    later(monkeypatch, timedelta(minutes=5))
    with empty_store.writing() as session:
        imported = keep(session, replace(GIVEN, channel=Channel.IMPORT), sender="x").contact_id
    new = add_contact(empty_store)
    assert [claim_next(empty_store) for _ in range(4)] == [new, first, imported, None]


def test_however_many_wait_the_next_is_found_by_the_index_and_none_is_sorted(
    sqlite_store: Store,
) -> None:
    plans: list[str] = []

    def explain(*told: Any) -> None:
        connection, _, statement, parameters, *_ = told
        if statement.startswith("SELECT contacts"):
            rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

    event.listen(sqlite_store.engine, "before_cursor_execute", explain)
    assert claim_next(sqlite_store) is None
    assert plans
    for plan in plans:
        assert "ix_contacts_to_read (scored=? AND channel=? AND stage=? AND read_again_at" in plan


def test_a_history_that_cannot_be_searched_does_not_keep_a_contact_from_being_read(
    empty_store: Store, assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(worker, "link", fail)
    assert read_contact(empty_store, add_contact(empty_store), assessor=assessor)


def test_staff_at_work_on_a_contact_do_not_lose_its_reading(
    empty_store: Store, assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody changes the contact between its being read from the store and being scored."""
    contact_id = add_contact(empty_store)
    count = count_earlier

    def while_somebody_changes_it(session: object, contact: Contact) -> int:
        with empty_store.writing() as other:
            other.get_one(Contact, contact_id).legal_hold = True
        return count(session, contact)  # type: ignore[arg-type]

    monkeypatch.setattr(scoring, "count_earlier", while_somebody_changes_it)
    assert score(empty_store, contact_id, assessor=assessor)
    contact = contact_of(empty_store, contact_id)
    assert (contact.scored, contact.legal_hold) == (True, True)


def test_the_worker_reads_what_was_there_and_what_comes(
    empty_store: Store, assessor: Assessor
) -> None:
    add_contact(empty_store)
    reading = Worker(empty_store, assessor)
    with reading.running():
        wait_until(lambda: readings(empty_store) == 1)
        add_contact(empty_store)
        reading.wake()
        wait_until(lambda: readings(empty_store) == 2)
    add_contact(empty_store)
    reading.wake()
    time.sleep(0.1)
    assert readings(empty_store) == 2


def test_the_worker_outlives_a_store_that_does_not_answer(
    sqlite_store: Store, assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def fail_first(store: Store) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError

    monkeypatch.setattr(worker, "forget_old_drafts", fail_first)
    add_contact(sqlite_store)
    reading = Worker(sqlite_store, assessor)
    with reading.running():
        wait_until(lambda: len(calls) == 1)
        reading.wake()
        wait_until(lambda: readings(sqlite_store) == 1)


def test_the_service_starts_and_stops_it(sqlite_store: Store, assessor: Assessor) -> None:
    add_contact(sqlite_store)
    with TestClient(create_app(assessor, Settings(), sqlite_store)):
        wait_until(lambda: readings(sqlite_store) == 1)


def test_drafts_that_were_never_sent_are_forgotten(empty_store: Store) -> None:
    with empty_store.writing() as session:
        for days in (1, 3):  # retention.yaml says two
            started = now() - timedelta(days=days)
            draft = Draft(id=str(days), first_score=1, first_missing=1, started_at=started)
            session.add(draft)
    forget_old_drafts(empty_store)
    with empty_store.reading() as session:
        assert list(session.scalars(select(Draft.id))) == ["1"]
