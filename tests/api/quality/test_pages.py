from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.store.audit import verify
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Agency, Rebase
from tests.figure_builders import MONTHS, add_agencies, fill, publish_all
from tests.hub_builders import add_user, sign_in
from tests.leader_builders import MISSING

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
    page = client.get(path).text
    assert "No figures have been published yet" in page
    assert "This demonstration makes its figures" not in page


def test_the_overview_shows_what_was_counted_and_hides_what_is_small(
    client: TestClient, filled: Store
) -> None:
    sign_in(client, filled, add_user(filled, Role.LEADER))
    page = client.get("/quality", params={"agency": "school", "period": "2024/25"}).text
    year = range(MONTHS.index("2024-04"), MONTHS.index("2025-04"))
    counts = [ratings("school", place) for place in year]
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


def test_late_and_missing_notifications_stand_beside_inappropriate_ones(
    client: TestClient, area: Store
) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality", params={"agency": "police"}).text
    key = page[page.index('id="key"') : page.index('id="changed"')]
    assert key.index("found inappropriate") < key.index("came late") < key.index("never came")
    opposite = page[page.index('id="opposite"') :]
    never_came = MISSING * 3  # in the last quarter
    assert re.search(rf"Expected by staff: never came</td><td[^>]*>{never_came}</td>", opposite)
    assert re.search(r">Late</td><td[^>]*>[0-9]{2,}</td>", opposite)
    assert "more than 24 hours after the day" in key.lower()


def test_filters_combine_on_every_page(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    chosen = {"agency": "group:Schools", "form": "referral"}
    overview = client.get("/quality", params={**chosen, "period": "2025-Q4"}).text
    left_out = overview[overview.index('id="left-out"') :]
    trend = client.get("/quality/trend", params={**chosen, "indicator": "inadequate"}).text
    compared = {**chosen, "period": "2024/25", "indicator": "inadequate"}
    beside = client.get("/quality/compare", params=compared).text
    for shown in (left_out, beside[beside.index("<tbody>") :]):
        assert "Pinewood Academy" in shown
        assert "Marskley Police" not in shown
    for page, values in (
        (overview, ("2025-Q4", "group:Schools", "referral")),
        (trend, ("inadequate", "group:Schools", "referral")),
        (beside, ("inadequate", "2024/25", "group:Schools", "referral")),
    ):
        assert [value for value in values if f'value="{value}" selected' not in page] == []


@pytest.mark.parametrize("group", ["Health & care", "Team #2"])
def test_a_group_of_any_name_is_linked_to_as_it_is_named(
    client: TestClient, sqlite_store: Store, group: str
) -> None:
    add_agencies(sqlite_store, AGENCIES)
    with sqlite_store.writing() as session:
        session.get_one(Agency, "school").group = group
    fill(sqlite_store, "rating", AGENCIES, ratings)
    publish_all(sqlite_store)
    token = sign_in(client, sqlite_store, add_user(sqlite_store, Role.LEADER))
    chosen = {"agency": f"group:{group}", "form": "all"}
    linked = quote(f"group:{group}")
    page = client.get("/quality", params=chosen).text
    assert f"&amp;agency={linked}&amp;" in page
    assert "&amp;agency=group:" not in page
    form = {**chosen, "form_token": token, "indicator": "inadequate", "month": "2025-03"}
    answer = client.post("/quality/rebase", data={**form, "reason": "Training"})
    assert answer.status_code == 200
    assert f'value="{escape(chosen["agency"])}" selected' in answer.text


def test_the_latest_whole_quarter_is_shown_unless_another_is_chosen(
    client: TestClient, filled: Store
) -> None:
    sign_in(client, filled, add_user(filled, Role.LEADER))
    page = client.get("/quality").text
    assert 'value="2025-Q4" selected' in page
    assert client.get("/quality", params={"period": "all"}).status_code == 422
