"""That somebody was refused is in the audit log and in the server's; what they sent is not."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access import refusals
from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.codes import Action, Role
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import AuditRow
from tests.api.access.conftest import HTTPS
from tests.hub_builders import add_user, sign_in


def test_a_refusal_is_kept_with_who_where_and_why_and_nothing_else(
    client: TestClient, sqlite_store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    person = add_user(sqlite_store, Role.LEADER)
    token = sign_in(client, sqlite_store, person)
    client.post("/admin/people/Zyxwvella", data={"form_token": token, "name": "Zyxwvella"})
    with sqlite_store.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == Action.REFUSED)).one()
    assert row.actor == person.actor
    assert row.target.startswith("route:/")
    assert row.details == {"why": "NotAllowedError"}
    output = capfd.readouterr().out
    logged = [json.loads(line) for line in output.splitlines() if '"refused"' in line]
    assert [(line["event"], line["error"]) for line in logged] == [("refused", "NotAllowedError")]
    assert "Zyxwvella" not in output + row.target


def test_a_store_that_does_not_answer_does_not_turn_a_refusal_into_another_error(
    client: TestClient, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, sqlite_store, add_user(sqlite_store, Role.LEADER))

    def fail(_: Store) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(Store, "writing", fail)
    assert client.get("/audit").status_code == 403


WRONG = {"authorization": "Bearer x"}


def ask(app: FastAPI, *, times: int, address: str = "10.0.0.1") -> list[int]:
    client = TestClient(app, base_url=HTTPS, client=(address, 1))
    return [client.get("/api/v1/contacts", headers=WRONG).status_code for _ in range(times)]


def rows_of_strangers(store: Store) -> list[AuditRow]:
    strangers = select(AuditRow).where(AuditRow.actor == "nobody").order_by(AuditRow.number)
    with store.reading() as session:
        return list(session.scalars(strangers))


def test_wrong_keys_are_told_to_stop_and_noted_no_more(
    assessor: Assessor, sqlite_store: Store
) -> None:
    app = create_app(assessor, Settings(rate_limit="3/minute"), sqlite_store)
    assert ask(app, times=5) == [401, 401, 401, 429, 429]
    assert len(rows_of_strangers(sqlite_store)) == 3
    assert ask(app, times=1, address="10.0.0.2") == [401]
    assert rows_of_strangers(sqlite_store)[-1].details == {"why": "NotSignedInError", "left_out": 2}


def test_rows_of_strangers_are_few_from_however_many_addresses(
    app: FastAPI, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "ROWS_OF_STRANGERS", "2/minute")
    app.state.strangers = refusals.Strangers("100/minute")
    for number in range(5):
        assert ask(app, times=1, address=f"10.0.0.{number}") == [401]
    assert len(rows_of_strangers(sqlite_store)) == 2
