"""A second, senior pair of eyes under the decisions that need one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from api.access.identity import Identity
from api.hub.decisions import DecisionGiven, decide
from api.hub.sign_off import (
    SignOffError,
    SignOffFile,
    list_awaiting,
    load_sign_off,
    send_back,
    sign,
)
from api.store.codes import Outcome, Role, Stage
from api.store.opening import Store
from api.store.tables import Contact, Decision, Reply
from nlp.domain import Level
from nlp.errors import RulebookError
from tests.api.hub.builders import add_read
from tests.hub_builders import add_contact, add_user

OPEN = (Level.EARLY_HELP, Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)
NO_ACTION = DecisionGiven(Outcome.NO_FURTHER_ACTION, Level.EARLY_HELP, rationale="Seen today.")


def decided(store: Store, by: Identity | None = None, rules: SignOffFile | None = None) -> str:
    """A contact that could be child protection, ended by *by*; its id."""
    contact_id = add_read(store, plausible=OPEN)
    by = by or add_user(store)
    with store.writing() as session:
        decide(session, contact_id, NO_ACTION, by=by, rules=rules)
    return contact_id


def stage(store: Store, contact_id: str) -> Stage:
    with store.reading() as session:
        return session.get_one(Contact, contact_id).stage


def test_ending_a_contact_that_could_be_child_protection_waits_for_a_manager(
    empty_store: Store,
) -> None:
    contact_id, manager = decided(empty_store), add_user(empty_store, Role.HUB_MANAGER)
    with empty_store.reading() as session:
        (awaiting,) = list_awaiting(session, asker=manager)
        assert session.scalars(select(Reply)).all() == []
    assert (awaiting.contact.id, awaiting.own) == (contact_id, False)
    with empty_store.writing() as session:
        sign(session, contact_id, by=manager)
    with empty_store.reading() as session:
        decision = session.scalars(select(Decision)).one()
        assert session.scalars(select(Reply)).one().decision_id == decision.id
        assert list_awaiting(session, asker=manager) == []
    assert (decision.signed_by, stage(empty_store, contact_id)) == (manager.id, Stage.DECIDED)


@pytest.mark.parametrize(
    ("plausible", "outcome", "expected"),
    [
        (OPEN, Outcome.REFERRAL, Stage.DECIDED),
        ((Level.EARLY_HELP,), Outcome.NO_FURTHER_ACTION, Stage.DECIDED),
        (OPEN, Outcome.INFORMATION_AND_ADVICE, Stage.AWAITING_SIGN_OFF),
    ],
)
def test_only_what_the_rules_name_waits(
    sqlite_store: Store, plausible: tuple[Level, ...], outcome: Outcome, expected: Stage
) -> None:
    contact_id = add_read(sqlite_store, plausible=plausible)
    by = add_user(sqlite_store)
    with sqlite_store.writing() as session:
        given = DecisionGiven(outcome, Level.EARLY_HELP)
        decide(session, contact_id, given, by=by)
    assert stage(sqlite_store, contact_id) is expected


def test_ending_a_contact_that_was_not_read_waits_too(sqlite_store: Store) -> None:
    contact_id = add_contact(sqlite_store)
    by = add_user(sqlite_store)
    with sqlite_store.writing() as session:
        decide(session, contact_id, NO_ACTION, by=by)
    assert stage(sqlite_store, contact_id) is Stage.AWAITING_SIGN_OFF


def test_nobody_signs_or_sends_back_their_own_decision(sqlite_store: Store) -> None:
    manager = add_user(sqlite_store, Role.HUB_MANAGER)
    contact_id = decided(sqlite_store, manager)
    with pytest.raises(SignOffError, match="your own"), sqlite_store.writing() as session:
        sign(session, contact_id, by=manager)
    with pytest.raises(SignOffError, match="your own"), sqlite_store.writing() as session:
        send_back(session, contact_id, note="Again", by=manager)
    assert stage(sqlite_store, contact_id) is Stage.AWAITING_SIGN_OFF


def test_what_is_sent_back_waits_again_with_the_note(empty_store: Store) -> None:
    contact_id, manager = decided(empty_store), add_user(empty_store, Role.HUB_MANAGER)
    with pytest.raises(SignOffError, match="why"), empty_store.writing() as session:
        send_back(session, contact_id, note=" ", by=manager)
    with empty_store.writing() as session:
        send_back(session, contact_id, note="Ring the school first.", by=manager)
    with empty_store.reading() as session:
        decision = session.scalars(select(Decision)).one()
    assert (decision.sent_back_note, decision.sent_back_by) == (
        "Ring the school first.",
        manager.id,
    )
    assert stage(empty_store, contact_id) is Stage.WAITING
    with pytest.raises(SignOffError, match="waits"), empty_store.writing() as session:
        sign(session, contact_id, by=manager)


def test_a_council_gives_its_own_rules(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "sign_off.yaml"
    file.write_text("rules: []\n")
    contact_id = decided(sqlite_store, rules=load_sign_off(str(file)))
    assert stage(sqlite_store, contact_id) is Stage.DECIDED
    (tmp_path / "wrong.yaml").write_text("rules: [{outcomes: [later], rationale: None}]\n")
    with pytest.raises(RulebookError, match="no_further_action"):
        load_sign_off(str(tmp_path / "wrong.yaml"))
