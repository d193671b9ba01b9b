"""The referrer hears: what was decided, what helped, what to add; and nobody is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from api.access.errors import ConflictError
from api.hub.decisions import DecisionGiven, decide
from api.hub.replies import (
    ReplyError,
    draft_reply,
    latest_reply,
    list_unanswered,
    save_draft,
    send_reply,
)
from api.hub.replies_words import email_text, load_replies
from api.hub.sign_off import SignOffFile
from api.outcomes import load_outcomes
from api.store.codes import Action, Outcome
from api.store.columns import now
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import AuditRow, Contact, Decision, Reply
from nlp.domain import Form, Level, Reason
from tests.api.hub.builders import QUIET, TEXT, add_read
from tests.hub_builders import add_contact, add_user

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
EARLY_HELP = DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP)


def decided(store: Store, given: DecisionGiven = EARLY_HELP, text: str = QUIET) -> str:
    form = Form.REFERRAL if given.notification_inappropriate is None else Form.PPN
    contact_id = add_read(store, text, form=form, inappropriate=form is Form.PPN)
    by = add_user(store)
    with store.writing() as session:
        decide(session, contact_id, given, by=by, rules=SignOffFile())
    return contact_id


def words_of(store: Store, contact_id: str) -> str:
    with store.reading() as session:
        reply = latest_reply(session, contact_id)
    assert reply is not None
    return reply.words


def test_the_words_say_the_outcome_and_what_to_add_and_end_with_safety(sqlite_store: Store) -> None:
    words = words_of(sqlite_store, decided(sqlite_store))
    assert words.startswith("Thank you for the referral")
    assert load_outcomes().outcomes[Outcome.EARLY_HELP].told in words
    assert "level 2, early help" in words
    assert load_replies().next_heading in words
    assert words.endswith(load_replies().safety)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_reply_holds_words_of_the_contact_or_puts_anybody_off(
    sqlite_store: Store, outcome: Outcome
) -> None:
    contact_id = decided(sqlite_store, replace(EARLY_HELP, outcome=outcome), TEXT)
    words = words_of(sqlite_store, contact_id)
    assert "Ava" not in words
    assert "hungry" not in words
    for refusal in ("do not send", "should not have", "not wanted", "unnecessary"):
        assert refusal not in words.lower()


def test_a_notification_called_inappropriate_is_thanked_and_told_of_a_better_route(
    sqlite_store: Store,
) -> None:
    given = replace(
        EARLY_HELP,
        notification_inappropriate=True,
        notification_reasons=(Reason.ADULT_PATHWAY,),
    )
    words = words_of(sqlite_store, decided(sqlite_store, given))
    assert words.startswith("Thank you for the police notification")
    assert "adult safeguarding or health notification" in words
    assert "all the same" in words


def test_staff_change_the_words_and_send_them_once(empty_store: Store) -> None:
    contact_id, by = decided(empty_store), add_user(empty_store)
    with empty_store.writing() as session:
        save_draft(session, contact_id, words="Thank you, Kim.")
    assert words_of(empty_store, contact_id) == "Thank you, Kim."
    with pytest.raises(ReplyError), empty_store.writing() as session:
        send_reply(session, contact_id, by=by, words="  ")
    with empty_store.writing() as session:
        send_reply(session, contact_id, by=by, words="Thank you both.")
    with pytest.raises(ConflictError, match="already"), empty_store.writing() as session:
        send_reply(session, contact_id, by=by, words="Twice.")
    with empty_store.reading() as session:
        reply = session.scalars(select(Reply)).one()
        acts = session.scalars(select(AuditRow).where(AuditRow.action == Action.REPLY_SENT)).all()
        contact = session.get_one(Contact, contact_id)
    assert (reply.words, reply.sent_by, reply.channels) == ("Thank you both.", by.id, ["page"])
    assert contact.reply_due_at is None
    assert [each.details for each in acts] == [{"reply": reply.id, "channels": ["page"]}]


def test_nothing_is_sent_before_a_decision_counts(sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store)
    by = add_user(sqlite_store)
    with pytest.raises(ReplyError, match="not decided"), sqlite_store.writing() as session:
        send_reply(session, contact_id, by=by, words="Too early.")


def test_a_changed_outcome_is_owed_a_reply_of_its_own(sqlite_store: Store) -> None:
    contact_id, by = decided(sqlite_store), add_user(sqlite_store)
    with sqlite_store.writing() as session:
        send_reply(session, contact_id, by=by, words="Early help.")
    with sqlite_store.writing() as session:
        decide(session, contact_id, replace(EARLY_HELP, outcome=Outcome.REFERRAL), by=by)
    with sqlite_store.reading() as session:
        waiting = list_unanswered(session, at=now())
        reply = latest_reply(session, contact_id)
    assert [each.contact_id for each in waiting] == [contact_id]
    assert reply is not None
    assert reply.sent_at is None


def test_the_longest_overdue_is_first_on_the_chase_list_whatever_its_stage(
    empty_store: Store,
) -> None:
    late = decided(empty_store)
    later = add_contact(empty_store, received_at=MONDAY)
    first = add_contact(empty_store, received_at=MONDAY - timedelta(days=7))
    answered = decided(empty_store)
    by = add_user(empty_store)
    with empty_store.writing() as session:
        session.get_one(Contact, late).reply_due_at = MONDAY + timedelta(days=3)
        send_reply(session, answered, by=by, words="Thank you.")
    with empty_store.reading() as session:
        waiting = list_unanswered(session, at=MONDAY + timedelta(days=1, minutes=1))
        shortened = list_unanswered(session, at=MONDAY, most=1)
    assert [(each.contact_id, each.overdue) for each in waiting] == [
        (first, True),
        (later, True),
        (late, False),
    ]
    assert [each.contact_id for each in shortened] == [first]


def test_an_email_says_only_that_there_is_an_answer(sqlite_store: Store) -> None:
    secret = replace(EARLY_HELP, rationale="Gran takes her in.")
    contact_id = decided(sqlite_store, secret, text=TEXT)
    with sqlite_store.reading() as session:
        subject, body = email_text(session.get_one(Contact, contact_id), service="Referral check")
    assert reference_of(contact_id) in subject
    for word in ("Ava", "hungry", "Gran", "early help", "level", "school"):
        assert word not in subject + body
    assert "999" in body


def test_a_contact_that_was_not_read_is_answered_without_feedback(sqlite_store: Store) -> None:
    contact_id = add_contact(sqlite_store)
    given = DecisionGiven(Outcome.REFERRAL, Level.CHILD_IN_NEED)
    by = add_user(sqlite_store)
    with sqlite_store.writing() as session:
        decision = decide(session, contact_id, given, by=by)
        reply = draft_reply(session, session.get_one(Contact, contact_id), decision)
        assert load_replies().next_heading not in reply.words
        assert session.scalars(select(Decision)).one().id == reply.decision_id
