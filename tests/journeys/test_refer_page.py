"""A partner checks a referral in the page: with a mouse, a keyboard, a file, and no script."""

from __future__ import annotations

import io
import json
import re

import docx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.journeys.conftest import Service, find_violations

pytestmark = pytest.mark.browser

# An emoji takes two UTF-16 units: without care it would shift every selection after it.
TEXT = (
    "\U0001f476 I am Donna Appleby, childminder.\n\n"
    "On Tuesday Ava (4) said her dad hit her with a belt. I saw a red mark on her arm.\n"
    "No weapon was seen by staff."
)
DISCLOSURE = "On Tuesday Ava (4) said her dad hit her with a belt."
PPN = "Officers attended a verbal argument between two adults. Two children were asleep upstairs."
SUMMARY = re.compile(r"of the \d+ points")


def write(page: Page, text: str = TEXT, *, layout: str = "one_box_referral") -> None:
    page.goto(f"/refer?layout={layout}")
    page.locator("textarea").first.fill(text)
    expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)


def selected(page: Page) -> str:
    """The words selected in the textarea that has the focus."""
    return str(
        page.evaluate(
            "(({value, selectionStart, selectionEnd}) =>"
            " value.slice(selectionStart, selectionEnd))(document.activeElement)"
        )
    )


def checklist(page: Page) -> list[str]:
    return [
        " ".join(row.split()) for row in page.locator(".rq-checklist summary").all_inner_texts()
    ]


def words(part: Locator) -> list[str]:
    return [" ".join(each.split()) for each in part.all_inner_texts()]


def test_feedback_comes_while_typing_and_says_safety_first(page: Page) -> None:
    page.goto("/refer")
    page.locator("textarea").press_sequentially("Ava said her dad hit her with a belt.")
    expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)
    headings = page.locator("#findings h3").all_inner_texts()
    assert headings[0] == "Safety first"
    assert "Checklist" in headings
    assert "What this reads like" in headings
    expect(page.locator(".rq-safety")).to_contain_text("999")


def test_an_evidence_button_selects_exactly_its_words(page: Page) -> None:
    write(page)
    page.locator(".rq-group--flags .rq-quote--button").first.click()
    assert selected(page) == DISCLOSURE
    expect(page.locator("textarea")).to_be_focused()


def test_evidence_follows_its_words_when_the_text_before_them_changes(page: Page) -> None:
    write(page)
    page.route("**/api/v1/assessments", lambda route: route.abort())  # no newer feedback comes
    page.locator("textarea").press("Control+Home")
    page.keyboard.type("\U0001f476 Good morning. ")
    page.locator(".rq-group--flags .rq-quote--button").first.click()
    assert selected(page) == DISCLOSURE


def test_the_words_in_boxes_of_a_form_are_selected_in_their_own_box(page: Page) -> None:
    page.goto("/refer?layout=safer")
    page.get_by_label("S - Situation").fill("\U0001f476 Ava is four.")
    page.get_by_label("A - Assessment").fill("Ava said her dad hit her with a belt.")
    expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)
    page.locator(".rq-group--flags .rq-quote--button").first.click()
    expect(page.get_by_label("A - Assessment")).to_be_focused()
    assert selected(page) == "Ava said her dad hit her with a belt."


def test_the_mirror_marks_the_words_and_can_be_switched_off(page: Page) -> None:
    write(page)
    marked = page.locator(".rq-mirror .rq-mark--flag")
    assert "".join(marked.all_text_contents()) == DISCLOSURE
    page.get_by_label("Mark the words in my text").uncheck()
    assert marked.first.evaluate("mark => getComputedStyle(mark).textDecorationLine") == "none"


@pytest.mark.parametrize("width", [1280, 1113, 787])
def test_the_mirror_is_as_wide_as_the_words_over_it(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    write(page, f"{TEXT} " * 60)  # more than fits, so that there may be a scroll bar
    room = "each => each.getBoundingClientRect().width"
    editor = page.locator(".rq-editor textarea")
    bar = editor.evaluate("each => each.offsetWidth - each.clientWidth - 4")
    mirror = page.locator(".rq-mirror").evaluate(room)
    assert mirror == pytest.approx(editor.evaluate(room) - bar, abs=0.02)


def test_changing_the_form_and_back_loses_nothing(page: Page) -> None:
    write(page, "Situation\nAva was hit by dad.\n\nFamily\nShe lives with mum.")
    page.get_by_label("What you are writing").select_option("safer")
    expect(page.get_by_label("S - Situation")).to_have_value("Ava was hit by dad.")
    expect(page.get_by_label("F - Family")).to_have_value("She lives with mum.")
    page.get_by_label("What you are writing").select_option("one_box_referral")
    expect(page.get_by_label("What you want to tell the hub")).to_have_value(
        "Situation\nAva was hit by dad.\n\nFamily\nShe lives with mum."
    )


def word_file() -> bytes:
    document = docx.Document()
    for line in ("To the hub", "Situation", "Ava said dad hit her.", "Family", "Lives with mum."):
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def upload(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "form.docx", "mimeType": WORD, "buffer": word_file()}
    )


