"""A social worker works through the queue: by mouse, keyboard, at 320 pixels, without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.access import sign_ins
from api.access.identity import Identity
from api.access.rules import COOKIE
from api.hub import claims
from api.intake.submission import PersonGiven
from api.store.codes import Role
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, User
from nlp.domain import Form, Urgency
from tests.api.hub.builders import TEXT, add_read
from tests.hub_builders import add_agency, add_contact, add_user
from tests.journeys.conftest import Service, find_violations

pytestmark = pytest.mark.browser

AGENCY = "queue_journey"
QUEUE = f"/hub?agency={AGENCY}"
POLL = 15_000


def child(forenames: str) -> tuple[PersonGiven, ...]:
    return (PersonGiven(forenames=forenames, surname="Moss", date_of_birth=date(2016, 4, 2)),)


@pytest.fixture(scope="module")
def store(service: Service) -> Store:
    """The service's store, with contacts of one agency that other journeys do not touch."""
    store: Store = service.app.state.store
    add_agency(store, AGENCY)
    day = now() - timedelta(days=1)
    add_contact(store, agency_id=AGENCY, people=child("Unread"))
    add_read(store, TEXT, agency_id=AGENCY, people=child("Flagged"), received_at=day)
    add_read(store, agency_id=AGENCY, people=child("Amber"), urgency=Urgency.AMBER)
    add_read(store, agency_id=AGENCY, form=Form.PPN, inappropriate=True, people=child("Doubted"))
    add_read(store, agency_id=AGENCY)
    return store


@pytest.fixture
def identity(store: Store, context: BrowserContext, service: Service) -> Identity:
    """A manager of the hub, signed in in the browser."""
    return sign_in(store, context, service, Role.HUB_MANAGER)


def sign_in(store: Store, context: BrowserContext, service: Service, role: Role) -> Identity:
    identity = add_user(store, role)
    with store.writing() as session:
        token = sign_ins.begin(session, session.get_one(User, identity.id))
    context.add_cookies(
        [
            {
                "name": COOKIE,
                "value": token,
                "url": service.address.replace("http:", "https:"),
                "secure": True,
                "httpOnly": True,
            }
        ]
    )
    return identity


@pytest.fixture
def narrow(browser: Browser, service: Service, store: Store) -> Iterator[Page]:
    """A telephone."""
    context = browser.new_context(base_url=service.address, viewport={"width": 320, "height": 800})
    sign_in(store, context, service, Role.HUB)
    yield context.new_page()
    context.close()


def broken_rules(page: Page) -> list[str]:
    return [broken["id"] for broken in find_violations(page)]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent")).strip()


def first_doubted(page: Page) -> str:
    page.goto("/hub/notifications")
    return str(page.locator(".rq-contact__name a").first.get_attribute("href"))


def test_cards_stand_in_the_order_of_the_rule(page: Page, identity: Identity) -> None:
    page.goto(QUEUE)
    names = page.locator(".rq-contact__name").all_inner_texts()
    assert [name.split(" ")[0] for name in names[:3]] == ["Unread", "Flagged", "Amber"]
    expect(page.locator(".rq-contact").nth(1)).to_contain_text(
        "A child says that someone hurt them"
    )
    expect(page.locator(".rq-contact").nth(1)).to_contain_text("Overdue by 20")


def test_no_page_of_the_queue_breaks_a_rule_of_accessibility(
    page: Page, identity: Identity, store: Store
) -> None:
    one = first_doubted(page)
    other = add_user(store)
    taken = add_contact(store, agency_id="school_a")
    claims.claim(store, taken, by=other)
    for address in (
        QUEUE,
        "/hub?form=ppn&urgency=red",
        "/hub?agency=nobody",
        "/hub/order",
        "/hub/notifications",
        one,
    ):
        page.goto(address)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert broken_rules(page) == [], address
    page.goto("/hub?agency=school_a")
    claims.release(store, taken, by=other)
    page.reload()
    claims.claim(store, taken, by=other)
    page.locator(f"[data-contact='{taken}'] [data-claim] button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has this contact")
    assert broken_rules(page) == []


def test_nothing_scrolls_sideways_at_320_pixels(narrow: Page) -> None:
    one = first_doubted(narrow)
    for address in (QUEUE, "/hub?form=ppn&urgency=red", "/hub/order", "/hub/notifications", one):
        narrow.goto(address)
        narrow.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_keys_move_through_the_contacts_and_open_one(page: Page, identity: Identity) -> None:
    page.goto(QUEUE)
    for key, name in (("j", "Unread"), ("j", "Flagged"), ("ArrowDown", "Amber"), ("k", "Flagged")):
        page.keyboard.press(key)
        assert focused(page).startswith(name), key
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")  # the first stays the first
    assert focused(page).startswith("Unread")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    page.goto(QUEUE)
    page.keyboard.press("j")
    opened = page.locator(".rq-contact__name a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{opened}")


def test_a_key_claims_the_contact_that_has_the_focus(
    page: Page, identity: Identity, store: Store
) -> None:
    contact = add_read(store, agency_id=AGENCY, people=child("Claimed"))
    page.goto(QUEUE)
    page.keyboard.press("c")  # no contact has the focus: nothing happens
    page.locator(f"[data-contact='{contact}'] a").first.focus()
    page.keyboard.press("c")
    page.wait_for_url(f"**/hub/contacts/{contact}")
    with store.reading() as session:
        assert session.get_one(Contact, contact).claimed_by == identity.id
    claims.release(store, contact, by=identity)


