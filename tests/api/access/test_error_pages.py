"""Errors as a person with a browser sees them, and as a system does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from starlette.testclient import TestClient

from api.access import sign_ins
from api.access.cookies import HAND_SHAKE, set_hand_shake
from api.access.errors import ConflictError, NotFoundError
from api.access.rules import PUBLIC, Visitor
from api.assessor import Assessor
from api.body_limit import MAX_BODY_BYTES
from api.error_pages import address_of, load_error_words
from api.main import create_app
from api.settings import Settings
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store, StoreUnavailableError
from tests.api.access.conftest import HTTPS, SETTINGS
from tests.hub_builders import add_user, sign_in

ERRORS: dict[str, tuple[Exception, int]] = {
    "conflict": (ConflictError("Somebody else was first."), 409),
    "not-found": (NotFoundError("contact"), 404),
    "store": (StoreUnavailableError(), 503),
    "broken": (RuntimeError("Zyxwvella in a message"), 500),
}


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    for name, (error, _) in ERRORS.items():

        def fail(error: Exception = error) -> None:
            raise error

        for prefix in ("", "/api/v1"):
            app.add_api_route(
                f"{prefix}/raises/{name}", _without_parameters(fail), dependencies=[PUBLIC]
            )
    return TestClient(app, base_url=HTTPS, follow_redirects=False)


def _without_parameters(fail: Any) -> Any:
    return lambda: fail()


@pytest.mark.parametrize(("name", "status"), [(n, s) for n, (_, s) in ERRORS.items()])
def test_a_browser_gets_a_page_and_a_system_gets_json(
    client: TestClient, name: str, status: int
) -> None:
    page, answer = client.get(f"/raises/{name}"), client.get(f"/api/v1/raises/{name}")
    assert (page.status_code, answer.status_code) == (status, status)
    assert load_error_words()[status].title in page.text
    assert "999" in page.text
    assert answer.json()["error"]["message"]
    assert "Zyxwvella" not in page.text + answer.text
    assert page.headers["cache-control"] == "no-store"
    assert 'lang="en"' in page.text


def test_a_page_that_is_not_there_keeps_its_menu(client: TestClient, sqlite_store: Store) -> None:
    person = add_user(sqlite_store, Role.AUDITOR)
    sign_in(client, sqlite_store, person)
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert person.name in page.text


def test_what_is_too_large_is_told_in_a_page(client: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/refer", content=b" " * (MAX_BODY_BYTES + 1), headers=kind)
    assert answer.status_code == 413
    assert load_error_words()[413].title in answer.text


def test_too_many_posts_are_told_in_a_page(assessor: Assessor, sqlite_store: Store) -> None:
    app = create_app(assessor, Settings(rate_limit="1/minute"), sqlite_store)
    client = TestClient(app, base_url=HTTPS)
    client.post("/refer", data={})
    answer = client.post("/refer", data={})
    assert answer.status_code == 429
    assert load_error_words()[429].title in answer.text
    assert int(answer.headers["retry-after"]) >= 1


def test_a_page_for_those_signed_in_leads_to_the_sign_in(client: TestClient) -> None:
    answer = client.get("/audit?action=searched")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert HAND_SHAKE in client.cookies
    assert "searched" not in client.cookies[HAND_SHAKE]


def test_a_form_sent_after_the_session_ended_is_told_so(client: TestClient) -> None:
    answer = client.post("/audit/verify")
    assert answer.status_code == 401
    assert "Nothing was saved" in answer.text
    assert 'href="/sign-in"' in answer.text


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "///evil.example/x"])
def test_nobody_is_led_to_another_site(path: str) -> None:
    request = Request({"type": "http", "path": path, "query_string": b"", "headers": []})
    assert not address_of(request).startswith(("//", "/\\"))


def test_what_a_page_asks_by_itself_does_not_put_off_the_end(
    client: TestClient, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, sqlite_store, add_user(sqlite_store, Role.HUB))
    started = now()
    for minutes in range(2, 20, 2):
        moment = started + timedelta(minutes=minutes)
        monkeypatch.setattr(sign_ins, "now", lambda moment=moment: moment)
        assert client.get("/hub/changes?after=0").status_code == 200
    monkeypatch.setattr(sign_ins, "now", lambda: started + timedelta(minutes=21))
    assert client.get("/hub/changes?after=0").status_code == 401
    assert client.get("/hub").status_code == 303


def test_what_a_page_asks_by_itself_leads_nobody_there(client: TestClient) -> None:
    answer = client.get("/hub/changes?after=0")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
    client.get("/hub/order", headers={"sec-fetch-mode": "cors"})
    assert HAND_SHAKE not in client.cookies
    assert client.get("/hub/order", headers={"sec-fetch-mode": "navigate"}).status_code == 303
    assert HAND_SHAKE in client.cookies


def test_a_sign_in_that_has_been_begun_goes_on_beside_another_page(
    client: TestClient, app: FastAPI
) -> None:
    def begin(request: Request) -> Response:
        answer = Response()
        set_hand_shake(request, answer, {"state": "s", "return": "/hub"})
        return answer

    app.add_api_route("/begin", begin, dependencies=[PUBLIC])
    client.get("/begin")
    begun = client.cookies[HAND_SHAKE]
    client.get("/audit")
    assert client.cookies[HAND_SHAKE] == begun


def test_what_is_too_long_in_a_form_is_said_in_words_for_people(
    client: TestClient, sqlite_store: Store
) -> None:
    token = sign_in(client, sqlite_store, add_user(sqlite_store, Role.HUB))
    page = client.post("/hub/search", data={"form_token": token, "child": "x" * 121})
    assert page.status_code == 422
    assert "too long" in page.text
    assert "fields" not in page.text


@pytest.mark.parametrize(("role", "told"), [(None, True), (Role.REFERRER, True), (Role.HUB, False)])
def test_that_a_referral_can_still_be_sent_is_said_to_who_may_send_one(
    client: TestClient, app: FastAPI, sqlite_store: Store, role: Role | None, *, told: bool
) -> None:
    def fail(_identity: Visitor) -> None:
        raise RuntimeError

    app.add_api_route("/fails", fail)
    if role is not None:
        sign_in(client, sqlite_store, add_user(sqlite_store, role))
    page = client.get("/fails")
    assert page.status_code == 500
    assert ("You can still send your referral" in page.text) is told


@pytest.mark.parametrize(
    "address",
    [
        "/hub/contacts/%00",
        "/hub/contacts/%00/reply",
        "/hub/notifications/%00",
        "/hub/samples/%00",
        "/hub/contacts/" + "0" * 33,
    ],
)
def test_an_id_that_cannot_be_one_is_nowhere(
    assessor: Assessor, postgres_store: Store, address: str
) -> None:
    client = TestClient(create_app(assessor, SETTINGS, postgres_store), base_url=HTTPS)
    sign_in(client, postgres_store, add_user(postgres_store, Role.HUB_MANAGER))
    page = client.get(address)
    assert page.status_code == 404
    assert load_error_words()[404].title in page.text


def test_a_session_that_sat_idle_or_is_old_is_over(
    client: TestClient, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, sqlite_store, add_user(sqlite_store, Role.AUDITOR))
    assert client.get("/audit").status_code == 200
    started = now()
    for minutes in range(15, 9 * 60, 15):  # used all day
        moment = started + timedelta(minutes=minutes)
        monkeypatch.setattr(sign_ins, "now", lambda moment=moment: moment)
        assert client.get("/audit").status_code == 200
    monkeypatch.setattr(sign_ins, "now", lambda: started + timedelta(hours=9, minutes=1))
    assert client.get("/audit").status_code == 303
    monkeypatch.setattr(sign_ins, "now", now)
    sign_in(client, sqlite_store, add_user(sqlite_store, Role.AUDITOR))
    monkeypatch.setattr(sign_ins, "now", lambda: started + timedelta(minutes=25))
    assert client.get("/audit").status_code == 303
