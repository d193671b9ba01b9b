"""An analyst opens the page of silent running: it is for everybody, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from api.silent.reading import begin, read_silently
from api.store.columns import now
from nlp.domain import LEVELS
from tests.api.hub.builders import add_read
from tests.api.silent.builders import SILENT, decide_on, silent_reader
from tests.journeys.conftest import Service, find_violations, make_demonstration, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    app = make_demonstration(tmp_path_factory.mktemp("silent"))
    store = app.state.store
    begin(store, SILENT)
    for number in range(16):
        contact_id = add_read(store)
        read_silently(store, contact_id, silent_reader(LEVELS[number // 4]))
        level = LEVELS[min(3, number // 4 + number % 2)]
        decide_on(store, contact_id, level, at=now() + timedelta(seconds=1))
    with running(app) as served:
        yield served


def test_an_analyst_sees_what_is_still_to_be_seen_wide_and_narrow(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Lena Foster").click()
    page.get_by_role("link", name="Silent running").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Silent running")
    verdict = page.get_by_role("region", name="Has enough been seen?")
    expect(verdict).to_contain_text("Not yet.")
    for width in (1300, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = find_violations(page)
        assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text("Why this rule").click()
    expect(verdict).to_contain_text("stated before the run")
