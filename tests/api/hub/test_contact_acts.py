"""What staff do on the page of a contact: decide, sign, take over; and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

from fastapi import FastAPI
from sqlalchemy import select

from api.hub import claims
from api.intake.submission import PersonGiven
from api.store.codes import Action, LinkState, Role, Stage
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, Correction, Decision, SameChild
from nlp.domain import Level
from tests.api.hub.builders import QUIET, add_read
from tests.api.hub.signed_in import DECISION, Desk, decide_on, hidden_fields, page, sit_down

TEXT = "\U0001f476 Ava said dad hit her & ran.\r\nNo weapon was seen. <b>Known</b> to services."
AVA = (PersonGiven(forenames="Ava", surname="Stone", date_of_birth=date(2020, 5, 1)),)


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
