"""The page of a contact: what was sent and found, who may do what, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.assessor import Assessor
from api.intake.scoring import score
from api.intake.submission import PersonGiven
from api.store.codes import Action, Outcome, Role
from api.store.opening import Store
from api.store.tables import AuditRow, Decision, FirstView
from nlp.domain import Form, Level, NeedDomain
from tests.api.hub.builders import add_read
from tests.api.hub.signed_in import DECISION, Desk, decide_on, page, sit_down
from tests.fakes import FakeReader
from tests.hub_builders import add_contact, add_user

TEXT = "\U0001f476 Ava said dad hit her & ran.\r\nNo weapon was seen. <b>Known</b> to services."
AVA = (PersonGiven(forenames="Ava", surname="Stone", date_of_birth=date(2020, 5, 1)),)


def text_of(html: str) -> str:
    """The text as the page shows it, without the names of its marks."""
    (shown,) = re.findall(r'<div class="rq-text".*?>(.*?)</div>', html, flags=re.DOTALL)
    unnamed = re.sub(r"<span.*?</span>", "", shown, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", unnamed))


def acts(store: Store, contact_id: str) -> list[Action]:
    with store.reading() as session:
        rows = select(AuditRow.action).where(AuditRow.target == f"contact:{contact_id}")
        return list(session.scalars(rows.order_by(AuditRow.number)))


def test_the_text_is_shown_exactly_as_it_was_sent(desk: Desk, sqlite_store: Store) -> None:
    html = page(desk, add_read(sqlite_store, TEXT))
    assert text_of(html).replace("\r\n", "\n") == TEXT.replace("\r\n", "\n")
    assert "<b>Known" not in html


def test_marks_say_in_words_why_they_are_there(desk: Desk, sqlite_store: Store) -> None:
    html = page(desk, add_read(sqlite_store, TEXT))
    assert "A child says that someone hurt them: " in html
    assert "Weapon (said not to be so): " in html


def test_what_was_not_counted_and_a_level_that_is_not_the_likeliest_are_explained(
    desk: Desk, sqlite_store: Store
) -> None:
    plain = page(desk, add_read(sqlite_store, TEXT))
    footer = "This email is for the addressee alone."
    contact_id = add_contact(sqlite_store, f"{TEXT}\n{footer}")
    reader = FakeReader(level=Level.CHILD_IN_NEED, hollow="addressee", protection_odds=20)
    assert score(sqlite_store, contact_id, assessor=Assessor.load(reader=reader))
    html = page(desk, contact_id)
    for told in ("it says nothing about a child or family", "although another level is likelier"):
        assert told in html
        assert told not in plain
    assert f'<q class="rq-quote">{footer}</q>' in html


def test_marks_are_filtered_by_codes_in_the_address_without_a_script(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store, TEXT)
    html = page(desk, contact_id, "?marks=chosen&kind=mentioned")
    shown = set(re.findall(r'<mark id="t\d+" class="([^"]+)"', html))
    assert shown == {"rq-mark--off", "rq-mark rq-mark--mentioned"}
    assert desk.get(f"/hub/contacts/{contact_id}?kind=nonsense").status_code == 422


def test_needs_are_quoted_marked_and_chosen_like_flags_and_elements(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store, TEXT, needs={NeedDomain.PHYSICAL_ABUSE: "hit"})
    html = page(desk, contact_id)
    assert "Weighed most for: Physical abuse: " in html
    assert '<optgroup label="Needs"><option value="physical_abuse">Physical abuse<' in html
    chosen = page(desk, contact_id, "?marks=chosen&kind=need&only=physical_abuse")
    shown = set(re.findall(r'<mark id="t\d+" class="([^"]+)"', chosen))
    assert shown == {"rq-mark--off", "rq-mark rq-mark--need"}
    assert '<span class="rq-tag" data-kind="need"' in chosen
    assert '<span class="rq-tag" data-kind="need"' not in html  # a flag is there too


def test_every_view_is_recorded_and_the_trail_names_who_saw_it(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store)
    html = page(desk, contact_id)
    assert acts(sqlite_store, contact_id)[-1] is Action.CONTACT_READ
    assert desk.identity.name in html.split("Who saw this contact")[1]


def test_the_form_fields_of_the_sender_are_shown(desk: Desk, sqlite_store: Store) -> None:
    html = page(desk, add_read(sqlite_store, people=AVA, referrer_name="Kim Ash"))
    assert "Ava Stone" in html
    assert "born 1 May 2020" in html
    title = re.search(r"<title>(.*?)</title>", html, flags=re.DOTALL)
    assert title is not None
    assert "Ava" not in title.group(1)  # a browser keeps titles


def test_a_contact_that_was_not_read_says_so_and_shows_its_text(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_contact(sqlite_store, TEXT)
    html = page(desk, contact_id)
    assert "has not been read by the tool" in html
    assert text_of(html).replace("\r\n", "\n") == TEXT.replace("\r\n", "\n")
    assert decide_on(desk, contact_id).endswith("/reply")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.HUB, 200),
        (Role.HUB_MANAGER, 200),
        (Role.AUDITOR, 200),
        (Role.REFERRER, 403),
        (Role.LEADER, 403),
        (Role.ANALYST, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_only_those_who_work_with_contacts_see_one(
    app: FastAPI, sqlite_store: Store, role: Role, status: int
) -> None:
    contact_id = add_read(sqlite_store)
    assert sit_down(app, role).get(f"/hub/contacts/{contact_id}").status_code == status


def test_an_auditor_sees_and_changes_nothing(app: FastAPI, sqlite_store: Store) -> None:
    contact_id, auditor = add_read(sqlite_store, people=AVA), sit_down(app, Role.AUDITOR)
    html = page(auditor, contact_id)
    assert f"/hub/contacts/{contact_id}/" not in html
    for act in ("decide", "open", "first-view", "sign-off", "reply"):
        assert auditor.post(f"/hub/contacts/{contact_id}/{act}").status_code == 403
    assert page(auditor, contact_id)


def test_an_unknown_contact_is_not_found(desk: Desk) -> None:
    assert desk.get("/hub/contacts/nothing").status_code == 404
    assert desk.post("/hub/contacts/nothing/decide", **DECISION).status_code == 404
    assert desk.get("/hub/contacts/nothing/reply").status_code == 404


def test_a_notification_shows_why_and_why_that_may_be_wrong(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store, form=Form.PPN, inappropriate=True)
    html = page(desk, contact_id)
    assert "Why this may be wrong:" in html
    assert decide_on(desk, contact_id).count("Say whether this police notification") == 2
    kept = decide_on(desk, contact_id, notification="inappropriate", reason="adult_pathway")
    assert kept.endswith("/reply")


def test_the_reading_is_hidden_until_a_first_view_is_given(
    blind_desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store, TEXT)
    html = page(blind_desk, contact_id)
    assert "Your first view" in html
    assert text_of(html).startswith("\U0001f476 Ava")
    for found in ("rq-mark--level", "What the text says", "Reads like", "decide-form"):
        assert found not in html
    assert "What else the tool found is hidden" in html
    address = f"/hub/contacts/{contact_id}/first-view"
    lacking = blind_desk.post(address, first_outcome="referral")
    assert lacking.status_code == 422
    assert "Choose the level of need." in lacking.text
    blind_desk.post(address, first_outcome="referral", first_level="child_in_need")
    assert "What the text says" in page(blind_desk, contact_id)
    with sqlite_store.reading() as session:
        view = session.scalars(select(FirstView)).one()
    assert (view.outcome, view.level) == (Outcome.REFERRAL, Level.CHILD_IN_NEED)
    assert Action.FIRST_VIEW_GIVEN in acts(sqlite_store, contact_id)
    decide_on(blind_desk, contact_id, rationale="x", override_reason="text_misread")
    with sqlite_store.reading() as session:
        assert not session.scalars(select(Decision)).one().reader_seen_first


def test_flags_that_are_present_are_never_hidden_and_others_are(
    blind_desk: Desk, sqlite_store: Store
) -> None:
    html = page(blind_desk, add_read(sqlite_store, TEXT))
    assert '<h2 class="govuk-heading-s" id="alert-heading">Safety flag</h2>' in html
    assert "A child says that someone hurt them" in html
    assert set(re.findall(r"rq-mark rq-mark--(\w+)", html)) == {"flag"}
    assert "said not to be so" not in html


def test_a_contact_without_a_reading_has_nothing_to_hide(
    blind_desk: Desk, sqlite_store: Store
) -> None:
    assert "has not been read by the tool" in page(blind_desk, add_contact(sqlite_store))


def test_no_address_of_the_page_holds_words_of_the_contact(desk: Desk, sqlite_store: Store) -> None:
    html = page(desk, add_read(sqlite_store, TEXT, people=AVA, open_to="Kim Ash"))
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', html)
    assert addresses
    for address in addresses:
        for word in ("Ava", "Stone", "Kim", "hit", "weapon"):
            assert word not in address


def test_names_of_users_are_shown_only_where_they_acted(desk: Desk, sqlite_store: Store) -> None:
    stranger = add_user(sqlite_store)
    assert stranger.name not in page(desk, add_read(sqlite_store))
