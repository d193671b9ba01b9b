"""A leader sees what fell, why it shows, and takes the report; every page is for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Service, find_violations, make_demonstration, running
from tests.leader_builders import fill_area

pytestmark = pytest.mark.browser

# Tables that paper would cut off at its edge; those on wide paper count where it is that wide.
CUT = """width => [...document.querySelectorAll("table, figure")]
  .filter(each => width > 800 || !each.closest(".rq-wide"))
  .filter(each => each.getBoundingClientRect().right > width + 1)
  .map(each => each.className)"""
VOICE = "Left out: what the child says or shows"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    app = make_demonstration(tmp_path_factory.mktemp("area"))
    fill_area(app.state.store)
    with running(app) as served:
        yield served


@pytest.fixture
def leader(page: Page) -> Page:
    page.goto("/sign-in")
    page.get_by_role("button", name="Martin Eyre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality by agency")
    return page


def test_a_leader_sees_what_fell_why_it_shows_and_takes_the_report(
    leader: Page, tmp_path: Path
) -> None:
    table = leader.get_by_role("region", name="What each agency leaves out")
    table.get_by_role("link", name="Pinewood Academy").click()
    changed = leader.get_by_role("region", name="What changed")
    expect(changed.get_by_role("listitem").filter(has_text=VOICE)).to_contain_text(
        re.compile("Concern.*March 2025 to ", re.DOTALL)
    )
    changed.get_by_role("link", name=VOICE).click()
    expect(leader.get_by_role("img", name=re.compile("by month"))).to_be_visible()
    leader.get_by_text("Why these months stand out").click()
    reasons = leader.get_by_role("listitem").filter(has_text="March 2025")
    expect(reasons).to_contain_text("outside the limits")
    leader.get_by_role("link", name="Report for Pinewood Academy").click()
    improve = leader.get_by_role("region", name="To improve")
    expect(improve).to_contain_text("Tells what the child says or shows")
    with leader.expect_download() as taken:
        leader.get_by_role("link", name="Download this report (PDF)").click()
    assert taken.value.suggested_filename == "report-academy.pdf"
    taken.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_keyboard_alone_reaches_figure_and_form(leader: Page) -> None:
    leader.goto("/quality/trend")
    leader.get_by_label("Figure", exact=True).focus()
    leader.keyboard.type("Left out: what the child says")
    for _ in range(2):
        leader.keyboard.press("Tab")
    expect(leader.get_by_label("Form", exact=True)).to_be_focused()
    leader.keyboard.press("Tab")
    leader.keyboard.press("Enter")
    expect(leader.get_by_role("heading", level=1)).to_have_text(VOICE)
    leader.locator("summary", has_text="The numbers").focus()
    leader.keyboard.press("Tab")
    expect(leader.get_by_role("region", name="The numbers")).to_be_focused()


@pytest.mark.parametrize(
    "address",
    [
        "/quality?agency=academy",
        "/quality/trend?indicator=missing_child_voice&agency=primary",
        "/quality/compare?indicator=missing_child_voice",
        "/quality/reports",
        "/quality/reports/police",
        "/quality/export",
    ],
)
def test_the_pages_of_leaders_are_for_everybody(leader: Page, address: str) -> None:
    leader.goto(address)
    for width in (1300, 320):
        leader.set_viewport_size({"width": width, "height": 1000})
        found = find_violations(leader)
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == [], width
        assert leader.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize(
    "address",
    [
        "/quality?agency=police",
        "/quality/trend?indicator=missing_child_voice&agency=academy",
        "/quality/compare?indicator=missing_child_voice",
        "/quality/reports/police",
    ],
)
def test_pages_hold_in_forced_colours_and_on_paper(leader: Page, address: str) -> None:
    leader.emulate_media(forced_colors="active", color_scheme="dark")
    leader.goto(address)
    # Axe reads colours as they were before the browser forced its own, whose contrast is its doing.
    assert {each["id"] for each in find_violations(leader)} <= {"color-contrast"}
    leader.emulate_media(forced_colors="none", color_scheme="light", media="print")
    expect(leader.locator(".rq-choices").first).to_be_hidden()
    leader.set_viewport_size({"width": 718, "height": 1000})  # A4 within its margins, 96 a inch
    assert leader.evaluate(CUT, 718) == []
    leader.set_viewport_size({"width": 1046, "height": 700})  # and A4 on its side
    assert leader.evaluate(CUT, 1046) == []


def test_an_analyst_takes_contacts_without_a_script(browser: Browser, service: Service) -> None:
    context = browser.new_context(base_url=service.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="Lena Foster").click()
    page.goto("/quality/export")
    page.get_by_role("group", name="Kind of file").last.get_by_label("JSON").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take contacts").click()
    assert taken.value.suggested_filename == "contacts.json"
    context.close()
