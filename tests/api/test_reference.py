"""What can be asked for, and what is running."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.version import VERSION


def test_the_frameworks_are_listed_with_their_own_words(client: TestClient) -> None:
    frameworks = {one["id"]: one for one in client.get("/api/v1/frameworks").json()}
    assert {"tees", "london", "hampshire", "east_sussex", "family_help"} <= set(frameworks)
    assert [name for name, one in frameworks.items() if one["default"]] == ["tees"]
    assert [level["level"] for level in frameworks["tees"]["levels"]] == [
        "universal",
        "early_help",
        "child_in_need",
        "child_protection",
    ]


def test_section_17_is_level_3_in_london_and_4_in_hampshire(client: TestClient) -> None:
    numbers = {
        (one["id"], level["level"]): level["number"]
        for one in client.get("/api/v1/frameworks").json()
        for level in one["levels"]
    }
    assert numbers["london", "child_in_need"] == 3
    assert numbers["hampshire", "child_in_need"] == 4


def test_the_forms_are_listed_with_what_they_ask_for(client: TestClient) -> None:
    forms = {one["id"]: one for one in client.get("/api/v1/forms").json()}
    assert {"safer", "marf", "ppn"} <= set(forms)
    assert forms["ppn"]["form"] == "ppn"
    assert any(element["critical"] for element in forms["safer"]["elements"])
    assert forms["safer"]["headings"][0]["hint"]


def test_it_says_that_it_is_up_ready_and_which_versions_answer(client: TestClient) -> None:
    assert client.get("/api/v1/health").json() == {"status": "ok"}
    ready = client.get("/api/v1/ready").json()
    assert (ready["ready"], ready["reader"]) == (True, "fake 1")
    assert client.get("/api/v1/version").json() == {
        "version": VERSION,
        "reader": "fake 1",
        "rulebook": ready["rulebook"],
    }


def test_the_first_address_leads_to_the_page(client: TestClient) -> None:
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/refer")


@pytest.mark.parametrize("address", ["/docs", "/redoc", "/openapi.json"])
def test_no_page_that_loads_scripts_from_elsewhere_is_served(
    client: TestClient, address: str
) -> None:
    assert client.get(address).status_code == 404
