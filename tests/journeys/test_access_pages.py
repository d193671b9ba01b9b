"""Signing in with one press, administration and audit: in a browser, and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Service, find_violations, make_demonstration, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    app = make_demonstration(tmp_path_factory.mktemp("demonstration"))
    with running(app) as service:
        yield service


@pytest.fixture
def context(browser: Browser, demonstration: Service) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=demonstration.address, viewport={"width": 1200, "height": 900}
    )
    yield opened
    opened.close()


def be(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()
    expect(page.locator(".rq-account__who")).to_contain_text(name)


def look(page: Page) -> None:
    """Axe finds nothing, and nothing scrolls sideways, wide and narrow."""
    for width in (1200, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = find_violations(page)
        places = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
        assert places == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_one_press_signs_in_and_one_signs_out(page: Page, context: BrowserContext) -> None:
    be(page, "PC Dale Harker")
    cookies = {each["name"]: each for each in context.cookies()}
    assert list(cookies) == ["__Host-session"]
    assert cookies["__Host-session"]["secure"]
    assert cookies["__Host-session"]["httpOnly"]
    expect(page.get_by_role("link", name="What we sent")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    assert context.cookies() == []


def test_who_wanted_a_page_is_led_back_to_it(page: Page) -> None:
    page.goto("/audit?action=signed_in")
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.get_by_role("button", name="Ruth Calder").click()
    expect(page).to_have_url(re.compile(r"/audit\?action=signed_in$"))


def test_an_auditor_verifies_the_chain(page: Page) -> None:
    be(page, "Ruth Calder")
    page.get_by_role("button", name="Verify the whole log").click()
    expect(page.get_by_role("alert")).to_contain_text("The log is whole")
    look(page)


def test_an_administrator_makes_and_revokes_a_key_without_a_script(
    browser: Browser, demonstration: Service
) -> None:
    context = browser.new_context(base_url=demonstration.address, java_script_enabled=False)
    page = context.new_page()
    be(page, "Chris Dunmore")
    page.get_by_role("link", name="Keys of systems").click()
    page.get_by_label("Agency").select_option("police")
    page.get_by_label("System it is for").fill("Records")
    page.get_by_label("send contacts").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"rq_[\w-]{43}"))
    page.get_by_role("button", name="Revoke Records").click()
    expect(page.get_by_role("cell", name="Revoked")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "address",
    ["/admin", "/admin/people", "/admin/agencies", "/admin/agencies/police", "/admin/keys"],
)
def test_the_pages_of_administrators_are_for_everybody(page: Page, address: str) -> None:
    be(page, "Chris Dunmore")
    page.goto(address)
    look(page)


def test_a_person_s_page_is_for_everybody(page: Page) -> None:
    be(page, "Chris Dunmore")
    page.goto("/admin/people")
    page.get_by_role("link", name="Sam Whitfield").click()
    look(page)


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/admin"])
def test_the_pages_on_the_way_are_for_everybody(page: Page, address: str) -> None:
    if address == "/admin":
        be(page, "Ruth Calder")  # who may not
    page.goto(address)
    look(page)
