"""A referrer sees what their own agency sent, and what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.access.identity import Identity
from api.assessor import Assessor
from api.intake import sent
from api.intake.scoring import score
from api.intake.submission import PersonGiven
from api.main import create_app
from api.routes import sent as sent_pages
from api.store.codes import Relation, Role, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Contact, Reply
from tests.api.conftest import SETTINGS
from tests.api.test_contacts_api import decide
from tests.hub_builders import TEXT, add_contact, add_user, sign_in

PEOPLE = (
    PersonGiven(forenames="Ava Rose", surname="Mold"),
    PersonGiven(relation=Relation.PARENT, forenames="Dana", surname="Mold"),
)


@pytest.fixture
def client(empty_store: Store, assessor: Assessor) -> TestClient:
    app = create_app(assessor, SETTINGS, empty_store)
    return TestClient(app, base_url="https://testserver", follow_redirects=False)


@pytest.fixture
def referrer(client: TestClient, empty_store: Store) -> Identity:
    identity = add_user(empty_store, Role.REFERRER)
    sign_in(client, empty_store, identity)
    return identity


@pytest.fixture
def contact_id(empty_store: Store, referrer: Identity) -> str:
    return add_contact(empty_store, people=PEOPLE)


def test_a_contact_is_listed_by_its_child_and_not_its_words(
    client: TestClient, contact_id: str
) -> None:
    for address in ("/sent", f"/sent/{contact_id}"):
        page = client.get(address).text
        assert "Ava Rose Mold" in page
        assert "Dana" not in page
        assert TEXT not in page
        assert "With the hub" in page or "It is with the hub" in page


def test_an_answer_that_is_late_is_said_to_be(
    client: TestClient, contact_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("/sent", f"/sent/{contact_id}"):
        assert "was due" not in client.get(address).text
    monkeypatch.setattr(sent_pages, "now", lambda: now() + timedelta(days=8))
    assert "<strong>Late</strong>, was due" in client.get("/sent").text
    assert "is late: ring the children&#39;s hub and give the reference." in (
        client.get(f"/sent/{contact_id}").text
    )


@pytest.mark.usefixtures("referrer")
def test_other_agencies_contacts_are_not_there(client: TestClient, empty_store: Store) -> None:
    other = add_contact(empty_store, agency_id="school_b", people=PEOPLE)
    assert "Ava Rose" not in client.get("/sent").text
    for address in (f"/sent/{other}", f"/sent/{other}/received", f"/sent?after={other}"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Ava Rose" not in answer.text


def test_visitors_are_led_to_sign_in(empty_store: Store, assessor: Assessor) -> None:
    client = TestClient(create_app(assessor, SETTINGS, empty_store), follow_redirects=False)
    answer = client.get("/sent")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_the_answer_is_shown_once_it_is_sent_and_noted_as_read(
    client: TestClient, empty_store: Store, contact_id: str
) -> None:
    decide(empty_store, contact_id, sent=False)
    assert "Thank you. The family hub will ring." not in client.get(f"/sent/{contact_id}").text
    decide(empty_store, contact_id, sent=True)
    assert "New," in client.get("/sent").text
    assert "Thank you. The family hub will ring." in client.get(f"/sent/{contact_id}").text
    with empty_store.reading() as session:
        read = select(func.count()).select_from(Reply).where(Reply.read_at.is_not(None))
        assert session.scalar(read) == 1
    assert "Read," in client.get("/sent").text


def test_a_decision_that_waits_for_a_signature_is_not_told(
    client: TestClient, empty_store: Store, contact_id: str
) -> None:
    decide(empty_store, contact_id, sent=False)
    assert "Early help" in client.get("/sent").text
    with empty_store.writing() as session:
        session.get_one(Contact, contact_id).stage = Stage.AWAITING_SIGN_OFF
    assert "Early help" not in client.get("/sent").text
    assert "Early help" not in client.get(f"/sent/{contact_id}").text


def test_what_was_missing_and_what_improved_is_said(
    client: TestClient, empty_store: Store, contact_id: str, assessor: Assessor
) -> None:
    assert "It has not been checked yet" in client.get(f"/sent/{contact_id}").text
    with empty_store.writing() as session:
        session.get_one(Contact, contact_id).first_missing = 16
    score(empty_store, contact_id, assessor=assessor)
    page = client.get(f"/sent/{contact_id}").text
    with empty_store.reading() as session:
        missing = session.get_one(Contact, contact_id).missing
    assert f"At the first check 16 points were missing; as sent, {missing} are." in page
    assert "What you added helps" in page


def test_the_list_has_pages(
    client: TestClient,
    empty_store: Store,
    referrer: Identity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sent.list_sent.__kwdefaults__ or {}, "most", 2)
    at = now()
    for number in range(3):
        person = PersonGiven(forenames=f"Child{number}")
        add_contact(empty_store, people=(person,), received_at=at - timedelta(hours=number))
    first = client.get("/sent").text
    assert "Child0" in first
    assert "Child2" not in first
    following = first.split('href="/sent?after=')[1].split('"')[0]
    second = client.get("/sent", params={"after": following}).text
    assert "Child2" in second
    assert "Child0" not in second
    assert "Earlier ones" not in second
