"""Sending from the page: once, with its fields, and nothing lost where it fails."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access.identity import Identity
from api.access.rules import COOKIE
from api.assessor import Assessor
from api.intake import drafts
from api.main import create_app
from api.store.codes import Action, Channel, Relation, Role
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import AuditRow, Contact, Draft
from nlp.domain import Level
from tests.api.conftest import SETTINGS
from tests.hub_builders import TEXT, add_user, sign_in

FIELDS = {
    "shown": "one_box_referral",
    "one_box_referral-text": TEXT,
    "client_key": "c" * 32,
    "draft": "d" * 32,
    "person-0-relation": "child",
    "person-0-forenames": "Ava Rose",
    "person-0-surname": "Mold",
    "person-0-born": "4 March 2019",
    "person-0-address": "12 Grange Road",
    "person-0-postcode": "TS10 9ZZ",
    "person-1-relation": "sibling",
    "person-1-forenames": "Jo",
    "person-1-surname": "",
    "person-1-born": "about 11",
    "person-2-relation": "parent",
    "person-2-forenames": "",
    "person-2-surname": "",
    "referrer-name": "Ms Okafor",
    "referrer-contact": "01632 960501",
    "stated-level": "child_in_need",
    "consent": "no",
    "earlier_contacts": "1",
}
NOT_SENT = "Your referral has not been sent. What you wrote is still here."


@pytest.fixture
def client(empty_store: Store, assessor: Assessor) -> TestClient:
    app = create_app(assessor, SETTINGS, empty_store)
    return TestClient(app, base_url="https://testserver", follow_redirects=False)


@pytest.fixture
def referrer(empty_store: Store) -> Identity:
    return add_user(empty_store, Role.REFERRER)


@pytest.fixture
def form(client: TestClient, empty_store: Store, referrer: Identity) -> dict[str, str]:
    return FIELDS | {"form_token": sign_in(client, empty_store, referrer)}


def kept(store: Store) -> list[Contact]:
    with store.reading() as session:
        found = list(session.scalars(select(Contact)))
        assert all(each.people is not None for each in found)
    return found


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def holds_everything(page: str) -> bool:
    written = ["Ava Rose", "12 Grange Road", "TS10 9ZZ", "about 11", "Ms Okafor", "01632 960501"]
    return all(words in page for words in (*written, TEXT))


def test_what_is_in_the_form_is_sent_with_its_fields_apart_from_its_words(
    client: TestClient, empty_store: Store, form: dict[str, str], referrer: Identity
) -> None:
    answer = client.post("/refer/send", data=form)
    (contact,) = kept(empty_store)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sent/{contact.id}/received")
    assert (contact.narrative, contact.agency_id) == (TEXT, referrer.agency_id)
    assert (contact.channel, contact.form_type) == (Channel.PAGE, "safer")
    assert [(p.relation, p.forenames, p.date_of_birth, p.birth_note) for p in contact.people] == [
        (Relation.CHILD, "Ava Rose", "2019-03-04", None),
        (Relation.SIBLING, "Jo", None, "about 11"),
    ]
    assert (contact.stated_level, contact.consent_given) == (Level.CHILD_IN_NEED, False)
    assert (contact.referrer_name, contact.earlier_contacts) == ("Ms Okafor", 1)


def test_the_confirmation_gives_the_reference_and_when_they_hear(
    client: TestClient, empty_store: Store, form: dict[str, str]
) -> None:
    page = client.get(client.post("/refer/send", data=form).headers["location"]).text
    assert kept(empty_store)[0].reference in page
    assert "within one working day" in page
    assert "999" in page
    assert "Ava" not in page


def test_a_form_that_is_sent_twice_is_one_contact(
    client: TestClient, empty_store: Store, form: dict[str, str]
) -> None:
    answers = [client.post("/refer/send", data=form) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(kept(empty_store)) == 1


def test_a_text_changed_after_it_was_sent_can_be_sent_too(
    client: TestClient, empty_store: Store, form: dict[str, str]
) -> None:
    """Back, change, send: the key in the form is the one of what was sent."""
    client.post("/refer/send", data=form)
    changed = form | {"one_box_referral-text": "He hit her again."}
    page = client.post("/refer/send", data=changed)
    assert page.status_code == 409
    assert NOT_SENT in page.text
    assert "He hit her again." in page.text
    again = changed | {"client_key": hidden(page.text, "client_key")}
    assert client.post("/refer/send", data=again).status_code == 303
    assert len(kept(empty_store)) == 2


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_form_is_not_sent_and_says_so(
    client: TestClient, empty_store: Store, form: dict[str, str], text: str
) -> None:
    page = client.post("/refer/send", data=form | {"one_box_referral-text": text})
    assert page.status_code == 422
    assert NOT_SENT in page.text
    assert kept(empty_store) == []


def test_a_session_that_ended_meanwhile_costs_nobody_their_words(
    client: TestClient, empty_store: Store, form: dict[str, str], referrer: Identity
) -> None:
    client.cookies.set(COOKIE, "over", domain="testserver.local", path="/")
    page = client.post("/refer/send", data=form)
    assert page.status_code == 401
    assert NOT_SENT in page.text
    assert "Sign in (opens in a new tab)" in page.text
    assert holds_everything(page.text)
    # They sign in in another tab: the form has the token of the old session, the page a new one.
    sign_in(client, empty_store, referrer)
    page = client.post("/refer/send", data=form)
    assert page.status_code == 403
    assert holds_everything(page.text)
    again = form | {name: hidden(page.text, name) for name in ("form_token", "client_key")}
    assert again["client_key"] == form["client_key"]
    assert client.post("/refer/send", data=again).status_code == 303
    assert len(kept(empty_store)) == 1


def test_a_form_of_another_site_sends_nothing(
    client: TestClient, empty_store: Store, form: dict[str, str]
) -> None:
    answer = client.post("/refer/send", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert kept(empty_store) == []


def test_a_store_that_does_not_answer_costs_nobody_their_words(
    client: TestClient, empty_store: Store, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as broken:
        broken.setattr(Store, "reading", down)
        broken.setattr(Store, "writing", down)
        page = client.post("/refer/send", data=form)
    assert page.status_code == 503
    assert NOT_SENT in page.text
    assert "The store cannot be reached" in page.text
    assert "Sign in (opens" not in page.text
    assert holds_everything(page.text)
    assert kept(empty_store) == []


@pytest.mark.parametrize("role", [Role.HUB, Role.ADMINISTRATOR])
def test_others_than_referrers_do_not_send_from_the_page(
    client: TestClient, empty_store: Store, role: Role
) -> None:
    person = add_user(empty_store, role)
    token = sign_in(client, empty_store, person)
    assert client.post("/refer/send", data=FIELDS | {"form_token": token}).status_code == 403
    assert kept(empty_store) == []
    with empty_store.reading() as session:
        refused = session.scalars(select(AuditRow).where(AuditRow.action == Action.REFUSED)).one()
    assert (refused.actor, refused.target) == (person.actor, "route:/refer/send")
    assert "Send to the hub" not in client.get("/refer").text


def test_the_button_is_there_before_any_check_and_whatever_the_score(
    client: TestClient, form: dict[str, str], referrer: Identity
) -> None:
    for page in (client.get("/refer").text, client.post("/refer", data=form).text):
        assert "Send to the hub" in page
        assert "This page does not send anything" not in page
    assert f'value="{referrer.name}"' in client.get("/refer").text


def test_a_check_keeps_the_fields_of_the_form(client: TestClient, form: dict[str, str]) -> None:
    page = client.post("/refer", data=form).text
    assert holds_everything(page)
    assert hidden(page, "client_key") == form["client_key"]
    assert hidden(page, "draft") == form["draft"]


def test_another_person_can_be_added_without_a_script(
    client: TestClient, form: dict[str, str]
) -> None:
    page = client.post("/refer/people", data=form).text
    assert holds_everything(page)
    assert 'name="person-3-forenames"' in page
    most = {f"person-{number}-surname": "x" for number in range(99)}
    page = client.post("/refer/people", data=form | most).text
    assert f'name="person-{drafts.MOST_PEOPLE}-surname"' not in page


def test_visitors_are_led_to_sign_in_and_keep_the_advice(client: TestClient) -> None:
    page = client.get("/refer").text
    assert "sign in (opens in a new tab)" in page
    assert "the way you do today" in page
    assert "Send to the hub" not in page


def counts(store: Store) -> list[tuple[int, int, int]]:
    with store.reading() as session:
        found = session.scalars(select(Draft))
        return [(each.first_score, each.first_missing, each.checks) for each in found]


def test_the_first_check_is_remembered_as_counts_and_goes_with_the_contact(
    client: TestClient, empty_store: Store, form: dict[str, str]
) -> None:
    client.post("/refer", data=form | {"one_box_referral-text": "Ava was late."})
    ((score, missing, checks),) = counts(empty_store)
    client.post("/refer", data=form)
    assert counts(empty_store) == [(score, missing, checks + 1)]
    client.post("/refer/send", data=form)
    (contact,) = kept(empty_store)
    assert (contact.first_score, contact.first_missing) == (score, missing)
    assert counts(empty_store) == []


def test_the_page_s_script_tells_counts_and_no_words(
    client: TestClient, empty_store: Store, form: dict[str, str]
) -> None:
    header = {"x-form-token": form["form_token"]}
    told = {"draft": "e" * 32, "score": 41, "missing": 6}
    assert client.post("/refer/checked", json=told, headers=header).status_code == 204
    assert counts(empty_store) == [(41, 6, 1)]
    for wrong in ({"text": TEXT}, {"score": 101}, {"draft": "../etc"}):
        assert client.post("/refer/checked", json=told | wrong, headers=header).status_code == 422
    assert client.post("/refer/checked", json=told).status_code == 403


def test_a_visitor_s_checks_leave_nothing(client: TestClient, empty_store: Store) -> None:
    client.post("/refer", data=FIELDS)
    assert counts(empty_store) == []


@pytest.mark.parametrize(
    ("layout", "written", "kept_as"),
    [
        ("ppn", "2026-03-27", "2026-03-27"),
        ("ppn", "27 March", "None"),
        ("ppn", "2999-01-01", "None"),
        ("safer", "2026-03-27", "None"),
    ],
)
def test_the_day_of_an_incident_is_kept_of_notifications_and_holds_nothing_up(
    client: TestClient,
    empty_store: Store,
    form: dict[str, str],
    layout: str,
    written: str,
    kept_as: str,
) -> None:
    words = {"layout": layout, "incident-on": written}
    assert client.post("/refer/send", data=form | words).status_code == 303
    (contact,) = kept(empty_store)
    assert str(contact.incident_on) == kept_as
