"""The page of a contact: what was sent and found, who may do what, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.assessor import Assessor
from api.hub import claims
from api.intake.submission import PersonGiven
from api.main import create_app
from api.settings import Settings
from api.store.codes import Action, LinkState, Outcome, Role, Stage
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, Correction, Decision, FirstView, Reply, SameChild
from nlp.domain import Form, Level, NeedDomain
from tests.api.hub.builders import QUIET, add_read
from tests.api.hub.signed_in import Desk, make_app, sit_down
from tests.hub_builders import add_contact, add_user

TEXT = "\U0001f476 Ava said dad hit her & ran.\r\nNo weapon was seen. <b>Known</b> to services."
AVA = (PersonGiven(forenames="Ava", surname="Stone", date_of_birth=date(2020, 5, 1)),)
DECISION = {"outcome": "early_help", "level": "early_help"}


@pytest.fixture
def app(sqlite_store: Store, assessor: Assessor) -> FastAPI:
    return make_app(sqlite_store, assessor)


@pytest.fixture
def desk(app: FastAPI) -> Desk:
    return sit_down(app)


@pytest.fixture
def blind_desk(sqlite_store: Store, assessor: Assessor) -> Desk:
    """A person whose hub hides the reading until they have given a view."""
    settings = Settings(rate_limit="100000/minute", threads=2, hide_reading_until_decided=True)
    return sit_down(create_app(assessor=assessor, settings=settings, store=sqlite_store))


def page(desk: Desk, contact_id: str, query: str = "") -> str:
    answer = desk.get(f"/hub/contacts/{contact_id}{query}")
    assert answer.status_code == 200
    return answer.text


def text_of(html: str) -> str:
    """The text as the page shows it, without the names of its marks."""
    (shown,) = re.findall(r'<div class="rq-text".*?>(.*?)</div>', html, flags=re.DOTALL)
    unnamed = re.sub(r"<span.*?</span>", "", shown, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", unnamed))


def hidden_fields(html: str) -> dict[str, str]:
    """The fields that the form to decide carries unseen."""
    form = html[html.index('id="decide-form"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)[:4])


def unseen_of_reply(html: str) -> dict[str, str]:
    """The fields that the form of a reply carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(reply_id|version)" value="([^"]*)"', html))


def decide_on(desk: Desk, contact_id: str, **fields: str) -> str:
    """Post a decision as the page would; give where it leads, or the page that says what lacks."""
    unseen = hidden_fields(page(desk, contact_id))
    answer = desk.post(f"/hub/contacts/{contact_id}/decide", **unseen | DECISION | fields)
    return answer.headers.get("location", answer.text)


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


def test_a_decision_leads_to_the_reply(desk: Desk, sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store, TEXT, plausible=(Level.EARLY_HELP,))
    fields = {
        "element.child_voice": "met",
        "text_level": "child_in_need",
        "missed_flag": "strangulation",
        "missed_start": "2",
        "missed_end": "5",
    }
    assert decide_on(desk, contact_id, **fields).endswith("/reply")
    with sqlite_store.reading() as session:
        labels = {each.code: each for each in session.scalars(select(Correction))}
        assert session.get_one(Contact, contact_id).stage is Stage.DECIDED
    missed = labels["strangulation"]
    assert TEXT[missed.start : missed.end] == "Ava"
    assert set(labels) == {"child_voice", "level", "strangulation"}


def test_what_lacks_is_said_and_what_was_typed_is_kept(desk: Desk, sqlite_store: Store) -> None:
    html = decide_on(
        desk,
        add_read(sqlite_store, QUIET, plausible=(Level.CHILD_IN_NEED,)),
        level="universal",
        step="step_up",
        step_note="Kim agrees & <knows>.",
    )
    assert "Nothing was saved yet" in html
    assert "lower than the reading found plausible" in html
    assert "Kim agrees &amp; &lt;knows&gt;." in html
    assert re.search(r'value="early_help"[^>]* checked', html)
    assert 'value="universal" selected' in html
    assert decide_on(desk, add_read(sqlite_store), outcome="", level="").count("Choose an") == 2


def test_somebody_else_was_first_and_the_page_says_what_they_did(
    app: FastAPI, desk: Desk, sqlite_store: Store
) -> None:
    contact_id, other = add_read(sqlite_store), sit_down(app)
    unseen = hidden_fields(page(desk, contact_id))
    claims.claim(sqlite_store, contact_id, by=other.identity)
    mine = unseen | DECISION | {"rationale": "I saw it first."}
    answer = desk.post(f"/hub/contacts/{contact_id}/decide", **mine)
    assert answer.status_code == 409
    assert f"{other.identity.name} took it to work on" in answer.text
    assert "I saw it first." in answer.text
    again = hidden_fields(answer.text) | DECISION | {"rationale": "It still holds."}
    asked = desk.post(f"/hub/contacts/{contact_id}/decide", **again)
    assert asked.status_code == 422
    assert f"{other.identity.name} has this contact. Speak to them" in asked.text
    assert "It still holds." in asked.text
    (holder,) = re.findall(r'name="held_by" id="held_by" value="(\w+)"', asked.text)
    confirmed = again | {"held_by": holder}
    assert desk.post(f"/hub/contacts/{contact_id}/decide", **confirmed).status_code == 303
    with sqlite_store.reading() as session:
        assert session.scalars(select(Decision)).one().rationale == "It still holds."


def test_a_forged_form_decides_nothing(desk: Desk, sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store)
    answer = desk.client.post(f"/hub/contacts/{contact_id}/decide", data=DECISION)
    assert answer.status_code == 403
    with sqlite_store.reading() as session:
        assert session.scalars(select(Decision)).all() == []


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


def test_a_link_is_confirmed_and_the_later_contact_is_read_again(
    desk: Desk, sqlite_store: Store
) -> None:
    earlier, later = add_read(sqlite_store, people=AVA), add_read(sqlite_store, people=AVA)
    with sqlite_store.writing() as session:
        row = SameChild(later_id=later, earlier_id=earlier, probability=0.5, reasons=[])
        session.add(row)
        session.flush()
        link_id = row.id
    assert "May be the same child" in page(desk, later)
    desk.post(f"/hub/contacts/{later}/links/{link_id}", said="same")
    with sqlite_store.reading() as session:
        assert session.get_one(SameChild, link_id).state is LinkState.CONFIRMED
        assert len(session.get_one(Contact, later).assessments) == 2
    assert "1 confirmed" in page(desk, later)
    assert desk.post(f"/hub/contacts/{later}/links/none", said="same").status_code == 404


def test_a_worker_is_noted_and_a_stale_note_is_kept_on_the_page(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store)
    version = hidden_fields(page(desk, contact_id))["version"]
    desk.post(f"/hub/contacts/{contact_id}/open", worker="Kim Ash", version=version)
    assert "<strong>Kim Ash</strong>" in page(desk, contact_id)
    stale = desk.post(f"/hub/contacts/{contact_id}/open", worker="Jo Low", version=version)
    assert stale.status_code == 409
    assert 'value="Jo Low"' in stale.text


def test_a_manager_signs_and_a_hub_worker_may_not(app: FastAPI, sqlite_store: Store) -> None:
    worker, manager = sit_down(app), sit_down(app, Role.HUB_MANAGER)
    contact_id = add_read(
        sqlite_store, plausible=(Level.EARLY_HELP, Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)
    )
    assert decide_on(worker, contact_id, outcome="no_further_action").endswith(contact_id)
    assert "Waiting for a manager" in page(worker, contact_id)
    address = f"/hub/contacts/{contact_id}/sign-off"
    assert worker.post(address, act="sign").status_code == 403
    assert worker.get("/hub/sign-off").status_code == 403
    assert contact_id in manager.get("/hub/sign-off").text
    version = hidden_fields(page(manager, contact_id))["version"]
    unsaid = manager.post(address, act="send_back", note=" ", version=version)
    assert unsaid.status_code == 422
    unseen = manager.post(address, act="sign")
    assert unseen.status_code == 409
    told = {"act": "send_back", "note": "Ring school.", "version": version}
    assert manager.post(address, **told).status_code == 303
    assert "Ring school." in page(worker, contact_id)
    decide_on(worker, contact_id, outcome="no_further_action")
    version = hidden_fields(page(manager, contact_id))["version"]
    assert manager.post(address, act="sign", version=version).status_code == 303
    assert "None at the moment" in manager.get("/hub/sign-off").text


def test_a_manager_takes_over_from_the_page_and_a_hub_worker_may_not(
    app: FastAPI, desk: Desk, sqlite_store: Store
) -> None:
    contact_id, manager = add_read(sqlite_store), sit_down(app, Role.HUB_MANAGER)
    claims.claim(sqlite_store, contact_id, by=desk.identity)
    assert "Give it back" in page(desk, contact_id)
    assert "Take it over" not in page(sit_down(app), contact_id)
    assert f'Take it over<span class="govuk-visually-hidden"> from {desk.identity.name}' in page(
        manager, contact_id
    )
    address, held_by = f"/hub/contacts/{contact_id}/take-over", desk.identity.id
    assert sit_down(app).post(address, held_by=held_by).status_code == 403
    with sqlite_store.reading() as session:
        refused = session.scalars(select(AuditRow).where(AuditRow.action == Action.REFUSED)).one()
    assert refused.target.endswith("/take-over")
    answer = manager.post(address, held_by=held_by)
    assert answer.headers["location"] == f"/hub/contacts/{contact_id}"
    assert "Give it back" in page(manager, contact_id)
    assert "Take it" not in page(desk, contact_id)


def test_the_reply_is_changed_and_sent_from_its_page(desk: Desk, sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store)
    address = f"/hub/contacts/{contact_id}/reply"
    assert "There is no reply yet" in desk.get(address).text
    chase = desk.get("/hub/replies").text
    assert contact_id in chase
    assert "hears within one working day" in chase
    decide_on(desk, contact_id)
    unseen = unseen_of_reply(desk.get(address).text)
    desk.post(address, act="save", words="Thank you, Kim.", **unseen)
    kept = desk.get(address).text
    assert "Thank you, Kim." in kept
    unseen = unseen_of_reply(kept)
    empty = desk.post(address, act="send", words=" ", **unseen)
    assert empty.status_code == 422
    assert desk.post(address, act="send", words="Thank you both.", **unseen).status_code == 303
    again = desk.post(address, act="send", words="Twice.", **unseen)
    assert again.status_code == 409
    assert "already been sent" in again.text
    assert "Twice." in again.text
    assert "not read yet" in desk.get(address).text
    assert contact_id not in desk.get("/hub/replies").text
    with sqlite_store.reading() as session:
        assert session.scalars(select(Reply)).one().words == "Thank you both."


def test_a_reply_to_an_overtaken_decision_is_not_sent_and_its_words_are_kept(
    app: FastAPI, desk: Desk, sqlite_store: Store
) -> None:
    contact_id, other = add_read(sqlite_store, plausible=tuple(Level)), sit_down(app)
    decide_on(desk, contact_id)
    address = f"/hub/contacts/{contact_id}/reply"
    early_help = {"act": "send", "words": "It goes to early help."}
    unseen = unseen_of_reply(desk.get(address).text)
    decide_on(other, contact_id, outcome="cp_enquiry", level="child_protection")
    answer = desk.post(address, **early_help | unseen)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.text
    assert ">It goes to early help.</textarea>" in answer.text
    assert "The reply as it is now" in answer.text
    assert desk.post(address, **early_help).status_code == 409  # nor one that says nothing
    with sqlite_store.reading() as session:
        assert session.scalars(select(Reply)).one().sent_at is None
    again = unseen_of_reply(answer.text)
    assert desk.post(address, **again, act="send", words="Enquiries begin.").status_code == 303


def test_of_two_people_at_one_draft_the_second_is_told(
    app: FastAPI, desk: Desk, sqlite_store: Store
) -> None:
    contact_id, other = add_read(sqlite_store), sit_down(app)
    decide_on(desk, contact_id)
    address = f"/hub/contacts/{contact_id}/reply"
    unseen = unseen_of_reply(desk.get(address).text)
    assert other.post(address, act="save", words="By one.", **unseen).status_code == 303
    answer = desk.post(address, act="save", words="By two.", **unseen)
    assert answer.status_code == 409
    assert "By one." in answer.text
    assert ">By two.</textarea>" in answer.text
    with sqlite_store.reading() as session:
        assert session.scalars(select(Reply)).one().words == "By one."


def test_a_decision_that_does_not_say_what_was_seen_is_not_kept(
    desk: Desk, sqlite_store: Store
) -> None:
    contact_id = add_read(sqlite_store)
    unseen = hidden_fields(page(desk, contact_id))
    for left_out in ("version", "assessment_id"):
        told = {field: each for field, each in unseen.items() if field != left_out}
        answer = desk.post(f"/hub/contacts/{contact_id}/decide", **told | DECISION)
        assert answer.status_code == 409
    with sqlite_store.reading() as session:
        assert session.scalars(select(Decision)).all() == []


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
