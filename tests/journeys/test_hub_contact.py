"""A social worker reads a contact, decides, and answers: with a script, without, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.access import sign_ins
from api.access.identity import Identity
from api.access.rules import COOKIE
from api.intake.scoring import score
from api.intake.submission import PersonGiven
from api.store.codes import Role
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import SameChild, User
from nlp.domain import Form
from tests.hub_builders import add_contact, add_user
from tests.journeys.conftest import Service, find_violations

pytestmark = pytest.mark.browser

# The emoji and the Windows line end would both shift what is marked and what is selected.
TEXT = (
    "\U0001f476 I am Donna Appleby, childminder.\r\n\r\n"
    "On Tuesday Ava (4) said her dad hit her with a belt. Known to services.\r\n"
    "No weapon was seen by staff."
)
DISCLOSURE = "On Tuesday Ava (4) said her dad hit her with a belt."
AVA = (PersonGiven(forenames="Ava", surname="Stone", date_of_birth=date(2022, 5, 1)),)


@pytest.fixture
def store(service: Service) -> Store:
    opened: Store = service.app.state.store
    return opened


@pytest.fixture
def worker(store: Store) -> Identity:
    return add_user(store)


@pytest.fixture
def signed_in(page: Page, context: BrowserContext, store: Store, worker: Identity) -> Page:
    sign_in(context, store, worker)
    return page


@pytest.fixture
def without_script(
    browser: Browser, service: Service, store: Store, worker: Identity
) -> Iterator[Page]:
    context = browser.new_context(base_url=service.address, java_script_enabled=False)
    sign_in(context, store, worker)
    yield context.new_page()
    context.close()


def sign_in(context: BrowserContext, store: Store, identity: Identity) -> None:
    with store.writing() as session:
        token = sign_ins.begin(session, session.get_one(User, identity.id))
    context.add_cookies(
        [
            {
                "name": COOKIE,
                "value": token,
                "url": "https://127.0.0.1/",
                "secure": True,
                "httpOnly": True,
            }
        ]
    )


def read(service: Service, form: Form = Form.REFERRAL) -> str:
    """A contact that was read, with an earlier one that may be the same child; its id."""
    store: Store = service.app.state.store
    earlier, contact_id = (add_contact(store, TEXT, form=form, people=AVA) for _ in range(2))
    for each in (earlier, contact_id):
        assert score(store, each, assessor=service.app.state.assessor)
    with store.writing() as session:
        reasons = ["surname.same", "date_of_birth.same"]
        link = SameChild(later_id=contact_id, earlier_id=earlier, probability=0.7, reasons=reasons)
        session.add(link)
    return contact_id


def shown_marks(page: Page, kind: str) -> str:
    """The words marked as *kind*, without the names of the marks."""
    return str(
        page.locator(f"#text .rq-mark--{kind}").evaluate_all(
            "marks => marks.map(mark => [...mark.childNodes].filter(each => !each.dataset?.kind)"
            ".map(each => each.textContent).join('')).join('')"
        )
    )


def violations(page: Page) -> list[str]:
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in find_violations(page)]


def test_the_words_of_a_flag_are_marked_exactly(signed_in: Page, service: Service) -> None:
    signed_in.goto(f"/hub/contacts/{read(service)}")
    assert shown_marks(signed_in, "flag") == DISCLOSURE
    assert shown_marks(signed_in, "mentioned") == "No weapon was seen by staff."


def test_marks_change_at_once_with_a_script(signed_in: Page, service: Service) -> None:
    signed_in.goto(f"/hub/contacts/{read(service)}")
    signed_in.get_by_role("checkbox", name="Safety flag").uncheck()
    expect(signed_in.locator("#text .rq-mark--flag")).to_have_count(0)
    expect(signed_in.locator("#text")).not_to_contain_text(
        "A child says that someone hurt them", use_inner_text=True
    )
    disclosure = signed_in.locator(f"#t{TEXT.index(DISCLOSURE)}")
    expect(disclosure).to_have_class(re.compile(r"rq-mark--(level|evidence)"))  # it is that too
    signed_in.get_by_role("checkbox", name="Safety flag").check()
    signed_in.get_by_label("Only", exact=True).select_option("child_voice")
    expect(signed_in.locator("#text .rq-mark--flag")).to_have_count(0)
    assert shown_marks(signed_in, "evidence") == DISCLOSURE


def test_a_need_is_chosen_and_its_name_is_then_in_sight(signed_in: Page, service: Service) -> None:
    signed_in.goto(f"/hub/contacts/{read(service)}")
    tag = signed_in.locator("#text .rq-tag").filter(has_text="Weighed most for")
    expect(tag).to_have_count(0)  # a flag says more of the same words
    signed_in.get_by_label("Only", exact=True).select_option("physical_abuse")
    expect(tag).to_be_visible()
    assert DISCLOSURE in shown_marks(signed_in, "need")
    signed_in.get_by_label("Only", exact=True).select_option("")
    expect(tag).to_have_count(0)


def test_who_writes_for_long_stays_signed_in(signed_in: Page, service: Service) -> None:
    signed_in.clock.install()
    signed_in.goto(f"/hub/contacts/{read(service)}")
    rationale = signed_in.locator("#rationale")
    rationale.press_sequentially("He said")
    signed_in.clock.fast_forward(6 * 60_000)
    with signed_in.expect_request("**/hub/order"):
        rationale.press_sequentially(" more")


def test_marks_are_chosen_without_a_script(without_script: Page, service: Service) -> None:
    without_script.goto(f"/hub/contacts/{read(service)}")
    without_script.get_by_role("checkbox", name="Safety flag").uncheck()
    without_script.get_by_role("button", name="Show these marks").click()
    expect(without_script.locator("#text .rq-mark--flag")).to_have_count(0)
    expect(without_script.locator("#text .rq-mark--mentioned")).to_have_count(1)
    assert "Ava" not in without_script.url


def test_a_decision_and_its_reply_without_a_script(without_script: Page, service: Service) -> None:
    without_script.goto(f"/hub/contacts/{read(service)}")
    without_script.get_by_label("Referral to children's social care").check()
    without_script.get_by_label("Level of need", exact=True).select_option("child_in_need")
    without_script.get_by_role("button", name="Record my decision").click()
    expect(without_script).to_have_url(
        f"{service.address}/hub/contacts/{_id(without_script)}/reply"
    )
    without_script.get_by_role("button", name="Send to the referrer").click()
    expect(without_script.get_by_text("not read yet")).to_be_visible()


def test_the_keyboard_alone_decides(signed_in: Page, service: Service) -> None:
    signed_in.goto(f"/hub/contacts/{read(service)}")
    signed_in.get_by_role("link", name="Decide", exact=True).press("Enter")
    expect(signed_in.locator("#decide")).to_be_focused()
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Space")
    expect(signed_in.get_by_label("No further action")).to_be_checked()
    for _ in range(3):
        signed_in.keyboard.press("ArrowDown")
    expect(signed_in.get_by_label("Referral to children's social care")).to_be_checked()
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.type("Level 3")
    signed_in.get_by_role("button", name="Record my decision").press("Enter")
    expect(signed_in.get_by_role("heading", name="Reply to the referrer")).to_be_visible()


def test_whoever_lacks_something_is_taken_to_what_lacks(signed_in: Page, service: Service) -> None:
    signed_in.goto(f"/hub/contacts/{read(service)}")
    signed_in.get_by_role("button", name="Record my decision").press("Enter")
    expect(signed_in.locator(".govuk-error-summary")).to_be_focused()
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#outcome")).to_be_focused()


def test_fields_appear_when_they_are_needed(signed_in: Page, service: Service) -> None:
    signed_in.goto(f"/hub/contacts/{read(service, Form.PPN)}")
    why, reasons = signed_in.get_by_label("Why the level differs"), signed_in.get_by_text("If no")
    expect(why).to_be_hidden()
    expect(reasons).to_be_hidden()
    signed_in.get_by_label("Level of need", exact=True).select_option("universal")
    expect(why).to_be_visible()
    signed_in.get_by_label("No, another route").check()
    expect(reasons).to_be_visible()


def test_selected_words_become_the_place_of_a_missed_flag(
    signed_in: Page, service: Service
) -> None:
    signed_in.goto(f"/hub/contacts/{read(service)}")
    signed_in.get_by_text("Say where what was found").click()
    signed_in.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector("#text"), 4);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf("No weapon");
            if (at < 0) continue;
            const node = walker.currentNode;
            document.getSelection().setBaseAndExtent(node, at, node, at + 9);
            return;
          }
        }"""
    )
    signed_in.get_by_role("button", name="Use the words I selected").click()
    expect(signed_in.locator("#selected-words")).to_have_text("Marked: “No weapon”")
    shown = TEXT.replace("\r\n", "\n")
    assert signed_in.locator("#missed_start").input_value() == str(shown.index("No weapon"))


