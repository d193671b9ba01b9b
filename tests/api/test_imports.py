"""The pages of an import: mapped, checked, done; and only for those who may."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Contact, ImportProfile
from tests.api.conftest import SETTINGS
from tests.api.intake.test_importing import SSD
from tests.hub_builders import add_user, sign_in

FILE = {"file": ("export.csv", SSD.encode())}


@pytest.fixture
def client(empty_store: Store, assessor: Assessor) -> TestClient:
    app = create_app(assessor, SETTINGS, empty_store)
    return TestClient(app, base_url="https://testserver", follow_redirects=False)


@pytest.fixture
def token(client: TestClient, empty_store: Store) -> dict[str, str]:
    return {"form_token": sign_in(client, empty_store, add_user(empty_store, Role.HUB_MANAGER))}


def fields_of(page: str) -> dict[str, str]:
    """What the page's form would post."""
    posted = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    selects = re.findall(r'<select[^>]* name="([^"]+)".*?</select>', page, re.DOTALL)
    for name, body in zip(
        selects, re.findall(r"<select.*?</select>", page, re.DOTALL), strict=True
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        posted[name] = chosen.group(1) if chosen else ""
    return {name: html.unescape(value) for name, value in posted.items()}


def kept(store: Store) -> int:
    with store.reading() as session:
        return len(list(session.scalars(select(Contact.id))))


def test_a_file_is_mapped_checked_and_imported(
    client: TestClient, empty_store: Store, token: dict[str, str]
) -> None:
    chosen = token | {"profile": "ssd_contacts"}
    columns = client.post("/hub/import/columns", data=chosen, files=FILE)
    assert columns.status_code == 200
    assert "Officers attended" not in columns.text
    mapped = fields_of(columns.text)
    assert mapped["column-text"] == "narrative"
    assert mapped["column-id"] == "cont_contact_id"
    checked = client.post("/hub/import/check", data=mapped | {"save-as": "Our extract"})
    assert "Nothing has been imported yet" in checked.text
    assert "Import 2 contacts" in checked.text
    assert kept(empty_store) == 0
    carried = fields_of(checked.text)
    rejected = client.post("/hub/import/rejected", data=carried)
    assert rejected.headers["content-type"].startswith("text/csv")
    assert len(rejected.text.splitlines()) == 4
    assert "Match the columns" in client.post("/hub/import/columns", data=carried).text
    assert "2 contacts imported" in client.post("/hub/import/run", data=carried).text
    assert "0 contacts imported" in client.post("/hub/import/run", data=carried).text
    assert kept(empty_store) == 2
    with empty_store.reading() as session:
        assert session.get_one(ImportProfile, "Our extract").columns["form"] == "referral"
    assert "Our extract" in client.get("/hub/import").text


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        ("columns", {}, "Choose a file first."),
        ("columns", {"table": "nonsense"}, "choose it again"),
        ("check", {"table": "nonsense"}, "choose it again"),
        ("run", {}, "choose it again"),
        ("rejected", {}, "choose it again"),
    ],
)
def test_what_cannot_be_imported_says_why(
    client: TestClient, token: dict[str, str], step: str, given: dict[str, str], words: str
) -> None:
    answer = client.post(f"/hub/import/{step}", data=token | given)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_mapping_without_words_is_shown_again(client: TestClient, token: dict[str, str]) -> None:
    mapped = fields_of(client.post("/hub/import/columns", data=token, files=FILE).text)
    answer = client.post("/hub/import/check", data=mapped | {"column-text": ""})
    assert answer.status_code == 422
    assert "Choose the column that holds the words" in answer.text
    assert "Match the columns" in answer.text


@pytest.mark.parametrize("role", [Role.REFERRER, Role.HUB, Role.LEADER, Role.AUDITOR])
def test_only_managers_and_administrators_import(
    client: TestClient, empty_store: Store, role: Role
) -> None:
    token = sign_in(client, empty_store, add_user(empty_store, role))
    assert client.get("/hub/import").status_code == 403
    answer = client.post("/hub/import/columns", data={"form_token": token}, files=FILE)
    assert answer.status_code == 403


def test_a_form_of_another_session_imports_nothing(
    client: TestClient, empty_store: Store, token: dict[str, str]
) -> None:
    mapped = fields_of(client.post("/hub/import/columns", data=token, files=FILE).text)
    answer = client.post("/hub/import/run", data=mapped | {"form_token": "another"})
    assert answer.status_code == 403
    assert kept(empty_store) == 0
