from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.store.audit import verify
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Rebase
from tests.figure_builders import MONTHS, add_agencies, fill, publish_all
from tests.hub_builders import add_user, sign_in

AGENCIES = ["police", "school", "surgery", "tiny"]


def ratings(agency: str, place: int) -> dict[str, int]:
    if agency == "tiny":
        return {"good": 1 + place % 2}
    return {"good": 20 + place % 5, "inadequate": 12 + place % 3, "requires_improvement": 9}


def total_of(counts: dict[str, int]) -> int:
    return sum(counts.values())


@pytest.fixture
def filled(sqlite_store: Store) -> Store:
    add_agencies(sqlite_store, AGENCIES)
    fill(sqlite_store, "rating", AGENCIES, ratings)
    publish_all(sqlite_store)
    return sqlite_store


@pytest.mark.parametrize("path", ["/quality", "/quality/trend", "/quality/compare"])
def test_without_figures_the_pages_say_so(
    client: TestClient, sqlite_store: Store, path: str
) -> None:
    sign_in(client, sqlite_store, add_user(sqlite_store, Role.LEADER))
    assert "No figures have been published yet" in client.get(path).text


def test_the_overview_shows_what_was_counted_and_hides_what_is_small(
    client: TestClient, filled: Store
) -> None:
    sign_in(client, filled, add_user(filled, Role.LEADER))
    page = client.get("/quality", params={"agency": "school", "period": "all"}).text
    counts = [ratings("school", place) for place in range(len(MONTHS))]
    inadequate, total = sum(each["inadequate"] for each in counts), sum(map(total_of, counts))
    assert "Rated inadequate for completeness" in page
    assert f"({inadequate} of {total})" in page
    small = client.get("/quality", params={"agency": "tiny", "period": "2025-12"}).text
    assert "[c]" in small
    assert "(2 of" not in small


def test_a_trend_has_a_chart_and_every_number_beside_it(client: TestClient, filled: Store) -> None:
    sign_in(client, filled, add_user(filled, Role.LEADER))
    page = client.get("/quality/trend", params={"indicator": "inadequate", "agency": "police"}).text
    assert page.count("rq-dot rq-dot--circle") >= len(MONTHS)
    assert page.count('<th scope="row"') == len(MONTHS)
    assert "December 2025" in page


def test_agencies_are_beside_each_other_without_a_ranking(
    client: TestClient, filled: Store
) -> None:
    sign_in(client, filled, add_user(filled, Role.LEADER))
    page = client.get("/quality/compare", params={"indicator": "inadequate"}).text
    rows = page[page.index("<tbody>") :]
    assert rows.index("Police") < rows.index("School") < rows.index("Surgery") < rows.index("Tiny")
    assert "worst" not in page.lower()
    assert "no league table" in page


def test_a_leader_records_that_a_process_changed_and_it_is_audited(
    client: TestClient, filled: Store
) -> None:
    token = sign_in(client, filled, add_user(filled, Role.LEADER))
    form = {
        "form_token": token,
        "indicator": "inadequate",
        "agency": "school",
        "form": "all",
        "month": "2025-03",
        "reason": "Training for the whole school",
    }
    answer = client.post("/quality/rebase", data=form)
    assert answer.status_code == 200
    assert "Limits start anew in March 2025: Training for the whole school" in answer.text
    with filled.reading() as session:
        assert session.scalars(select(Rebase)).one().agency_id == "school"
        assert verify(session).whole


@pytest.mark.parametrize(
    "change", [{"month": "2031-01"}, {"indicator": "other"}, {"reason": "  "}, {"agency": "other"}]
)
def test_a_change_that_cannot_be_is_refused(
    client: TestClient, filled: Store, change: dict[str, str]
) -> None:
    token = sign_in(client, filled, add_user(filled, Role.LEADER))
    form = {
        "form_token": token,
        "indicator": "inadequate",
        "agency": "school",
        "form": "all",
        "month": "2025-03",
        "reason": "Training",
    }
    assert client.post("/quality/rebase", data={**form, **change}).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.LEADER, 200), (Role.HUB_MANAGER, 200), (Role.REFERRER, 403), (Role.HUB, 403)],
)
def test_only_those_who_lead_see_quality(
    client: TestClient, filled: Store, role: Role, status: int
) -> None:
    sign_in(client, filled, add_user(filled, role, agency_id="school"))
    assert client.get("/quality").status_code == status


def test_a_manager_may_not_rebase(client: TestClient, filled: Store) -> None:
    token = sign_in(client, filled, add_user(filled, Role.HUB_MANAGER))
    assert client.post("/quality/rebase", data={"form_token": token}).status_code == 403
