"""What is erased when its time is over, what never is, and that nothing is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from api.access.errors import ConflictError
from api.access.identity import Identity
from api.assessor import Assessor
from api.intake.retention import Periods, count_due, erase, hold, load_periods, purge
from api.intake.scoring import score
from api.intake.submission import PersonGiven
from api.store.audit import verify
from api.store.codes import Action, LinkState, Outcome, Role, Stage
from api.store.columns import now
from api.store.encrypted import encrypted_columns
from api.store.opening import Store
from api.store.tables import (
    AuditRow,
    Contact,
    ContactPerson,
    Decision,
    Draft,
    Reply,
    SameChild,
    SignIn,
    User,
)
from nlp.domain import Level
from tests.fakes import FakeReader
from tests.hub_builders import add_contact, add_user

NEVER_OF_A_CONTACT = {"agencies.webhook_secret", "users.name"}
PEOPLE = (PersonGiven(forenames="Ava", surname="Ellis", postcode="TS10 1AA"),)


def decide(
    store: Store,
    contact_id: str,
    *,
    outcome: Outcome = Outcome.NO_FURTHER_ACTION,
    days_ago: int = 5000,
    stage: Stage = Stage.DECIDED,
) -> None:
    """Decide a contact, with words in every place that has room for them."""
    worker = add_user(store, Role.HUB)
    with store.writing() as session:
        decision = Decision(
            contact_id=contact_id,
            made_at=now() - timedelta(days=days_ago),
            made_by=worker.id,
            outcome=outcome,
            level=Level.UNIVERSAL,
            rationale="words",
            step_note="words",
            sent_back_note="words",
        )
        session.add(decision)
        session.flush()
        session.add(
            Reply(contact_id=contact_id, decision_id=decision.id, words="words", due_at=now())
        )
        contact = session.get_one(Contact, contact_id)
        contact.stage, contact.open_to, contact.referrer_name = stage, "words", "words"


def erased(store: Store, contact_id: str) -> bool:
    with store.reading() as session:
        return session.get_one(Contact, contact_id).erased_at is not None


def test_what_was_decided_too_long_ago_loses_its_words_and_keeps_its_counts(
    empty_store: Store,
) -> None:
    old = add_contact(empty_store, people=PEOPLE)
    score(empty_store, old, assessor=Assessor.load(reader=FakeReader()))
    decide(empty_store, old)
    recent, waiting = add_contact(empty_store), add_contact(empty_store)
    decide(empty_store, recent, days_ago=5)
    assert count_due(empty_store, load_periods())["no_further_action"] == 1
    assert not erased(empty_store, old)  # counting changes nothing

    assert purge(empty_store, load_periods())["no_further_action"] == 1
    assert [erased(empty_store, each) for each in (old, recent, waiting)] == [True, False, False]
    with empty_store.reading() as session:
        contact = session.get_one(Contact, old)
        decision = session.scalars(select(Decision).where(Decision.contact_id == old)).one()
        assert (contact.narrative, contact.referrer_name, contact.people) == (None, None, [])
        assert (decision.rationale, decision.outcome) == (None, Outcome.NO_FURTHER_ACTION)
        assert contact.assessments[0].content == {}
        assert contact.assessments[0].statuses
        assert session.get_one(Contact, recent).narrative
        assert verify(session).whole
    assert purge(empty_store, load_periods()).total() == 0


def test_no_encrypted_column_of_a_contact_is_forgotten(empty_store: Store) -> None:
    """A new table with words of a contact must have a ``contact_id``, by which they are erased."""
    owned = {
        f"{column.table.name}.{column.name}"
        for column in encrypted_columns()
        if column.table.name == "contacts" or "contact_id" in column.table.columns
    }
    everything = {f"{column.table.name}.{column.name}" for column in encrypted_columns()}
    assert everything - owned == NEVER_OF_A_CONTACT


def test_no_word_of_an_erased_contact_is_left_in_any_table(sqlite_store: Store) -> None:
    contact = add_contact(sqlite_store, "Zyxwvella was seen.", people=PEOPLE)
    score(sqlite_store, contact, assessor=Assessor.load(reader=FakeReader()))
    decide(sqlite_store, contact)
    with sqlite_store.writing() as session:
        erase(session, contact, actor="system", why="asked")
    keys = sqlite_store.keys
    with sqlite_store.engine.connect() as connection:
        for column in encrypted_columns():
            place = f"{column.table.name}.{column.name}"
            if place in NEVER_OF_A_CONTACT:
                continue
            raw = connection.execute(text(f"SELECT {column.name} FROM {column.table.name}"))  # noqa: S608
            held = {keys.decrypt(value, place=place) for (value,) in raw if value is not None}
            assert held <= {"", "{}"}, place


def test_a_contact_that_nobody_decided_is_never_erased(empty_store: Store) -> None:
    contact = add_contact(empty_store, received_at=now() - timedelta(days=9000))
    decide(empty_store, contact, stage=Stage.AWAITING_SIGN_OFF)
    assert purge(empty_store, load_periods()).total() == 0
    assert not erased(empty_store, contact)


def test_the_last_decision_counts_and_each_outcome_has_its_own_time(empty_store: Store) -> None:
    again, referred = add_contact(empty_store), add_contact(empty_store)
    decide(empty_store, again, days_ago=5000)
    decide(empty_store, again, days_ago=10)
    decide(empty_store, referred, outcome=Outcome.REFERRAL, days_ago=1500)
    assert purge(empty_store, load_periods()).total() == 0
    decide(empty_store, add_contact(empty_store), days_ago=1500)
    assert purge(empty_store, load_periods())["no_further_action"] == 1


def test_what_was_decided_elsewhere_counts_from_its_arrival(empty_store: Store) -> None:
    contact = add_contact(empty_store, received_at=now() - timedelta(days=5000))
    with empty_store.writing() as session:
        session.get_one(Contact, contact).decided_elsewhere = Outcome.NO_FURTHER_ACTION
    assert purge(empty_store, load_periods())["no_further_action"] == 1


def test_what_is_on_legal_hold_stays(empty_store: Store) -> None:
    contact = add_contact(empty_store)
    decide(empty_store, contact)
    with empty_store.writing() as session:
        hold(session, contact, held=True, actor="user:1")
    assert purge(empty_store, load_periods()).total() == 0
    with empty_store.writing() as session, pytest.raises(ConflictError, match="legal hold"):
        erase(session, contact, actor="system", why="asked")
    with empty_store.writing() as session:
        hold(session, contact, held=False, actor="user:1")
    assert purge(empty_store, load_periods()).total() == 1
    with empty_store.reading() as session:
        acts = list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))
    assert acts[-3:] == [Action.HELD, Action.HOLD_LIFTED, Action.ERASED]


def test_links_to_an_erased_child_go_with_it(empty_store: Store) -> None:
    earlier, later = (add_contact(empty_store, people=PEOPLE) for _ in range(2))
    with empty_store.writing() as session:
        link = SameChild(later_id=later, earlier_id=earlier, probability=0.9, reasons=["name"])
        link.state = LinkState.CONFIRMED
        session.add(link)
    with empty_store.writing() as session:
        erase(session, earlier, actor="system", why="asked")
    with empty_store.reading() as session:
        assert session.scalars(select(SameChild)).all() == []
        assert {each.contact_id for each in session.scalars(select(ContactPerson))} == {later}


def test_old_counts_of_drafts_and_old_sessions_go(empty_store: Store) -> None:
    person: Identity = add_user(empty_store)
    with empty_store.writing() as session:
        long_ago = now() - timedelta(days=30)
        session.add(Draft(id="old", started_at=long_ago, first_score=1, first_missing=2))
        session.add(Draft(id="new", first_score=1, first_missing=2))
        session.add(
            SignIn(
                token_hash="x",  # noqa: S106
                user_id=person.id,
                form_token="y",  # noqa: S106
                seen_at=long_ago,
            )
        )
    counts = purge(empty_store, load_periods())
    assert (counts["drafts"], counts["sign_ins"]) == (1, 1)
    with empty_store.reading() as session:
        assert [draft.id for draft in session.scalars(select(Draft))] == ["new"]
        assert session.get(User, person.id) is not None


def test_a_purge_goes_on_past_one_batch(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.intake.retention.BATCH", 2)
    for _ in range(5):
        decide(empty_store, add_contact(empty_store))
    assert purge(empty_store, load_periods())["no_further_action"] == 5


def test_every_outcome_has_a_period() -> None:
    assert set(load_periods().contacts) == set(Outcome)
    with pytest.raises(ValueError, match="say how long for referral"):
        Periods(contacts=dict.fromkeys(set(Outcome) - {Outcome.REFERRAL}, 1), drafts=1, sign_ins=1)
