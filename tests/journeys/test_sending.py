"""A referrer sends to the hub: once, with a script or without, and losing nothing on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from api.access import sign_ins
from api.access.identity import Identity
from api.access.rules import COOKIE
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Contact, Draft, User
from tests.hub_builders import add_contact, add_user
from tests.journeys.conftest import Service, find_violations

pytestmark = pytest.mark.browser

TEXT = "On Tuesday Ava (4) said her dad hit her with a belt. I saw a red mark on her arm."
SUMMARY = re.compile(r"of the \d+ points")
EXPORT = "id,narrative,agency,date\n1,Ava was hungry.,school_a,1/11/2026\n2,,school_a,1/11/2026\n"


@pytest.fixture
def store(service: Service) -> Store:
    found: Store = service.app.state.store
    return found


def enter(context: BrowserContext, service: Service, identity: Identity) -> None:
    """Sign in, without the page for it."""
    store: Store = service.app.state.store
    with store.writing() as session:
        token = sign_ins.begin(session, session.get_one(User, identity.id))
    # Secure: Chromium sends it to this machine itself, but takes it only under https.
    address = service.address.replace("http:", "https:")
    context.add_cookies(
        [{"name": COOKIE, "value": token, "url": address, "secure": True, "httpOnly": True}]
    )


@pytest.fixture
def referrer(context: BrowserContext, service: Service, store: Store) -> Identity:
    identity = add_user(store, Role.REFERRER, agency_id="school_a")
    enter(context, service, identity)
    return identity


def sent_by(store: Store, identity: Identity) -> list[Contact]:
    with store.reading() as session:
        return list(session.scalars(select(Contact).where(Contact.sender == identity.actor)))


def fill(page: Page) -> None:
    page.goto("/refer")
    page.locator("textarea").first.fill(TEXT)
    page.get_by_label("Forenames").fill("Ava Rose")
    page.get_by_label("Surname").fill("Mold")


def test_a_double_click_sends_once_and_says_what_happens_next(
    page: Page, store: Store, referrer: Identity
) -> None:
    fill(page)
    page.get_by_role("button", name="Send to the hub").dblclick()
    page.wait_for_url("**/received")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")
    (contact,) = sent_by(store, referrer)
    expect(page.locator("main")).to_contain_text(contact.reference)
    expect(page.locator("main")).to_contain_text("within one working day")
    page.get_by_role("link", name="What you sent").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ava Rose Mold")


def test_a_line_that_fails_costs_nobody_their_words(
    page: Page, store: Store, referrer: Identity
) -> None:
    fill(page)
    page.route("**/refer/send", lambda route: route.abort())
    page.get_by_role("button", name="Send to the hub").click()
    notice = page.locator("#not-sent")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("Your text is still here")
    assert page.locator("textarea").first.input_value() == TEXT
    page.unroute("**/refer/send")
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")
    assert len(sent_by(store, referrer)) == 1


def test_an_answer_that_is_lost_on_the_way_makes_no_second_contact(
    page: Page, store: Store, referrer: Identity
) -> None:
    fill(page)

    def lose_the_answer(route: object) -> None:
        route.fetch(max_redirects=0)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/refer/send", lose_the_answer)
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.locator("#not-sent")).to_contain_text("not certain")
    page.unroute("**/refer/send")
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")
    assert len(sent_by(store, referrer)) == 1


def test_a_session_that_ended_is_said_with_everything_still_in_the_form(
    page: Page, context: BrowserContext, service: Service, store: Store, referrer: Identity
) -> None:
    fill(page)
    with store.writing() as session:
        sign_ins.end_all(session, referrer.id)
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("alert")).to_contain_text("Your referral has not been sent")
    assert page.locator("textarea").first.input_value() == TEXT
    enter(context, service, referrer)
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("alert")).to_contain_text("once more")
    assert page.get_by_label("Forenames").input_value() == "Ava Rose"
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")


def test_what_the_first_check_counted_goes_with_it_and_no_word_before(
    page: Page, store: Store, referrer: Identity
) -> None:
    page.goto("/refer")
    with page.expect_request("**/refer/checked") as told:
        page.locator("textarea").first.fill("Ava was late.")
    assert "Ava" not in (told.value.post_data or "")
    told.value.response()
    draft = page.locator("[name=draft]").input_value()
    with store.reading() as session:
        assert session.get(Draft, draft) is not None
    page.locator("textarea").first.fill(TEXT)
    expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")
    (contact,) = sent_by(store, referrer)
    assert contact.first_missing is not None
    with store.reading() as session:
        assert session.get(Draft, draft) is None


@pytest.mark.usefixtures("referrer")
def test_people_are_added_beside_what_was_written(page: Page, store: Store) -> None:
    fill(page)
    for number in (1, 2):
        page.get_by_role("button", name="Add a brother").click()
        expect(page.locator(f"#person-{number}-relation")).to_be_focused()
    page.locator("#person-1-forenames").fill("Jo")
    page.locator("#person-2-forenames").fill("Dana")
    page.locator("#person-2-relation").select_option("parent")
    page.get_by_role("button", name="Send to the hub").click()
    page.wait_for_url("**/received")
    with store.reading() as session:
        contact = session.get_one(Contact, page.url.split("/")[-2])
        names = [(each.relation, each.forenames) for each in contact.people]
    assert names == [("child", "Ava Rose"), ("sibling", "Jo"), ("parent", "Dana")]


def test_it_is_sent_with_a_keyboard_alone(page: Page, store: Store, referrer: Identity) -> None:
    page.goto("/refer")
    reach(page, "one_box_referral-text")
    page.keyboard.insert_text(TEXT)
    reach(page, "person-0-surname")
    page.keyboard.insert_text("Mold")
    reach(page, "send-button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")
    assert len(sent_by(store, referrer)) == 1


def reach(page: Page, target: str, *, most: int = 80) -> None:
    for _ in range(most):
        if page.evaluate("document.activeElement.id") == target:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} was not reached")


@pytest.fixture
def plain(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=service.address, java_script_enabled=False)
    yield context
    context.close()


def test_it_is_sent_without_a_script(plain: BrowserContext, service: Service, store: Store) -> None:
    identity = add_user(store, Role.REFERRER)
    enter(plain, service, identity)
    page = plain.new_page()
    fill(page)
    page.get_by_role("button", name="Add a brother").click()
    page.locator("#person-1-forenames").fill("Jo")
    page.get_by_role("button", name="Check my referral").click()
    assert page.get_by_label("Forenames").first.input_value() == "Ava Rose"
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the hub")
    assert len(sent_by(store, identity)) == 1


def test_a_visitor_who_signs_in_in_another_tab_keeps_their_words(
    page: Page, context: BrowserContext, service: Service, store: Store
) -> None:
    page.goto("/refer")
    page.locator("textarea").first.fill(TEXT)
    enter(context, service, add_user(store, Role.REFERRER))
    page.get_by_role("button", name="show the fields for sending").click()
    expect(page.get_by_role("button", name="Send to the hub")).to_be_visible()
    assert page.locator("textarea").first.input_value() == TEXT


@pytest.mark.parametrize("width", [320, 1300])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, context: BrowserContext, service: Service, store: Store, width: int
) -> None:
    enter(context, service, add_user(store, Role.REFERRER, agency_id="school_a"))
    contact_id = add_contact(store, TEXT)
    page.set_viewport_size({"width": width, "height": 900})
    for address in ("/refer", "/sent", f"/sent/{contact_id}", f"/sent/{contact_id}/received"):
        page.goto(address)
        look(page)
    page.goto("/refer")
    page.get_by_role("button", name="Add a brother").click()
    page.context.clear_cookies()
    page.get_by_role("button", name="Send to the hub").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)


@pytest.mark.parametrize("width", [320, 1300])
def test_an_export_is_imported_on_pages_that_anyone_can_use(
    page: Page, context: BrowserContext, service: Service, store: Store, width: int
) -> None:
    enter(context, service, add_user(store, Role.HUB_MANAGER))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/hub/import")
    look(page)
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": EXPORT.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Match the columns")
    look(page)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the import")
    expect(page.locator("main")).to_contain_text("Has no words")
    look(page)
    with page.expect_download() as rejected:
        page.get_by_role("button", name="Download the rejected rows").click()
    assert rejected.value.suggested_filename == "rejected-rows.csv"
    if page.get_by_role("button", name="Import 1 contact").is_visible():
        page.get_by_role("button", name="Import 1 contact").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("1 contact imported")
        look(page)


def look(page: Page) -> None:
    """Nothing for axe to say, and nothing wider than the window."""
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
