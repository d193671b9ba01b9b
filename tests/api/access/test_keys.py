"""Keys of systems: shown once, kept as a hash, good for one agency and scope until they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from starlette.testclient import TestClient

from api.access import keys
from api.access.identity import Identity
from api.access.keys import Scope
from api.access.rules import Sender
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import ApiKey
from tests.hub_builders import add_agency, add_user, sign_in


def make(store: Store, *, scope: Scope = Scope.SEND, days: int = 1) -> str:
    add_agency(store)
    administrator = add_user(store, Role.ADMINISTRATOR)
    with store.writing() as session:
        return keys.make(
            session,
            agency_id="school_a",
            label="Case system",
            scopes=[scope],
            lasts=timedelta(days=days),
            by=administrator,
        )


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    @app.post("/api/v1/for-senders")
    def tell(identity: Sender) -> dict[str, str | None]:
        return {"kind": identity.kind, "agency": identity.agency_id, "actor": identity.actor}

    return TestClient(app, base_url="https://testserver")


def ask(client: TestClient, token: str, *, scheme: str = "Bearer") -> int:
    headers = {"authorization": f"{scheme} {token}"}
    return client.post("/api/v1/for-senders", headers=headers).status_code


def test_a_key_speaks_for_its_agency(client: TestClient, sqlite_store: Store) -> None:
    answer = client.post(
        "/api/v1/for-senders", headers={"authorization": f"Bearer {make(sqlite_store)}"}
    )
    assert answer.json()["kind"] == "key"
    assert answer.json()["agency"] == "school_a"
    assert answer.json()["actor"].startswith("key:")


def test_only_the_hash_is_kept(empty_store: Store) -> None:
    token = make(empty_store)
    assert token.startswith("rq_")
    assert len(token) >= 46  # 32 random bytes in base64
    with empty_store.engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM api_keys")).all()
    assert token not in repr(rows)
    assert token[3:] not in repr(rows)
    found = keys.find(empty_store, token)
    assert found is not None
    assert found.agency_name == "school_a"


def test_a_key_that_is_over_revoked_or_made_up_is_refused(
    client: TestClient, sqlite_store: Store
) -> None:
    good, over = make(sqlite_store), make(sqlite_store, days=-1)
    assert ask(client, good) == 200
    assert ask(client, over) == 401
    assert ask(client, good[:-1]) == 401
    assert ask(client, good, scheme="Basic") == 401
    assert ask(client, "") == 401
    found = keys.find(sqlite_store, good)
    assert found is not None
    with sqlite_store.writing() as session:
        keys.revoke(session, found.id, by=found)
    refused = client.post("/api/v1/for-senders", headers={"authorization": f"Bearer {good}"})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert good not in refused.text


def test_a_key_does_no_more_than_its_scope(client: TestClient, sqlite_store: Store) -> None:
    assert ask(client, make(sqlite_store, scope=Scope.READ)) == 403


def test_no_key_lasts_longer_than_a_year(empty_store: Store) -> None:
    token = make(empty_store, days=5000)
    with empty_store.reading() as session:
        key = session.scalars(select(ApiKey)).one()
    assert key.expires_at - key.made_at <= keys.LONGEST + timedelta(minutes=1)
    assert keys.find(empty_store, token) is not None


def test_a_referrer_in_a_browser_sends_with_the_token_of_their_forms(
    client: TestClient, sqlite_store: Store
) -> None:
    token = sign_in(client, sqlite_store, add_user(sqlite_store, Role.REFERRER))
    assert client.post("/api/v1/for-senders", json={}).status_code == 403
    headers = {"x-form-token": token}
    assert client.post("/api/v1/for-senders", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REFERRER}))
def test_nobody_else_sends(client: TestClient, sqlite_store: Store, role: Role) -> None:
    someone: Identity = add_user(sqlite_store, role)
    headers = {"x-form-token": sign_in(client, sqlite_store, someone)}
    assert client.post("/api/v1/for-senders", headers=headers).status_code == 403
