"""Each person has an allowance of their own, and running past it is noted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import Depends, FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access import keys
from api.access.rates import Allowance
from api.access.rules import allow
from api.store.codes import Action, Role
from api.store.opening import Store
from api.store.tables import AuditRow
from tests.api.access.conftest import HTTPS
from tests.hub_builders import add_agency, add_user, sign_in


def test_the_allowance_is_each_person_s_own(app: FastAPI, sqlite_store: Store) -> None:
    limits = [allow(Role.LEADER), Depends(Allowance("2/minute"))]
    app.add_api_route("/api/v1/costly", lambda: "done", dependencies=limits)
    first, second = TestClient(app, base_url=HTTPS), TestClient(app, base_url=HTTPS)
    for client in (first, second):
        sign_in(client, sqlite_store, add_user(sqlite_store, Role.LEADER))
    assert [first.get("/api/v1/costly").status_code for _ in range(3)] == [200, 200, 429]
    assert second.get("/api/v1/costly").status_code == 200
    (row,) = _refusals(sqlite_store)
    assert (row.target, row.details) == ("route:/api/v1/costly", {"why": "TooOftenError"})


@pytest.mark.parametrize(
    ("method", "path", "role", "most"),
    [
        ("POST", "/hub/search", Role.HUB, 60),
        ("POST", "/admin/people", Role.ADMINISTRATOR, 60),
        ("GET", "/api/v1/figures?measure=contacts", Role.ANALYST, 60),
        ("GET", "/quality/export/figures", Role.ANALYST, 10),
        ("GET", "/quality/export/dictionary", Role.ANALYST, 10),
        ("POST", "/quality/export/contacts", Role.ANALYST, 10),
        ("GET", "/quality/reports/school_a/pdf", Role.ANALYST, 10),
    ],
)
def test_searches_and_exports_have_an_allowance(
    app: FastAPI, sqlite_store: Store, method: str, path: str, role: Role, most: int
) -> None:
    client = TestClient(app, base_url=HTTPS, follow_redirects=False)
    token = sign_in(client, sqlite_store, add_user(sqlite_store, role))
    asked = {"form_token": token, "first": "2026-01", "last": "2026-02"}
    data = asked if method == "POST" else None
    statuses = [client.request(method, path, data=data).status_code for _ in range(most + 2)]
    assert 429 not in statuses[:most]
    assert statuses[most:] == [429, 429]
    assert len(_refusals(sqlite_store)) == 1  # said once, not each time


def test_a_key_is_counted_as_itself(app: FastAPI, sqlite_store: Store) -> None:
    add_agency(sqlite_store)
    by, client = add_user(sqlite_store, Role.ADMINISTRATOR), TestClient(app, base_url=HTTPS)

    def ask() -> int:
        with sqlite_store.writing() as session:
            token = keys.make(
                session,
                agency_id="school_a",
                label="x",
                scopes=[keys.Scope.FIGURES],
                lasts=timedelta(days=1),
                by=by,
            )
        bearer = {"authorization": f"Bearer {token}"}
        asked = [client.get("/api/v1/figures?measure=contacts", headers=bearer) for _ in range(40)]
        return max(answer.status_code for answer in asked)

    assert [ask(), ask()] == [200, 200]


def _refusals(store: Store) -> list[AuditRow]:
    with store.reading() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == Action.REFUSED)))
