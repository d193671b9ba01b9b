"""The silent reader never holds up the one in service, and the service goes on without either."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import select
from starlette.testclient import TestClient

from api import clocks
from api.assessor import Assessor
from api.intake.worker import claim_next, is_idle
from api.main import create_app
from api.settings import Settings
from api.silent import beside
from api.silent.beside import load_beside, reading_silently
from api.silent.reading import SilentReader, begin
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, SilentAnswer
from nlp.assessment import FlagFinding
from nlp.domain import Contact as Sent
from nlp.domain import Document, Urgency
from nlp.reading import Reading
from tests.api.hub.builders import add_read
from tests.api.hub.signed_in import sit_down
from tests.api.intake.test_worker import wait_until
from tests.api.silent.builders import SILENT, silent_reader
from tests.fakes import FakeReader
from tests.hub_builders import add_contact


class HangingReader(FakeReader):
    """Reads no contact to its end before it is let go."""

    def read(
        self, contact: Sent, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        HANGS.set()
        LET_GO.wait(60)
        return super().read(contact, document)


HANGS, LET_GO = threading.Event(), threading.Event()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PAUSE", 0.05)


def silently_read(store: Store) -> set[str]:
    with store.reading() as session:
        return set(
            session.scalars(select(SilentAnswer.contact_id).where(SilentAnswer.served.is_(False)))
        )


def make_app(store: Store, silent: SilentReader | None, *, in_service: bool = True) -> FastAPI:
    settings = Settings(
        rate_limit="100000/minute",
        threads=2,
        reader_in_service=in_service,
        silent_reader="" if in_service else "nowhere",
    )
    app = create_app(Assessor.load(reader=FakeReader()), settings, store)
    app.state.silent_reader = silent
    return app


@contextmanager
def served(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        yield client


def test_what_comes_is_read_in_service_and_then_silently(empty_store: Store) -> None:
    before = add_read(empty_store)  # came before the silent reader began
    begin(empty_store, SILENT)
    sent = add_contact(empty_store)
    with served(make_app(empty_store, silent_reader())):
        wait_until(lambda: silently_read(empty_store) == {sent})
    assert before not in silently_read(empty_store)
    with empty_store.reading() as session:
        both = session.scalars(select(SilentAnswer.served)).all()
    assert sorted(both) == [False, True]  # it was read in service first


def test_a_silent_reader_that_hangs_holds_nothing_up(sqlite_store: Store) -> None:
    hanging = SilentReader(HangingReader(name=SILENT), silent_reader().guidance)
    begin(sqlite_store, SILENT)
    first = add_contact(sqlite_store)
    app = make_app(sqlite_store, hanging)
    with served(app):
        wait_until(HANGS.is_set)
        second = add_contact(sqlite_store)
        app.state.worker.wake()
        wait_until(lambda: is_scored(sqlite_store, second))
        assert silently_read(sqlite_store) == set()
        LET_GO.set()
        wait_until(lambda: silently_read(sqlite_store) == {first, second})


def is_scored(store: Store, contact_id: str) -> bool:
    with store.reading() as session:
        return session.get_one(Contact, contact_id).scored


def test_it_waits_while_a_contact_waits_for_the_service(sqlite_store: Store) -> None:
    begin(sqlite_store, SILENT)
    read, waiting = add_read(sqlite_store), add_contact(sqlite_store)
    with reading_silently(sqlite_store, silent_reader(), scored_only=True):
        threading.Event().wait(0.3)
        assert silently_read(sqlite_store) == set()
        assert claim_next(sqlite_store) == waiting
        wait_until(lambda: silently_read(sqlite_store) == {read})


def test_a_damaged_folder_is_said_once_and_serving_goes_on(
    sqlite_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(rate_limit="100000/minute", silent_reader=str(tmp_path / "none"))
    app = create_app(Assessor.load(reader=FakeReader()), settings, sqlite_store)
    sent = add_contact(sqlite_store)
    with served(app) as client:
        wait_until(lambda: is_scored(sqlite_store, sent))
        assert client.get("/api/v1/ready").json()["reader"] == "fake 1"
    said = capsys.readouterr().out
    assert said.count("silent_reader_missing") == 1
    assert "ArtefactError" in said
    assert silently_read(sqlite_store) == set()


def test_a_reader_that_keeps_failing_is_let_be(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing(FakeReader):
        def read(
            self, contact: Sent, document: Document, _ruled: Sequence[FlagFinding] = (), /
        ) -> Reading:
            raise RuntimeError("Ava")

    monkeypatch.setattr(beside, "MOST_FAILED", 2)
    begin(sqlite_store, SILENT)
    for _ in range(4):
        add_read(sqlite_store)
    make_app(sqlite_store, None)  # sets the log up
    failing = SilentReader(Failing(name=SILENT), silent_reader().guidance)
    said = ""

    def stopped() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return "silent_reader_stopped" in said

    with reading_silently(sqlite_store, failing, scored_only=True):
        wait_until(stopped)
    assert said.count("silent_reading_failed") == 2
    assert "Ava" not in said


def test_no_folder_names_no_reader() -> None:
    assert load_beside("", Assessor.load(reader=FakeReader())) is None


def test_no_reader_in_service_needs_one_that_reads_silently() -> None:
    with pytest.raises(ValidationError, match="name the folder of a reader"):
        Settings(reader_in_service=False)


def test_before_there_is_a_reader_contacts_come_in_order_of_arrival_and_are_read_silently(
    empty_store: Store,
) -> None:
    begin(empty_store, SILENT)
    first, second = add_contact(empty_store), add_contact(empty_store)
    app = make_app(empty_store, silent_reader(), in_service=False)
    with served(app) as client:
        wait_until(lambda: silently_read(empty_store) == {first, second})
        assert client.get("/api/v1/ready").status_code == 200
        desk = sit_down(app, Role.HUB)
        queue, page = desk.get("/hub").text, desk.get(f"/hub/contacts/{first}").text
        assert "No reader is in service" in desk.get("/hub/notifications").text
    with empty_store.reading() as session:
        contact = session.get_one(Contact, first)
    assert (contact.scored, contact.failed_at, contact.level) == (False, None, None)
    # One working day, not the four hours of a contact whose reading failed.
    assert contact.due_at == clocks.due_at(contact.received_at, Urgency.AMBER)
    assert queue.index(first) < queue.index(second)
    assert "Not yet read by the checks" not in queue
    assert "No reader is in service." in page
    assert "failed" not in page


def test_a_reader_that_comes_into_service_reads_what_waits(sqlite_store: Store) -> None:
    sent = add_contact(sqlite_store)
    with served(make_app(sqlite_store, None, in_service=False)):
        wait_until(lambda: is_idle(sqlite_store))
    with sqlite_store.writing() as session:
        session.get_one(Contact, sent).read_again_at = now()  # its lease is over
    with served(make_app(sqlite_store, None)):
        wait_until(lambda: is_scored(sqlite_store, sent))
