"""What administrators change, and that it counts at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access import keys
from api.access.identity import Identity
from api.store.codes import Action, Role
from api.store.opening import Store
from api.store.tables import Agency, AuditRow, User
from tests.api.access.conftest import HTTPS
from tests.hub_builders import add_agency, add_user, sign_in


class Administrator:
    """Somebody signed in as one, who posts as the pages do."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store = client, store
        self.identity = add_user(store, Role.ADMINISTRATOR)
        self.token = sign_in(client, store, self.identity)

    def get(self, address: str) -> Any:
        return self.client.get(address)

    def post(self, address: str, **given: Any) -> Any:
        return self.client.post(address, data={**given, "form_token": self.token})


@pytest.fixture
def administrator(client: TestClient, sqlite_store: Store) -> Administrator:
    return Administrator(client, sqlite_store)


def held(store: Store, user: Identity) -> User:
    with store.reading() as session:
        return session.get_one(User, user.id)


def actions(store: Store) -> list[Action]:
    with store.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))


def test_another_role_counts_from_the_next_request_on(
    administrator: Administrator, app: FastAPI, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store, Role.AUDITOR)
    theirs = TestClient(app, base_url=HTTPS, follow_redirects=False)
    sign_in(theirs, sqlite_store, person)
    assert theirs.get("/audit").status_code == 200
    saved = administrator.post(f"/admin/people/{person.id}", role="leader", active="true")
    assert "Saved" in saved.text
    assert theirs.get("/audit").status_code == 403
    assert held(sqlite_store, person).role is Role.LEADER
    assert Action.USER_CHANGED in actions(sqlite_store)


def test_a_leaver_is_signed_out_everywhere_and_stays_out(
    administrator: Administrator, app: FastAPI, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store, Role.AUDITOR)
    theirs = TestClient(app, base_url=HTTPS, follow_redirects=False)
    sign_in(theirs, sqlite_store, person)
    administrator.post(f"/admin/people/{person.id}", role="auditor")  # the box is not ticked
    assert theirs.get("/audit").headers["location"] == "/sign-in"
    assert Action.SESSIONS_ENDED in actions(sqlite_store)


def test_sessions_can_be_ended_without_another_change(
    administrator: Administrator, app: FastAPI, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store, Role.AUDITOR)
    theirs = TestClient(app, base_url=HTTPS, follow_redirects=False)
    sign_in(theirs, sqlite_store, person)
    assert administrator.post(f"/admin/people/{person.id}/end-sessions").status_code == 303
    assert theirs.get("/audit").status_code == 303
    sign_in(theirs, sqlite_store, person)
    assert theirs.get("/audit").status_code == 200


def test_nobody_changes_their_own_account(administrator: Administrator) -> None:
    own = administrator.identity.id
    answer = administrator.post(f"/admin/people/{own}", role="hub_manager", active="true")
    assert answer.status_code == 409
    assert "ask another administrator" in answer.text
    assert held(administrator.store, administrator.identity).role is Role.ADMINISTRATOR


def test_a_referrer_needs_an_agency_and_nobody_else_has_one(
    administrator: Administrator, sqlite_store: Store
) -> None:
    add_agency(sqlite_store, "police")
    person = add_user(sqlite_store, Role.HUB)
    address = f"/admin/people/{person.id}"
    assert administrator.post(address, role="referrer", active="true").status_code == 409
    gone = administrator.post(address, role="referrer", agency="nowhere", active="true")
    assert gone.status_code == 409
    administrator.post(address, role="referrer", agency="police", active="true")
    assert held(sqlite_store, person).agency_id == "police"
    administrator.post(address, role="leader", agency="police", active="true")
    assert held(sqlite_store, person).agency_id is None


def test_people_are_found_by_name_without_a_name_in_the_address(
    administrator: Administrator, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store, Role.HUB)
    page = administrator.post("/admin/people", name=person.name.upper()).text
    assert f"/admin/people/{person.id}" in page
    assert f"/admin/people/{administrator.identity.id}" not in page
    assert f"/admin/people/{person.id}" in administrator.get("/admin/people").text
    assert administrator.get("/admin/people/nobody").status_code == 404


AGENCY = {"name": "Marskley Police", "kind": "police", "source_code": "6"}


def test_an_agency_is_added_and_changed(administrator: Administrator, sqlite_store: Store) -> None:
    more = {"feedback_since": "2026-09-01", "webhook_url": "https://police.example/told"}
    added = administrator.post("/admin/agencies/new", own_id="police", **AGENCY, **more)
    assert added.status_code == 303
    again = administrator.post("/admin/agencies/new", own_id="police", **AGENCY)
    assert "There is an agency with this id" in again.text
    assert "1 September 2026" in administrator.get("/admin/agencies").text
    administrator.post("/admin/agencies/police", **AGENCY | {"name": "Tees Police"})
    with sqlite_store.reading() as session:
        agency = session.get_one(Agency, "police")
    assert (agency.name, agency.feedback_since, agency.webhook_url) == ("Tees Police", None, None)
    assert "Tees Police" in administrator.get("/admin/agencies").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_id": "all"},
        {"own_id": "Not an id"},
        {"name": " "},
        {"kind": "circus"},
        {"source_code": "99"},
        {"feedback_since": "last week"},
        {"webhook_url": "http://plain.example"},
        {"webhook_url": "https://[broken"},
        {"webhook_url": "https://elsewhere.example/told"},
        {"webhook_url": f"https://police.example/{'x' * 300}"},
    ],
    ids=str,
)
def test_what_is_wrong_with_an_agency_is_said_beside_its_field(
    administrator: Administrator, sqlite_store: Store, wrong: dict[str, str]
) -> None:
    answer = administrator.post("/admin/agencies/new", **{"own_id": "police", **AGENCY, **wrong})
    assert answer.status_code == 422
    field = next(iter(wrong)).replace("own_id", "id")
    assert f'href="#{field}"' in answer.text
    with sqlite_store.reading() as session:
        assert session.get(Agency, "police") is None


def test_a_signing_secret_is_shown_once(administrator: Administrator, sqlite_store: Store) -> None:
    add_agency(sqlite_store, "police")
    page = administrator.post("/admin/agencies/police/secret").text
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", page)
    assert secret is not None
    with sqlite_store.reading() as session:
        assert session.get_one(Agency, "police").webhook_secret == secret[0]
    assert "whsec_" not in administrator.get("/admin/agencies/police").text


def test_a_key_is_shown_once_and_can_be_revoked(
    administrator: Administrator, sqlite_store: Store
) -> None:
    add_agency(sqlite_store, "police")
    incomplete = administrator.post("/admin/keys", agency="police", label=" ")
    assert incomplete.status_code == 422
    page = administrator.post(
        "/admin/keys", agency="police", label="Niche", scopes="contacts:send", days="30"
    ).text
    token = re.search(r"rq_[\w-]{43}", page)
    assert token is not None
    found = keys.find(sqlite_store, token[0])
    assert found is not None
    assert found.agency_id == "police"
    listed = administrator.get("/admin/keys").text
    assert "Niche" in listed
    assert token[0] not in listed
    assert administrator.post(f"/admin/keys/{found.id}/revoke").status_code == 303
    assert keys.find(sqlite_store, token[0]) is None
    assert administrator.post("/admin/keys/nothing/revoke").status_code == 404
    assert "1 not revoked" not in administrator.get("/admin").text


def test_the_first_page_counts_keys(administrator: Administrator) -> None:
    assert "0 not revoked" in administrator.get("/admin").text
