"""From an officer's notification to the answer, through everybody's hands; axe at each page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.assessor import Assessor
from api.demonstration.people import seed_people
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import Contact
from nlp.domain import Element, Level
from tests.fakes import FakeReader
from tests.journeys.conftest import Service, complaints_of, find_violations, running

pytestmark = pytest.mark.browser

OFFICER, SCHOOL = "PC Dale Harker", "Helen Marsh"
WORKER, MANAGER, AUDITOR = "Sam Whitfield", "Joanne Pell", "Ruth Calder"
PRESSING = "Called to the address at 22:10. Ava (4) said her dad hit her with a belt."
QUIET = "Jo comes to school without breakfast on most days. His mum asked us for help."
TABS = 150  # more than any page takes
READ_SECONDS = 30

Enter = Callable[[str], Page]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demonstration whose reader leaves child protection open: a manager signs endings."""
    reader = FakeReader(
        evidence={Element.CONCERN: "hit"},
        plausible=(Level.EARLY_HELP, Level.CHILD_IN_NEED, Level.CHILD_PROTECTION),
    )
    settings = Settings(
        demo_mode=True,
        rate_limit="100000/minute",
        threads=2,
        log_level="ERROR",
        data_folder=str(tmp_path_factory.mktemp("hub")),
    )
    app = create_app(assessor=Assessor.load(reader=reader), settings=settings)
    app.state.store.migrate()
    seed_people(app.state.store)
    with running(app, lifespan="on") as service:
        yield service
    app.state.store.close()


@pytest.fixture
def enter(browser: Browser, hub: Service) -> Iterator[Enter]:
    """Open the service for somebody, in a browser of their own."""
    opened, complaints = [], list[list[str]]()

    def open_for(name: str) -> Page:
        context = browser.new_context(base_url=hub.address, viewport={"width": 1300, "height": 900})
        page = context.new_page()
        opened.append(context)
        complaints.append(complaints_of(page))
        page.goto("/sign-in")
        press(page, page.get_by_role("button", name=name))
        expect(page.locator(".rq-account__who")).to_contain_text(name)
        look(page)
        return page

    yield open_for
    for context in opened:
        context.close()
    assert [said for each in complaints for said in each] == []


def look(page: Page, heading: str | None = None) -> None:
    """Nothing for axe to say, once the page with this *heading* is there."""
    if heading:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    found = find_violations(page)
    places = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
    assert places == [], page.url


def go_to(page: Page, target: Locator) -> None:
    """Come to it with the Tab key alone."""
    expect(target).to_be_visible()
    for _ in range(TABS):
        if target.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} was not reached with the Tab key")


def press(page: Page, target: Locator) -> None:
    go_to(page, target)
    page.keyboard.press("Enter")


def send(page: Page, hub: Service, layout: str, text: str, child: str) -> str:
    """Write and send; give the contact's id once the service has read it."""
    page.goto("/refer")
    page.locator("#layout").select_option(layout)
    page.locator(f"#{layout}-text").fill(text)
    page.get_by_label("Forenames").fill(child)
    page.get_by_label("Surname").fill("Mold")
    look(page)
    page.get_by_role("button", name="Send to the hub").click()
    look(page, "Sent to the hub")
    contact_id = page.url.split("/")[-2]
    wait_until_read(hub.app.state.store, contact_id)
    return contact_id


def wait_until_read(store: Store, contact_id: str) -> None:
    until = time.monotonic() + READ_SECONDS
    while time.monotonic() < until:
        with store.reading() as session:
            if session.get_one(Contact, contact_id).scored:
                return
        time.sleep(0.1)
    pytest.fail("The service did not read the contact")