@pytest.mark.parametrize("width", [320, 1300])
def test_the_pages_are_accessible_and_need_no_sideways_scroll(
    signed_in: Page, service: Service, width: int
) -> None:
    contact_id = read(service, Form.PPN)
    signed_in.set_viewport_size({"width": width, "height": 900})
    signed_in.goto(f"/hub/contacts/{contact_id}")
    signed_in.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    assert violations(signed_in) == []
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= width
    signed_in.get_by_role("button", name="Record my decision").click()
    expect(signed_in.get_by_role("heading", name="Nothing was saved yet")).to_be_visible()
    assert violations(signed_in) == []
    for address in ("/hub/replies", f"/hub/contacts/{contact_id}/reply"):
        signed_in.goto(address)
        assert violations(signed_in) == []
        assert signed_in.evaluate("document.documentElement.scrollWidth") <= width


def test_a_manager_signs_on_accessible_pages(
    page: Page, context: BrowserContext, service: Service, store: Store
) -> None:
    contact_id = add_contact(store, "A contact that could not be read.")
    sign_in(context, store, add_user(store))
    page.goto(f"/hub/contacts/{contact_id}")
    expect(page.get_by_text("has not been read by the tool")).to_be_visible()
    page.get_by_label("No further action").check()
    page.get_by_label("Level of need", exact=True).select_option("universal")
    page.get_by_role("button", name="Record my decision").click()
    expect(page.get_by_role("heading", name="Waiting for a manager")).to_be_visible()
    assert violations(page) == []
    sign_in(context, store, add_user(store, Role.HUB_MANAGER))
    page.goto("/hub/sign-off")
    assert violations(page) == []
    page.get_by_role("link", name=reference_of(contact_id)).click()
    sign = page.get_by_role("button", name="Sign this decision")
    expect(sign).to_be_visible()
    assert violations(page) == []
    sign.click()
    expect(page.get_by_role("link", name=reference_of(contact_id))).to_have_count(0)


def _id(page: Page) -> str:
    return page.url.split("/")[5]
