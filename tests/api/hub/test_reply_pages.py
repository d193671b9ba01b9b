"""The page of a reply: changed, sent once, and never over what somebody else wrote."""

from __future__ import annotations

import re

from fastapi import FastAPI
from sqlalchemy import select

from api.store.opening import Store
from api.store.tables import Reply
from nlp.domain import Level
from tests.api.hub.builders import add_read
from tests.api.hub.signed_in import Desk, decide_on, sit_down


def unseen_of_reply(html: str) -> dict[str, str]:
    """The fields that the form of a reply carries unseen."""
    return dict(re.findall(r'<input type="hidden" name="(reply_id|version)" value="([^"]*)"', html))


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
