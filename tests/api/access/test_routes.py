"""Every route has a rule of access, and the documents say which."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from api.access.navigation import role_words
from api.access.rules import PUBLIC, allow
from api.access.table import RouteRule, access_table, route_rules
from api.store.codes import Role
from api.store.opening import Store
from tests.hub_builders import add_user, sign_in

DOCUMENT = Path(__file__).parents[3] / "docs" / "access.md"


def test_every_route_has_a_rule(app: FastAPI) -> None:
    rules = route_rules(app)
    assert len(rules) > 20
    assert [each for each in rules if each.rule is None and not each.is_public] == []


def test_a_route_without_a_rule_is_found_however_deep_it_is() -> None:
    inner, outer, mounted, app = APIRouter(), APIRouter(prefix="/outer"), FastAPI(), FastAPI()
    inner.add_api_route("/inner", lambda: None)
    outer.include_router(inner, prefix="/deep")
    mounted.add_api_route("/there", lambda: None, dependencies=[PUBLIC])
    mounted.add_api_route("/forgotten", lambda: None)
    app.include_router(outer)
    app.mount("/sub", mounted)
    lacking = {each.path for each in route_rules(app) if each.rule is None}
    assert {"/outer/deep/inner", "/sub/forgotten"} <= lacking
    assert "/sub/there" not in lacking


def test_the_stricter_of_two_rules_is_the_one_told() -> None:
    router, app = APIRouter(dependencies=[PUBLIC]), FastAPI()
    router.add_api_route("/", lambda: None, dependencies=[allow(Role.HUB)])
    app.include_router(router, prefix="/x")
    rule = next(each for each in route_rules(app) if each.path == "/x/")
    assert rule.roles == {Role.HUB}
    assert not rule.is_public


def test_the_document_shows_the_rules_as_they_are(app: FastAPI) -> None:
    assert access_table(app) in DOCUMENT.read_text(encoding="utf-8")


def ask(client: TestClient, rule: RouteRule) -> int:
    """Ask a route as a browser would, with an id that is nobody's."""
    path = rule.path
    for part in path.split("/"):
        if part.startswith("{"):
            path = path.replace(part, "0" * 32)
    return client.request(rule.method, path).status_code


def test_nobody_gets_in_without_signing_in(client: TestClient, app: FastAPI) -> None:
    closed = [each for each in route_rules(app) if not each.is_public]
    assert closed
    statuses = {(each.path, each.method): ask(client, each) for each in closed}
    # 303 leads to the sign-in page.
    assert {place: got for place, got in statuses.items() if got not in {303, 401}} == {}


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_into_nothing_that_is_not_its_own(
    client: TestClient, app: FastAPI, sqlite_store: Store, role: Role
) -> None:
    sign_in(client, sqlite_store, add_user(sqlite_store, role))
    others = [each for each in route_rules(app) if not each.is_public and role not in each.roles]
    assert {(each.path, each.method): ask(client, each) for each in others} == {
        (each.path, each.method): 403 for each in others
    }


@pytest.mark.parametrize("role", Role)
def test_a_form_without_this_session_s_token_changes_nothing(
    client: TestClient, app: FastAPI, sqlite_store: Store, role: Role
) -> None:
    sign_in(client, sqlite_store, add_user(sqlite_store, role))
    own = [each for each in route_rules(app) if role in each.roles and each.method != "GET"]
    # 422: the fields are looked at before the token, and nothing is done.
    assert {ask(client, each) for each in own} <= {403, 422}


def test_a_form_of_an_earlier_session_changes_nothing(
    client: TestClient, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store, Role.AUDITOR)
    earlier = sign_in(client, sqlite_store, person)
    assert client.post("/audit/verify", data={"form_token": earlier}).status_code == 200
    sign_in(client, sqlite_store, person)
    assert client.post("/audit/verify", data={"form_token": earlier}).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_a_role_is_led_only_to_pages_that_are_there_and_open_to_it(
    app: FastAPI, role: Role
) -> None:
    open_to_it = {
        rule.path
        for rule in route_rules(app)
        if rule.method == "GET" and (rule.is_public or role in rule.roles)
    }
    assert {page.address for page in role_words()[role].pages} <= open_to_it
