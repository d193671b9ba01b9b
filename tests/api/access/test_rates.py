"""Each person has an allowance of their own, and running past it is noted."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access.rates import Allowance
from api.access.rules import allow
from api.store.codes import Action, Role
from api.store.opening import Store
from api.store.tables import AuditRow
from tests.api.access.conftest import HTTPS
from tests.hub_builders import add_user, sign_in


def test_the_allowance_is_each_person_s_own(app: FastAPI, sqlite_store: Store) -> None:
    limits = [allow(Role.LEADER), Depends(Allowance("2/minute"))]
    app.add_api_route("/api/v1/costly", lambda: "done", dependencies=limits)
    first, second = TestClient(app, base_url=HTTPS), TestClient(app, base_url=HTTPS)
    for client in (first, second):
        sign_in(client, sqlite_store, add_user(sqlite_store, Role.LEADER))
    assert [first.get("/api/v1/costly").status_code for _ in range(3)] == [200, 200, 429]
    assert second.get("/api/v1/costly").status_code == 200
    with sqlite_store.reading() as session:
        refusals = select(AuditRow).where(AuditRow.action == Action.REFUSED)
        row = session.scalars(refusals).one()
    assert (row.target, row.details) == ("route:/api/v1/costly", {"why": "TooOftenError"})
