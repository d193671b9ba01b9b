"""That somebody was refused is in the audit log and in the server's; what they sent is not."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.store.codes import Action, Role
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import AuditRow
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
