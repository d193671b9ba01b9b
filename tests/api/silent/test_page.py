"""The page of silent running: for analysts and managers, audited, and plain about doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.assessor import Assessor
from api.silent.reading import begin, read_silently
from api.store.codes import Action, Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import AuditRow
from nlp.domain import Level
from tests.api.hub.builders import add_read
from tests.api.hub.signed_in import make_app, sit_down
from tests.api.silent.builders import SILENT, decide_on, silent_reader
from tests.fakes import FakeReader

PAGE = "/analysis/silent"


@pytest.fixture
def app(sqlite_store: Store) -> FastAPI:
    return make_app(sqlite_store, Assessor.load(reader=FakeReader()))


def run_silently(store: Store, decided: Level, read: Level, *, number: int = 1) -> None:
    begin(store, SILENT)
    for _ in range(number):
        contact_id = add_read(store)
        read_silently(store, contact_id, silent_reader(read))
        decide_on(store, contact_id, decided, at=now() + timedelta(seconds=1))


def test_without_a_silent_reader_it_says_how_to_have_one(app: FastAPI) -> None:
    page = sit_down(app, Role.ANALYST).get(PAGE)
    assert page.status_code == 200
    assert "RQ_SILENT_READER" in page.text


def test_too_little_is_said_to_be_too_little(app: FastAPI, sqlite_store: Store) -> None:
    run_silently(sqlite_store, Level.CHILD_PROTECTION, Level.CHILD_PROTECTION)
    page = sit_down(app, Role.ANALYST).get(PAGE).text
    assert "Not yet." in page
    assert "89 more contacts that staff decide as child protection" in page
    assert "none of the first 90, 2 of the first 155, 5 of the first 230" in page
    assert "0 of 1: 0.0% (0.0 to 97.5)" in page
    assert "safe" not in page.replace("safety", "").replace("Safety", "").lower()


def test_a_reader_that_misses_too_much_is_said_to(app: FastAPI, sqlite_store: Store) -> None:
    run_silently(sqlite_store, Level.CHILD_PROTECTION, Level.UNIVERSAL, number=6)
    page = sit_down(app, Role.HUB_MANAGER).get(PAGE).text
    assert "Enough has been seen: decide." in page
    assert "child protection left out of the plausible levels" in page
    assert "Not shown" in page


def test_a_small_agency_is_not_named(app: FastAPI, sqlite_store: Store) -> None:
    run_silently(sqlite_store, Level.EARLY_HELP, Level.EARLY_HELP, number=2)
    assert "school_a" not in sit_down(app, Role.ANALYST).get(PAGE).text


def test_only_decisions_from_a_day_on_are_shown_and_the_verdict_stays(
    app: FastAPI, sqlite_store: Store
) -> None:
    run_silently(sqlite_store, Level.CHILD_PROTECTION, Level.CHILD_PROTECTION)
    tomorrow = (now() + timedelta(days=2)).date()
    page = sit_down(app, Role.ANALYST).get(f"{PAGE}?reader=&since={tomorrow}").text
    assert "0 of them decided" in page
    assert "89 more contacts" in page


@pytest.mark.parametrize(
    ("query", "status"), [("reader=nobody", 404), ("since=soon", 422), ("since=", 200)]
)
def test_what_cannot_be_shown_is_refused(
    app: FastAPI, sqlite_store: Store, query: str, status: int
) -> None:
    begin(sqlite_store, SILENT)
    assert sit_down(app, Role.ANALYST).get(f"{PAGE}?{query}").status_code == status


def test_who_looked_is_in_the_audit_log(app: FastAPI, sqlite_store: Store) -> None:
    run_silently(sqlite_store, Level.EARLY_HELP, Level.EARLY_HELP)
    analyst = sit_down(app, Role.ANALYST)
    analyst.get(PAGE)
    with sqlite_store.reading() as session:
        row = session.scalars(
            select(AuditRow).where(AuditRow.action == Action.SILENT_COMPARED)
        ).one()
    assert (row.actor, row.details) == (analyst.identity.actor, {"contacts": 1})


@pytest.mark.parametrize("role", [Role.HUB, Role.REFERRER, Role.LEADER, Role.AUDITOR])
def test_nobody_else_sees_it(app: FastAPI, role: Role) -> None:
    assert sit_down(app, role).get(PAGE).status_code == 403