def test_an_uploaded_form_fills_the_boxes_and_nothing_is_lost(page: Page) -> None:
    page.goto("/refer?layout=safer")
    upload(page)
    situation = page.get_by_label("S - Situation")
    expect(situation).to_have_value("To the hub\n\nAva said dad hit her.", timeout=10_000)
    expect(page.get_by_label("F - Family")).to_have_value("Lives with mum.")
    expect(page.locator("#upload-notice")).to_contain_text("S - Situation; F - Family")
    expect(page.locator("#upload-notice")).to_be_focused()
    expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)


def test_a_file_that_cannot_be_read_gets_a_clear_answer(page: Page) -> None:
    page.goto("/refer")
    page.locator("input[type=file]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(40)}
    )
    expect(page.locator("#upload-notice")).to_contain_text("paste", timeout=10_000)


def test_the_whole_journey_can_be_made_with_a_keyboard(page: Page) -> None:
    page.goto("/refer")
    reach(page, "textarea")
    page.keyboard.type("Ava said her dad hit her with a belt.")
    expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)
    reach(page, ".rq-group--flags .rq-quote--button")
    page.keyboard.press("Enter")
    assert selected(page) == "Ava said her dad hit her with a belt."
    reach(page, ".rq-checklist summary")
    page.keyboard.press("Enter")
    expect(page.locator(".rq-checklist details").first).to_have_attribute("open", "")
    reach(page, ".rq-group--level .rq-link")
    page.keyboard.press("Enter")
    expect(page.locator(".rq-group--level")).to_have_count(0)


