"""Signing in with a provider's account: who gets in as what, and every forgery refused."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access import cookies
from api.access.cookies import HAND_SHAKE
from api.access.refusals import Strangers
from api.access.rules import COOKIE
from api.store.codes import Action, Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import AuditRow, User
from tests.api.access.oidc.fake_provider import CLIENT, OTHER_KEY, FakeProvider


def leave(client: TestClient, *, way: str = "council") -> dict[str, str]:
    """Go to the provider; give what the browser carries there."""
    answer = client.get(f"/sign-in/with/{way}")
    assert answer.status_code == 303
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def come_back(client: TestClient, state: str, *, way: str = "council", **more: str) -> Any:
    return client.get(f"/sign-in/back/{way}", params={"code": "c", "state": state, **more})


def sign_in(client: TestClient, provider: FakeProvider, **claims: Any) -> Any:
    carried = leave(client)
    provider.sign(carried["nonce"], **claims)
    return come_back(client, carried["state"])


def people(store: Store) -> list[User]:
    with store.reading() as session:
        return list(session.scalars(select(User)))


def test_the_way_there_carries_state_nonce_and_challenge(
    client: TestClient, provider: FakeProvider
) -> None:
    assert "Sign in with Marskley Council" in client.get("/sign-in").text
    carried = leave(client)
    assert carried["response_type"] == "code"
    assert carried["code_challenge_method"] == "S256"
    assert carried["redirect_uri"] == "https://testserver/sign-in/back/council"
    assert len({carried["state"], carried["nonce"], carried["code_challenge"]}) == 3
    assert leave(client)["state"] != carried["state"]
    # What the browser keeps meanwhile is encrypted.
    assert carried["nonce"] not in client.cookies[HAND_SHAKE]


def test_who_comes_back_is_signed_in_by_issuer_and_subject(
    client: TestClient, provider: FakeProvider, sqlite_store: Store
) -> None:
    answer = sign_in(client, provider, email="sam@marskley.example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/hub")
    assert COOKIE in client.cookies
    assert HAND_SHAKE not in client.cookies
    (user,) = people(sqlite_store)
    assert (user.issuer, user.subject, user.role) == (provider.issuer, "person-1", Role.HUB)
    assert provider.asked[0]["grant_type"] == "authorization_code"
    assert len(provider.asked[0]["code_verifier"]) >= 43
    assert "Sam Whitfield" in client.get("/about").text


def test_who_wanted_a_page_is_led_back_to_it(client: TestClient, provider: FakeProvider) -> None:
    assert client.get("/admin?x=1").headers["location"] == "/sign-in"
    assert sign_in(client, provider).headers["location"] == "/admin?x=1"
    assert sign_in(client, provider).headers["location"] == "/hub"


def test_roles_are_read_anew_at_every_sign_in(
    client: TestClient, provider: FakeProvider, sqlite_store: Store
) -> None:
    sign_in(client, provider, roles=["Hub.Worker", "Hub.Manager"])
    assert people(sqlite_store)[0].role is Role.HUB_MANAGER
    before = client.cookies[COOKIE]
    sign_in(client, provider, roles=["Officer"], work={"force": "marskley"})
    (user,) = people(sqlite_store)
    assert (user.role, user.agency_id) == (Role.REFERRER, "police")
    assert client.cookies[COOKIE] != before
    assert sign_in(client, provider, roles=["Leaver"]).status_code == 403
    assert people(sqlite_store)[0].agency_id is None


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": None},
        {"roles": ["Somebody.Else"]},
        {"roles": {"Hub.Worker": True}},
        {"roles": ["Officer"]},
        {"roles": ["Officer"], "work": {"force": "another"}},
        {"roles": ["Officer"], "work": "marskley"},
    ],
    ids=str,
)
def test_whom_the_file_does_not_name_gets_nothing(
    client: TestClient, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    answer = sign_in(client, provider, **claims)
    assert answer.status_code == 403
    assert "Ask your administrator" in answer.text
    assert COOKIE not in client.cookies


FORGERIES: dict[str, dict[str, Any]] = {
    "signed by another key of the same name": {"key": OTHER_KEY},
    "for another client": {"aud": "another"},
    "for us and others, given to another": {"aud": [CLIENT, "another"], "azp": "another"},
    "by another issuer": {"iss": "https://another.example"},
    "for another sign-in": {"nonce": "another"},
    "for no sign-in": {"nonce": None},
    "over": {"exp": int(time.time()) - 3600},
    "without an end": {"exp": None},
    "about nobody": {"sub": None},
    "from tomorrow": {"iat": int(time.time()) + 86400},
}


@pytest.mark.parametrize("claims", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_or_expired_token_is_refused(
    client: TestClient, provider: FakeProvider, sqlite_store: Store, claims: dict[str, Any]
) -> None:
    refused(sign_in(client, provider, **claims), client)
    assert people(sqlite_store) == []


@pytest.mark.parametrize("token", ["", "x.y.z", "not a token", "e30.e30."])
def test_what_is_no_token_is_refused(
    client: TestClient, provider: FakeProvider, token: str
) -> None:
    carried = leave(client)
    provider.token = token
    refused(come_back(client, carried["state"]), client)


def test_a_token_that_nobody_signed_is_refused(client: TestClient, provider: FakeProvider) -> None:
    carried = leave(client)
    provider.sign(carried["nonce"])
    _, body, _ = provider.token.split(".")
    provider.token = f"eyJhbGciOiJub25lIn0.{body}."  # {"alg":"none"}
    refused(come_back(client, carried["state"]), client)


def refused(answer: Any, client: TestClient) -> None:
    assert answer.status_code == 400
    assert "Sign in again" in answer.text
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("state", ["", "forged", "\u00e9"])
def test_a_forged_state_is_sent_to_sign_in_again(
    client: TestClient, provider: FakeProvider, sqlite_store: Store, state: str
) -> None:
    provider.sign(leave(client)["nonce"])
    refused(come_back(client, state), client)
    assert provider.asked == []
    with sqlite_store.reading() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.actor, row.action) == ("nobody", Action.REFUSED)


def test_sign_ins_that_fail_are_told_to_stop_and_noted_no_more(
    client: TestClient, sqlite_store: Store
) -> None:
    cast(FastAPI, client.app).state.strangers = Strangers("2/minute")
    assert [come_back(client, "x").status_code for _ in range(4)] == [400, 400, 429, 429]
    with sqlite_store.reading() as session:
        assert len(session.scalars(select(AuditRow)).all()) == 2


def test_an_answer_is_good_once_and_in_the_browser_that_began(
    client: TestClient, provider: FakeProvider
) -> None:
    carried = leave(client)
    provider.sign(carried["nonce"])
    assert come_back(client, carried["state"]).status_code == 303
    client.cookies.delete(COOKIE)
    refused(come_back(client, carried["state"]), client)


def test_a_hand_shake_that_is_over_or_changed_is_refused(
    client: TestClient, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = leave(client)
    kept = client.cookies[HAND_SHAKE]
    client.cookies.set(HAND_SHAKE, kept[:-4] + "AAAA", domain="testserver.local", path="/")
    refused(come_back(client, carried["state"]), client)
    carried = leave(client)
    later = now() + timedelta(minutes=11)
    monkeypatch.setattr(cookies, "now", lambda: later)
    refused(come_back(client, carried["state"]), client)
    assert provider.asked == []


def test_one_provider_cannot_answer_for_another(client: TestClient, provider: FakeProvider) -> None:
    carried = leave(client)
    provider.sign(carried["nonce"])
    refused(come_back(client, carried["state"], way="school"), client)
    refused(come_back(client, carried["state"], iss="https://another.example"), client)
    assert come_back(client, carried["state"], iss=provider.issuer).status_code == 303
    assert client.get("/sign-in/with/nobody").status_code == 404


def test_a_code_that_the_provider_refuses_is_refused(
    client: TestClient, provider: FakeProvider
) -> None:
    provider.refuses = True
    refused(sign_in(client, provider), client)


def test_a_provider_that_changed_its_keys_is_asked_again(
    client: TestClient, provider: FakeProvider
) -> None:
    sign_in(client, provider)
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    assert sign_in(client, provider).status_code == 303
    assert sign_in(client, provider).status_code == 303
    assert provider.key_sets_given == 2


def test_a_provider_that_calls_itself_another_is_not_believed(
    client: TestClient, provider: FakeProvider
) -> None:
    provider.metadata = {"issuer": "https://another.example"}
    answer = client.get("/sign-in/with/council")
    assert answer.status_code == 502
    assert "You could not be signed in" in answer.text


def test_a_provider_that_does_not_answer_is_told_plainly(
    client: TestClient, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise httpx2.ConnectError("no route")

    monkeypatch.setattr(OAuth2Client, "request", fail)
    assert client.get("/sign-in/with/council").status_code == 502


def test_where_an_administrator_gives_roles_a_newcomer_waits(
    client: TestClient, provider: FakeProvider, sqlite_store: Store
) -> None:
    carried = leave(client, way="school")
    provider.sign(carried["nonce"])
    assert come_back(client, carried["state"], way="school").status_code == 403
    (user,) = people(sqlite_store)
    assert not user.active
    with sqlite_store.writing() as session:
        held = session.get_one(User, user.id)
        held.active, held.role = True, Role.LEADER
    carried = leave(client, way="school")
    provider.sign(carried["nonce"], roles=["Hub.Manager"])
    assert come_back(client, carried["state"], way="school").headers["location"] == "/quality"
    assert people(sqlite_store)[0].role is Role.LEADER


def test_whom_an_administrator_closed_stays_out(
    client: TestClient, provider: FakeProvider, sqlite_store: Store
) -> None:
    sign_in(client, provider)
    with sqlite_store.writing() as session:
        session.scalars(select(User)).one().active = False
    client.cookies.clear()
    assert sign_in(client, provider).status_code == 403
    assert COOKIE not in client.cookies
