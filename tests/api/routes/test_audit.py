"""What an auditor sees: who did what, and whether the log is whole."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from api.access.audit_trail import PAGE, Wanted, read_page
from api.store.audit import record
from api.store.codes import Action, Role
from api.store.opening import Store
from api.store.tables import AuditRow
from tests.hub_builders import add_contact, add_user, sign_in


@pytest.fixture
def token(client: TestClient, sqlite_store: Store) -> str:
    return sign_in(client, sqlite_store, add_user(sqlite_store, Role.AUDITOR))


def test_names_stand_beside_what_was_done_and_no_word_of_a_contact(
    client: TestClient, token: str, sqlite_store: Store
) -> None:
    contact = add_contact(sqlite_store, "Zyxwvella was seen.")
    page = client.get("/audit").text
    assert "Contact sent" in page
    assert f"contact:{contact}" in page
    assert "Test referrer" in page
    assert "Zyxwvella" not in page


def test_what_was_left_empty_is_said_to_be(
    client: TestClient, token: str, sqlite_store: Store
) -> None:
    with sqlite_store.writing() as session:
        details = {"agency": "", "filters": {}, "form": "ppn"}
        record(session, actor="user:1", action=Action.EXPORTED, target="figures", details=details)
    assert "agency: none; filters: none; form: ppn" in client.get("/audit").text


def test_the_log_is_filtered_by_codes_and_ids(empty_store: Store) -> None:
    first, second = add_contact(empty_store), add_contact(empty_store)
    with empty_store.writing() as session:
        record(session, actor="user:1", action=Action.CONTACT_READ, target=f"contact:{first}")
    with empty_store.reading() as session:
        read = read_page(session, Wanted(action=Action.CONTACT_READ)).rows
        about = read_page(session, Wanted(target=f"contact:{second}")).rows
        by = read_page(session, Wanted(actor="user:1")).rows
    assert [row.target for row in read] == [f"contact:{first}"]
    assert [row.action for row in about] == [Action.CONTACT_SENT]
    assert len(by) == 1


def test_pages_follow_each_other_without_gap_or_repeat(empty_store: Store) -> None:
    with empty_store.writing() as session:
        for number in range(2 * PAGE + 3):
            record(session, actor="system", action=Action.SEARCHED, target=f"x:{number}")
    seen: list[int] = []
    before: int | None = None
    with empty_store.reading() as session:
        for _ in range(3):
            page = read_page(session, Wanted(before=before))
            seen += [row.number for row in page.rows]
            before = page.before
    assert before is None
    assert seen == list(range(2 * PAGE + 3, 0, -1))


def test_verifying_a_whole_log_says_so_and_is_itself_noted(
    client: TestClient, token: str, sqlite_store: Store
) -> None:
    add_contact(sqlite_store)
    page = client.post("/audit/verify", data={"form_token": token}).text
    assert "The log is whole" in page
    with sqlite_store.reading() as session:
        rows = list(session.scalars(select(AuditRow).order_by(AuditRow.number)))
    assert rows[-1].action is Action.AUDIT_VERIFIED
    assert f"{rows[-2].number}:{rows[-2].seal}" in page


def test_a_tampered_row_is_named(client: TestClient, token: str, sqlite_store: Store) -> None:
    add_contact(sqlite_store)
    with sqlite_store.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET actor = 'user:2' WHERE number = 2"))
    page = client.post("/audit/verify", data={"form_token": token}).text
    assert "The log was changed" in page
    assert "Row 2 is not as it was written" in page


@pytest.mark.parametrize("query", ["before=0", "actor=' OR 1=1", "target=<script>"])
def test_a_strange_filter_is_refused(client: TestClient, token: str, query: str) -> None:
    answer = client.get(f"/audit?{query}")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
