"""An analyst opens the watch, reads an alert, and looks at the charts behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from api.store.columns import now
from tests.journeys.conftest import Service, find_violations, make_demonstration, running
from tests.watch_builders import Drift, fill_watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    app = make_demonstration(tmp_path_factory.mktemp("watched"))
    at = now()
    drift = Drift(at - timedelta(weeks=16), longer=2.0)
    fill_watched(app.state.store, until=at, weeks=44, drift=drift)
    with running(app) as served:
        yield served


def test_an_analyst_reads_an_alert_and_its_charts(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Lena Foster").click()
    page.get_by_role("link", name="Watch", exact=True).click()
    alert = page.get_by_role("region", name="length of the text up")
    expect(alert).to_contain_text("What to do next")
    alert.get_by_role("link", name="See its charts").click()
    chart = page.get_by_role("img", name="Length of the text, batch by batch. It alarmed")
    expect(chart).to_be_visible()
    page.get_by_text("The numbers: length of the text").click()
    table = page.get_by_role("region", name="academy, referrals: Length of the text")
    expect(table.get_by_text("since the change").first).to_be_visible()
    for width in (1300, 320):
        page.set_viewport_size({"width": width, "height": 1000})
        found = find_violations(page)
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
