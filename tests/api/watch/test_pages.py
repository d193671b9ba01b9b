"""The page of the watch: who sees it, what it says, and how an alert is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.clocks import month_of
from api.main import create_app
from api.settings import Settings
from api.store.codes import Action, Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import AuditRow, Rebase
from tests.fakes import FakeReader
from tests.hub_builders import add_user, sign_in
from tests.watch_builders import NAMED, Drift, fill_watched

PAGE = "/analysis/watch"


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    at = now()
    drift = Drift(at - timedelta(weeks=16), longer=2.0)
    fill_watched(sqlite_store, until=at, weeks=44, drift=drift)
    return sqlite_store


@pytest.fixture
def client(store: Store) -> TestClient:
    app = create_app(Assessor.load(reader=FakeReader()), Settings(threads=2), store)
    return TestClient(app, base_url="https://testserver")


def enter(client: TestClient, store: Store, role: Role) -> str:
    return sign_in(client, store, add_user(store, role))


def closing(token: str, **other: str) -> dict[str, str]:
    given = {"measure": "length", "agency": "academy", "form": "referral"}
    return {**given, "month": month_of(now()), "reason": "A new form", "form_token": token, **other}


def test_the_analyst_sees_what_moved_and_closes_it(client: TestClient, store: Store) -> None:
    token = enter(client, store, Role.ANALYST)
    page = client.get(PAGE).text
    assert "academy, referrals: length of the text up" in page
    assert "What to do next" in page
    assert "Not watched yet" in page
    assert NAMED not in page
    sent = client.post(f"{PAGE}/start", data=closing(token), follow_redirects=False)
    assert sent.status_code == 303
    assert "length of the text up" not in client.get(PAGE).text
    with store.reading() as session:
        assert session.scalars(select(Rebase.reason)).all() == ["A new form"]
        acts = session.scalars(select(AuditRow.action)).all()
    assert acts.count(Action.REBASED) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"measure": "flags"}, {"month": "2019-01"}, {"reason": "  "}, {"agency": "nobody"}],
)
def test_what_is_not_open_cannot_be_closed(
    client: TestClient, store: Store, wrong: dict[str, str]
) -> None:
    token = enter(client, store, Role.ANALYST)
    assert client.post(f"{PAGE}/start", data=closing(token, **wrong)).status_code == 422
    with store.reading() as session:
        assert session.scalars(select(Rebase.id)).all() == []


def test_a_manager_looks_and_closes_nothing(client: TestClient, store: Store) -> None:
    token = enter(client, store, Role.HUB_MANAGER)
    page = client.get(PAGE, params={"agency": "primary"}).text
    assert "Close this alert" not in page
    assert 'role="img"' in page
    assert client.post(f"{PAGE}/start", data=closing(token)).status_code == 403


@pytest.mark.parametrize("role", [Role.LEADER, Role.HUB, Role.REFERRER, Role.AUDITOR])
def test_others_do_not_see_it(client: TestClient, store: Store, role: Role) -> None:
    enter(client, store, role)
    assert client.get(PAGE).status_code == 403


def test_an_agency_that_is_none_is_refused(client: TestClient, store: Store) -> None:
    enter(client, store, Role.ANALYST)
    assert client.get(PAGE, params={"agency": "nobody"}).status_code == 422