def decide(page: Page, outcome: int, level: str, rationale: str) -> None:
    """Decide with the keyboard alone; *outcome* is the place in the list, from 0."""
    press(page, page.get_by_role("link", name="Decide", exact=True))
    expect(page.locator("#decide")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(outcome):
        page.keyboard.press("ArrowDown")
    go_to(page, page.locator("#level"))
    page.keyboard.type(level)
    go_to(page, page.locator("#rationale"))
    page.keyboard.insert_text(rationale)
    go_to(page, page.locator("#notification"))
    page.keyboard.press("Space")
    look(page)
    press(page, page.get_by_role("button", name="Record my decision"))


def answer(page: Page, contact_id: str) -> None:
    """Send the reply of a decided contact, from the chase list, with the keyboard alone."""
    press(page, page.get_by_role("link", name="Chase list"))
    look(page, "Referrers who wait")
    press(page, page.get_by_role("link", name=f"Send the reply for {reference_of(contact_id)}"))
    look(page, "Reply to the referrer")
    press(page, page.get_by_role("button", name="Send to the referrer"))
    expect(page.get_by_text("not read yet")).to_be_visible()
    look(page)


def test_a_notification_is_sent_ordered_decided_signed_answered_and_audited(
    enter: Enter, hub: Service
) -> None:
    officer = enter(OFFICER)
    send(enter(SCHOOL), hub, "one_box_referral", QUIET, "Jo")
    contact_id = send(officer, hub, "one_box_ppn", PRESSING, "Ava")

    worker = enter(WORKER)
    expect(worker).to_have_url(re.compile("/hub$"))
    names = worker.locator(".rq-contact__name")
    expect(names).to_have_text([re.compile("^Ava Mold"), re.compile("^Jo Mold")])
    worker.keyboard.press("j")
    expect(names.first.locator("a")).to_be_focused()
    worker.keyboard.press("c")
    worker.wait_for_url(f"**/hub/contacts/{contact_id}")
    expect(worker.locator("#text .rq-mark--flag").first).to_be_visible()
    decide(worker, 1, "Level 2", "Checked with the school and with her mother.")
    expect(worker.get_by_role("heading", name="Waiting for a manager")).to_be_visible()
    look(worker)

    manager = enter(MANAGER)
    manager.get_by_role("link", name="Sign-off", exact=True).click()
    look(manager, "Decisions that wait")
    manager.get_by_role("link", name=reference_of(contact_id)).click()
    look(manager, "Ava Mold")
    manager.get_by_role("button", name="Sign this decision").click()
    expect(manager).to_have_url(re.compile("/hub/sign-off$"))

    answer(worker, contact_id)

    officer.get_by_role("link", name="What we sent").click()
    row = officer.get_by_role("row", name=reference_of(contact_id))
    expect(row).to_contain_text("Information and advice")
    look(officer)
    row.get_by_role("link", name="Ava Mold").click()
    expect(officer.locator(".rq-reply")).to_contain_text("giving information and advice")
    expect(officer.locator("main")).to_contain_text("A social worker looks for these")
    look(officer)

    auditor = enter(AUDITOR)
    auditor.get_by_role("button", name="Verify the whole log").click()
    expect(auditor.get_by_role("alert")).to_contain_text("The log is whole")
    look(auditor)
    assert acts_on(auditor, contact_id) == [
        (OFFICER, "Contact sent"),
        ("system", "Contact scored"),
        (WORKER, "Contact claimed"),
        (WORKER, "Contact decided"),
        (MANAGER, "Signed off"),
        (WORKER, "Reply sent"),
    ]


def acts_on(page: Page, contact_id: str) -> list[tuple[str, str]]:
    """Who did what with a contact, as the audit page shows it, without who only looked."""
    page.goto(f"/audit?target=contact:{contact_id}")
    rows = page.locator(".rq-log tbody tr").all()
    told = [tuple(row.locator("td").all_inner_texts()[2:4]) for row in reversed(rows)]
    kept = [(who.strip(), what.strip()) for who, what in told]
    return [each for each in kept if each[1] not in {"Contact read", "Contact corrected"}]


def test_a_decision_that_the_manager_sends_back_is_made_anew(enter: Enter, hub: Service) -> None:
    officer, note = enter(OFFICER), "Ask the nursery before we end this."
    contact_id = send(officer, hub, "one_box_ppn", PRESSING, "Mia")

    worker = enter(WORKER)
    press(worker, worker.get_by_role("link", name="Mia Mold"))
    decide(worker, 0, "Level 2", "Nothing more is known.")
    expect(worker.get_by_role("heading", name="Waiting for a manager")).to_be_visible()

    manager = enter(MANAGER)
    manager.goto(f"/hub/contacts/{contact_id}")
    manager.get_by_role("button", name="Send it back").click()
    expect(manager.get_by_role("heading", name="Nothing was saved yet")).to_be_visible()
    look(manager)
    manager.get_by_label("Or send it back").fill(note)
    manager.get_by_role("button", name="Send it back").click()
    expect(manager).to_have_url(re.compile("/hub/sign-off$"))

    officer.goto(f"/sent/{contact_id}")
    expect(officer.locator("main")).to_contain_text("It is with the hub, and a person reads it.")

    press(worker, worker.get_by_role("link", name="Queue", exact=True))
    press(worker, worker.get_by_role("link", name="Mia Mold"))
    expect(worker.locator("main")).to_contain_text(f"{MANAGER} sent the decision back: {note}")
    look(worker)
    decide(worker, 3, "Level 3", "The nursery has seen marks before.")
    expect(worker.get_by_role("heading", name="Reply to the referrer")).to_be_visible()
    answer(worker, contact_id)

    officer.reload()
    expect(officer.locator(".rq-reply")).to_contain_text("a social worker will assess")
