"""The pages of quality assurance: drawn by a manager, rated blind, and shown with both answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.assessor import Assessor
from api.hub.decisions import DecisionGiven, decide
from api.intake.submission import PersonGiven
from api.store.codes import Action, Outcome, Role
from api.store.opening import Store
from api.store.tables import AuditRow, Decision, DipRating
from nlp.domain import Level
from tests.api.hub.builders import QUIET, add_read
from tests.api.hub.signed_in import Desk, make_app, sit_down
from tests.api.hub.test_dip_samples import add_decided
from tests.fakes import FakeReader
from tests.hub_builders import add_user


@pytest.fixture
def app(sqlite_store: Store) -> FastAPI:
    add_decided(sqlite_store, 3, by=add_user(sqlite_store))
    return make_app(sqlite_store, Assessor.load(reader=FakeReader()))


def draw(manager: Desk, **fields: object) -> str:
    answer = manager.post("/hub/quality/samples", size=3, days=30, **fields)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_manager_draws_and_a_worker_rates_without_the_first_answer(
    app: FastAPI, sqlite_store: Store
) -> None:
    manager, worker = sit_down(app, Role.HUB_MANAGER), sit_down(app)
    sample = draw(manager, seed="77", strata="agency")
    assert "77" in manager.get(sample).text
    page = worker.get(f"{sample}/rate")
    assert QUIET in page.text
    assert "Reads like" not in page.text
    assert "checked" not in page.text  # nothing is chosen beforehand
    assert "/hub/contacts/" not in page.text
    contact = page.text.partition('name="contact" value="')[2][:32]
    saved = worker.post(
        f"{sample}/rate", contact=contact, level="child_in_need", outcome="referral", note="Alone"
    )
    assert saved.status_code == 303
    shown = manager.get(sample).text
    assert "1 of 3" in shown
    assert "Where two people differ: 1 of 1" in shown
    assert "Alone" in shown
    with sqlite_store.reading() as session:
        target = f"sample:{sample.rpartition('/')[2]}"
        seen = session.scalars(
            select(AuditRow.details)
            .where(AuditRow.target == target, AuditRow.action == Action.QUEUE_SEEN)
            .order_by(AuditRow.number)
        ).all()
        acts = session.scalars(
            select(AuditRow.action).where(AuditRow.actor == worker.identity.actor)
        ).all()
    assert [each["shown"] for each in seen] == [0, 1]  # the second time with what the rater says
    assert Action.CONTACT_READ in acts
    assert Action.SAMPLE_RATED in acts


def test_the_child_is_named_with_the_age_when_the_contact_came(
    app: FastAPI, sqlite_store: Store
) -> None:
    came = datetime.now(UTC) - timedelta(days=20)
    child = PersonGiven(forenames="Ava", surname="Moss", date_of_birth=came.date().replace(2019))
    contact_id = add_read(sqlite_store, people=(child,), received_at=came)
    given, by = DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP), add_user(sqlite_store)
    with sqlite_store.writing() as session:
        decide(session, contact_id, given, by=by, at=came + timedelta(days=1))
    manager = sit_down(app, Role.HUB_MANAGER)
    sample = manager.post("/hub/quality/samples", size=9, days=30).headers["location"]
    pages = []
    while "Ava Moss" not in (page := manager.get(f"{sample}/rate").text):
        contact = page.partition('name="contact" value="')[2][:32]
        manager.post(f"{sample}/rate", contact=contact, level="early_help", outcome="early_help")
        pages.append(page)
        assert len(pages) < 9
    assert f"aged {came.year - 2019}" in page


def test_who_decided_does_not_rate_and_the_refusal_is_kept(
    app: FastAPI, sqlite_store: Store
) -> None:
    sample, worker = draw(sit_down(app, Role.HUB_MANAGER)), sit_down(app)
    contact = worker.get(f"{sample}/rate").text.partition('name="contact" value="')[2][:32]
    with sqlite_store.writing() as session:
        for each in session.scalars(select(Decision).where(Decision.contact_id == contact)):
            each.made_by = worker.identity.id
    answer = worker.post(f"{sample}/rate", contact=contact, level="universal", outcome="referral")
    assert answer.status_code == 403
    with sqlite_store.reading() as session:
        assert session.scalars(select(DipRating)).all() == []
        row = session.scalars(select(AuditRow).where(AuditRow.action == Action.REFUSED)).one()
    assert (row.actor, row.details) == (worker.identity.actor, {"why": "NotAllowedError"})
    assert row.target.endswith("/rate")


def test_what_lacks_an_answer_is_said_and_nothing_is_lost(
    app: FastAPI, sqlite_store: Store
) -> None:
    sample, worker = draw(sit_down(app, Role.HUB_MANAGER)), sit_down(app)
    contact = worker.get(f"{sample}/rate").text.partition('name="contact" value="')[2][:32]
    answer = worker.post(f"{sample}/rate", contact=contact, level="universal", note="Words kept")
    assert answer.status_code == 422
    assert "Choose an outcome." in answer.text
    assert "Choose the level of need." not in answer.text
    assert "Words kept" in answer.text
    with sqlite_store.reading() as session:
        assert session.scalars(select(DipRating)).all() == []


def test_a_wrong_draw_is_said_in_the_form(app: FastAPI) -> None:
    manager = sit_down(app, Role.HUB_MANAGER)
    for fields, said in (
        ({"size": "many", "days": 30}, "1 to 200"),
        ({"size": 3, "days": 7}, "Choose one of the periods"),
        ({"size": 3, "days": 30, "seed": "x7"}, "seed in digits"),
    ):
        answer = manager.post("/hub/quality/samples", **fields)
        assert answer.status_code == 422
        assert said in answer.text


def test_only_a_manager_draws_and_sees_overrides(app: FastAPI) -> None:
    worker, manager = sit_down(app), sit_down(app, Role.HUB_MANAGER)
    assert worker.post("/hub/quality/samples", size=3, days=30).status_code == 403
    assert worker.get("/hub/quality/overrides").status_code == 403
    assert "No decision differs" in manager.get("/hub/quality/overrides").text
    assert "Draw a sample" not in worker.get("/hub/quality").text


def test_when_all_is_rated_the_page_says_so(app: FastAPI) -> None:
    sample, worker = draw(sit_down(app, Role.HUB_MANAGER)), sit_down(app)
    for _ in range(3):
        contact = worker.get(f"{sample}/rate").text.partition('name="contact" value="')[2][:32]
        worker.post(f"{sample}/rate", contact=contact, level="early_help", outcome="early_help")
    assert "Nothing is left for you to rate" in worker.get(f"{sample}/rate").text
    assert "100%" in worker.get(sample).text
    assert worker.get(f"/hub/quality/samples/{'0' * 32}").status_code == 404