def reach(page: Page, target: str, *, most: int = 80) -> None:
    """Press Tab until *target* has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    pytest.fail(f"{target} could not be reached with the Tab key")


def test_a_finding_set_aside_goes_and_is_counted_without_text(page: Page, service: Service) -> None:
    before = service.app.state.findings.totals()
    write(page)
    with page.expect_request("**/api/v1/findings") as sent:
        page.locator(".rq-group--flags").get_by_role("button", name="This is wrong").first.click()
    posted = json.loads(sent.value.post_data or "")
    assert set(posted) == {"kind", "code", "verdict"}
    assert posted["code"].startswith("flag.")
    expect(page.locator(".rq-group--flags .rq-quote--button", has_text=DISCLOSURE)).to_have_count(0)
    expect(page.locator(".rq-aside")).to_contain_text("One finding is set aside")
    sent.value.response()
    after = service.app.state.findings.totals()
    assert sum(after.values()) == sum(before.values()) + 1
    page.get_by_role("button", name="Show again").click()
    expect(page.locator(".rq-group--flags .rq-quote--button").first).to_contain_text(DISCLOSURE)


def test_what_is_not_counted_is_quoted_with_a_script_and_without(
    page: Page, plain: BrowserContext
) -> None:
    footer = "This email is for the addressee alone."
    write(page, f"{TEXT}\n{footer}")
    page.locator(".rq-worked-out summary").click()
    expect(page.locator(".rq-worked-out")).to_contain_text("Not counted, because it says nothing")
    page.locator(".rq-worked-out .rq-quote--button").click()
    assert selected(page) == footer
    without = plain.new_page()
    without.goto("/refer")
    without.locator("textarea").fill(f"{TEXT}\n{footer}")
    without.get_by_role("button", name="Check my referral").click()
    assert without.locator(".rq-worked-out .rq-quote").all_text_contents() == [footer]
    plain.close()


def test_a_failure_of_the_checks_stops_nobody(page: Page) -> None:
    page.route("**/api/v1/assessments", lambda route: route.fulfill(status=500, body="broken"))
    page.goto("/refer")
    page.locator("textarea").fill(TEXT)
    status = page.locator("#summary")
    expect(status).to_have_text(
        "Checks are not available. You can still send your referral.", timeout=10_000
    )
    expect(page.get_by_role("button", name="Copy the whole text")).to_be_enabled()


def test_an_answer_to_an_earlier_text_is_not_painted(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/v1/assessments", lambda route: held.append(route))
    page.goto("/refer")
    with page.expect_request("**/api/v1/assessments"):
        page.locator("textarea").fill(TEXT)
    page.locator("textarea").fill("")
    expect(page.locator("#findings")).to_contain_text("What a social worker will look for")
    held[0].abort()
    expect(page.locator("#summary")).to_have_text("")


def test_a_notification_says_why_and_why_that_may_be_wrong(page: Page) -> None:
    write(page, PPN, layout="ppn")
    part = page.locator(".rq-group--notification")
    expect(part).to_contain_text("An adult's need")
    expect(part).to_contain_text("Why this may be wrong:")
    expect(part).to_contain_text("send it all the same")


def test_the_live_region_says_only_the_summary(page: Page) -> None:
    write(page)
    outside_upload = page.locator(
        ":is([role=status], [role=alert], [aria-live]):not(.rq-upload *)"  # GOV.UK Frontend's own
    )
    expect(outside_upload).to_have_count(1)
    expect(outside_upload).to_have_id("summary")
    assert len(page.locator("#summary").inner_text()) < 500


def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    write(page)
    assert (
        page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    )
    textarea = page.locator("textarea")
    expect(textarea).to_have_attribute("spellcheck", "false")
    expect(textarea).to_have_attribute("data-gramm", "false")
    expect(textarea).to_have_attribute("autocomplete", "off")


@pytest.mark.parametrize("width", [1300, 320])
@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/refer", None),
        ("/refer", TEXT),
        ("/refer?layout=ppn", PPN),
        ("/about", None),
        ("/accessibility", None),
    ],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, address: str, text: str | None, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    if text:
        page.locator("textarea").first.fill(text)
        expect(page.locator("#summary")).to_contain_text(SUMMARY, timeout=10_000)
    found = find_violations(page)
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_scrolls_sideways_at_four_times_the_size(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 1024})
    write(page)
    page.set_viewport_size({"width": 1280 // 4, "height": 1024 // 4})  # what 400 % zoom leaves
    for _ in range(100):  # the page is laid out anew a moment later
        if page.evaluate("document.documentElement.scrollWidth") <= 320:
            break
        page.wait_for_timeout(50)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_mirror_is_gone_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    write(page)
    expect(page.locator(".rq-mirror")).to_be_hidden()
    page.locator(".rq-group--flags .rq-quote--button").first.click()
    assert selected(page) == DISCLOSURE


def test_the_print_holds_the_referral_and_nothing_else(page: Page) -> None:
    write(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#printed")).to_have_text(TEXT)
    expect(page.locator("#feedback")).to_be_hidden()
    expect(page.locator("#printed")).to_be_visible()


@pytest.fixture
def plain(browser: Browser, service: Service) -> BrowserContext:
    return browser.new_context(base_url=service.address, java_script_enabled=False)


def test_the_same_checklist_comes_without_a_script(page: Page, plain: BrowserContext) -> None:
    write(page)
    without = plain.new_page()
    without.goto("/refer")
    without.locator("textarea").fill(TEXT)  # posted with CRLF, as a browser does
    without.get_by_role("button", name="Check my referral").click()
    without.locator(".rq-checklist").wait_for()  # the answer is another page
    assert checklist(without) == checklist(page)
    for part in ("#summary", ".rq-next li", ".rq-level", ".rq-group--urgency p", ".rq-needs li"):
        expected = [re.sub(r" Dismiss.*$", "", each) for each in words(page.locator(part))]
        assert words(without.locator(part)) == expected
    assert without.locator("textarea").input_value() == TEXT
    quotes = without.locator(".rq-group--flags .rq-quote").all_text_contents()
    assert DISCLOSURE in quotes
    plain.close()


def test_a_form_can_be_uploaded_without_a_script(plain: BrowserContext) -> None:
    without = plain.new_page()
    without.goto("/refer?layout=safer")
    without.get_by_label("F - Family").fill("Brother Carl.")
    upload(without)
    without.get_by_role("button", name="Upload", exact=True).click()
    expect(without.get_by_label("S - Situation")).to_have_value(
        "To the hub\n\nAva said dad hit her."
    )
    expect(without.get_by_label("F - Family")).to_have_value("Brother Carl.\n\nLives with mum.")
    expect(without.locator("#upload-notice")).to_contain_text("S - Situation; F - Family")
    plain.close()


def test_the_form_can_be_changed_without_a_script(plain: BrowserContext) -> None:
    without = plain.new_page()
    without.goto("/refer")
    without.locator("textarea").fill("Situation\nAva was hit by dad.\n\nFamily\nWith mum.")
    without.get_by_label("What you are writing").select_option("safer")
    without.get_by_role("button", name="Show this form").click()
    expect(without.get_by_label("S - Situation")).to_have_value("Ava was hit by dad.")
    expect(without.get_by_label("F - Family")).to_have_value("With mum.")
    plain.close()