def test_single_keys_can_be_switched_off_for_good(page: Page, identity: Identity) -> None:
    page.goto(QUEUE)
    page.locator("#keys summary").click()
    page.get_by_label("Use single keys as shortcuts").uncheck()
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.locator(".rq-contact__name a").first.focus()
    page.keyboard.press("ArrowDown")  # not a character key: it stays
    assert focused(page).startswith("Flagged")


def test_letters_typed_in_a_field_are_letters(page: Page, identity: Identity) -> None:
    page.goto(QUEUE)
    page.get_by_text("Find a child or a reference").click()
    page.get_by_label("Child’s name").press_sequentially("jck?")  # noqa: RUF001
    expect(page.get_by_label("Child’s name")).to_have_value("jck?")  # noqa: RUF001


def test_new_contacts_are_announced_and_move_nothing(
    page: Page, identity: Identity, store: Store
) -> None:
    page.clock.install()
    page.goto(QUEUE)
    before = page.locator(".rq-contact__name").all_inner_texts()
    page.locator(".rq-contact__name a").nth(2).focus()
    add_contact(store, agency_id=AGENCY, people=child("Newest"))
    shown = page.locator("[data-contact]").nth(2).get_attribute("data-contact")
    assert shown is not None
    other = add_user(store)
    claims.claim(store, shown, by=other)
    page.clock.fast_forward(POLL)
    expect(page.get_by_role("status")).to_have_text("1 new contact.")
    expect(page.locator(".rq-changed").nth(2)).to_be_visible()
    expect(page.locator(".rq-changed").nth(1)).to_be_hidden()
    assert page.locator(".rq-contact__name").all_inner_texts() == before
    assert focused(page).startswith(before[2].split(",")[0])
    page.get_by_role("link", name="Show the queue as it is now").click()
    expect(page.get_by_role("link", name="Newest Moss")).to_be_visible()
    claims.release(store, shown, by=other)


def test_a_page_that_nobody_uses_stops_asking_and_says_so(page: Page, identity: Identity) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.goto(QUEUE)
    page.clock.fast_forward(11 * 60_000)
    expect(page.get_by_role("status")).to_contain_text("has stopped looking for new contacts")
    assert not any("/hub/changes" in url for url in asked)
    page.keyboard.press("Tab")
    with page.expect_request("**/hub/changes**"):
        page.clock.fast_forward(POLL)
    expect(page.get_by_role("status")).to_have_text("")


def test_a_page_whose_session_ended_says_so_and_asks_no_more(
    page: Page, store: Store, identity: Identity
) -> None:
    page.clock.install()
    page.goto(QUEUE)
    with store.writing() as session:
        sign_ins.end_all(session, identity.id)
    with page.expect_request("**/hub/changes**"):
        page.clock.fast_forward(POLL)
    expect(page.get_by_role("status")).to_contain_text("You have been signed out")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(2 * POLL)
    assert asked == []
    page.get_by_role("link", name="Show the queue as it is now").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_a_child_is_found_and_no_name_is_in_the_address(page: Page, identity: Identity) -> None:
    page.goto("/hub")
    page.get_by_text("Find a child or a reference").click()
    page.get_by_label("Child’s name").fill("moss flagged")  # noqa: RUF001
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".rq-found")).to_have_text("Found: 1")
    assert page.url.endswith("/hub/search")


def test_a_view_is_saved_and_used_again(page: Page, identity: Identity) -> None:
    page.goto("/hub?form=ppn")
    page.get_by_text("Your views").click()
    page.get_by_label("Save these filters as").fill("Police")
    page.get_by_role("button", name="Save view").click()
    page.goto("/hub")
    page.get_by_role("navigation", name="Parts of the queue").get_by_role(
        "link", name="Police"
    ).click()
    page.wait_for_url("**/hub?form=ppn")


def test_a_doubted_notification_is_answered_in_one_look(
    page: Page, identity: Identity, store: Store
) -> None:
    doubted = add_read(
        store, agency_id="school_a", form=Form.PPN, inappropriate=True, people=child("Looked")
    )
    page.goto("/hub/notifications")
    page.get_by_role("link", name="Looked Moss").click()
    expect(page.get_by_text("Why this may be wrong:").first).to_be_visible()
    page.get_by_role("button", name="It is for the hub").click()
    page.wait_for_url("**/hub/notifications**saved=yes")
    page.goto("/hub?agency=school_a")
    expect(page.locator(f"[data-contact='{doubted}']")).to_contain_text(
        "A person said that this notification is for the hub."
    )


def test_without_script_everything_is_there(
    browser: Browser, service: Service, store: Store
) -> None:
    context = browser.new_context(base_url=service.address, java_script_enabled=False)
    identity = sign_in(store, context, service, Role.HUB)
    page = context.new_page()
    contact = add_read(store, agency_id=AGENCY, people=child("Scriptless"))
    page.goto(QUEUE)
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    expect(page.locator("#live-show")).to_be_hidden()
    expect(page.locator("#keys")).to_be_hidden()
    page.locator(f"[data-contact='{contact}'] [data-claim] button").click()
    page.wait_for_url(f"**/hub/contacts/{contact}")
    page.goto(QUEUE)
    expect(page.locator(f"[data-contact='{contact}']")).to_contain_text("You have it")
    page.get_by_role("button", name="Give it back").click()
    with store.reading() as session:
        assert session.get_one(Contact, contact).claimed_by is None
    assert identity.role is Role.HUB
    context.close()
