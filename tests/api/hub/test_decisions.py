"""A person decides: kept whole or not at all, never changed, with what it needs to be explained."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.hub.changing import ChangedMeanwhileError
from api.hub.corrections import CorrectionGiven
from api.hub.decisions import DecisionError, DecisionGiven, decide
from api.hub.first_views import give_first_view
from api.store.codes import Action, CorrectionKind, Outcome, Stage, Step
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, Correction, Decision, Reply
from nlp.domain import Assertion, Element, Form, Level, Reason, SafetyFlag, Status
from nlp.errors import UnknownChoiceError
from tests.api.hub.builders import QUIET, TEXT, add_read
from tests.hub_builders import add_contact, add_user

EARLY_HELP = DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP)
LOWER = replace(EARLY_HELP, level=Level.UNIVERSAL)


def keep(store: Store, contact_id: str, given: DecisionGiven, by: Identity | None = None) -> str:
    """Decide in a transaction of its own; give the decision's id."""
    by = by or add_user(store)
    with store.writing() as session:
        return decide(session, contact_id, given, by=by).id


def problems(store: Store, contact_id: str, given: DecisionGiven) -> set[str]:
    with pytest.raises(DecisionError) as raised:
        keep(store, contact_id, given)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 0
    return set(raised.value.problems)


def test_a_decision_moves_the_contact_on_and_drafts_the_reply(empty_store: Store) -> None:
    by = add_user(empty_store)
    contact_id = add_read(empty_store, claimed_by=by.id)
    keep(empty_store, contact_id, EARLY_HELP, by)
    with empty_store.reading() as session:
        contact = session.get_one(Contact, contact_id)
        decision = session.scalars(select(Decision)).one()
        reply = session.scalars(select(Reply)).one()
        acts = session.scalars(select(AuditRow.action).where(AuditRow.actor == by.actor)).all()
    assert (contact.stage, contact.claimed_by) == (Stage.DECIDED, None)
    assert (decision.outcome, decision.made_by, decision.differs) == (
        Outcome.EARLY_HELP,
        by.id,
        False,
    )
    assert (reply.decision_id, reply.sent_at) == (decision.id, None)
    assert acts == [Action.CONTACT_DECIDED]


def test_a_later_decision_stands_and_the_earlier_is_kept_as_it_was(sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store)
    first = keep(sqlite_store, contact_id, EARLY_HELP)
    second = keep(sqlite_store, contact_id, replace(EARLY_HELP, outcome=Outcome.REFERRAL))
    with sqlite_store.reading() as session:
        assert session.get_one(Decision, first).outcome is Outcome.EARLY_HELP
        drafts = session.scalars(select(Reply)).all()
        assert [each.decision_id for each in drafts] == [second]


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        pytest.param(replace(EARLY_HELP, consent_overridden=True), {"rationale"}, id="consent"),
        pytest.param(LOWER, {"rationale", "override_reason"}, id="lower"),
        pytest.param(
            replace(EARLY_HELP, level=Level.CHILD_PROTECTION, rationale="Bruise."),
            {"override_reason"},
            id="higher",
        ),
        pytest.param(
            replace(LOWER, rationale="Safe.", override_reason="pattern_over_time"),
            {"override_reason"},
            id="a reason of the other way",
        ),
        pytest.param(
            replace(LOWER, rationale="  ", override_reason="help_in_place"),
            {"rationale"},
            id="a blank rationale",
        ),
        pytest.param(replace(EARLY_HELP, step=Step.DOWN), {"step_note"}, id="step"),
    ],
)
def test_what_is_lacking_is_said_and_nothing_is_kept(
    sqlite_store: Store, given: DecisionGiven, lacking: set[str]
) -> None:
    contact_id = add_read(sqlite_store, plausible=(Level.EARLY_HELP, Level.CHILD_IN_NEED))
    assert problems(sqlite_store, contact_id, given) == lacking


def test_a_level_outside_the_plausible_ones_is_kept_with_its_reason(sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store)
    decision_id = keep(
        sqlite_store,
        contact_id,
        replace(LOWER, rationale="Gran has moved in.", override_reason="protective_action"),
    )
    with sqlite_store.reading() as session:
        decision = session.get_one(Decision, decision_id)
    assert (decision.differs, decision.override_reason) == (True, "protective_action")
    assert decision.rationale == "Gran has moved in."


def test_a_contact_that_was_not_read_can_be_decided_at_any_level(sqlite_store: Store) -> None:
    contact_id = add_contact(sqlite_store)
    decision_id = keep(
        sqlite_store, contact_id, DecisionGiven(Outcome.CP_ENQUIRY, Level.CHILD_PROTECTION)
    )
    with sqlite_store.reading() as session:
        decision = session.get_one(Decision, decision_id)
    assert (decision.differs, decision.reader_seen_first) == (False, False)


def test_a_notification_is_called_appropriate_or_not_by_the_person_and_that_is_a_label(
    sqlite_store: Store,
) -> None:
    contact_id = add_read(sqlite_store, form=Form.PPN, inappropriate=True)
    assert problems(sqlite_store, contact_id, EARLY_HELP) == {"notification"}
    no = replace(EARLY_HELP, notification_inappropriate=True)
    assert problems(sqlite_store, contact_id, no) == {"notification_reasons"}
    decision_id = keep(
        sqlite_store, contact_id, replace(no, notification_reasons=(Reason.ADULT_PATHWAY,))
    )
    with sqlite_store.reading() as session:
        decision = session.get_one(Decision, decision_id)
        label = session.scalars(select(Correction)).one()
    assert decision.notification_reasons == ["adult_pathway"]
    assert (label.kind, label.found, label.corrected) == (
        CorrectionKind.NOTIFICATION,
        "inappropriate",
        "inappropriate",
    )


def test_what_is_never_inappropriate_needs_a_rationale_to_be_called_so(sqlite_store: Store) -> None:
    contact_id = add_read(sqlite_store, TEXT, form=Form.PPN, inappropriate=True)
    given = replace(
        EARLY_HELP,
        level=Level.CHILD_PROTECTION,
        override_reason="another_reason",
        notification_inappropriate=True,
        notification_reasons=(Reason.OUTSIDE_SCOPE,),
    )
    assert "rationale" in problems(sqlite_store, contact_id, given)


def test_corrections_keep_what_was_found_and_where(empty_store: Store) -> None:
    contact_id = add_read(empty_store, TEXT, plausible=tuple(Level))
    start = 0
    given = (
        CorrectionGiven(CorrectionKind.ELEMENT, Element.CHILD_VOICE, Status.MET),
        CorrectionGiven(CorrectionKind.FLAG, SafetyFlag.PHYSICAL_DISCLOSURE, "absent"),
        CorrectionGiven(CorrectionKind.FLAG, SafetyFlag.WEAPON, Assertion.PRESENT, start, 3),
        CorrectionGiven(CorrectionKind.LEVEL, "level", Level.CHILD_PROTECTION),
        CorrectionGiven(CorrectionKind.DOMAIN, "neglect", "present"),
    )
    keep(empty_store, contact_id, replace(EARLY_HELP, corrections=given))
    with empty_store.reading() as session:
        labels = {(each.kind, each.code): each for each in session.scalars(select(Correction))}
        counted = session.scalars(
            select(AuditRow.details).where(AuditRow.action == Action.CONTACT_CORRECTED)
        ).one()
    assert labels[CorrectionKind.ELEMENT, "child_voice"].found == "missing"
    assert labels[CorrectionKind.FLAG, "physical_disclosure"].found == "present"
    weapon = labels[CorrectionKind.FLAG, "weapon"]
    assert (weapon.found, weapon.start, weapon.end) == (None, 0, 3)
    assert labels[CorrectionKind.LEVEL, "level"].found == Level.EARLY_HELP
    assert labels[CorrectionKind.DOMAIN, "neglect"].found is None
    assert counted == {"corrections": 5}


@pytest.mark.parametrize(
    "correction",
    [
        CorrectionGiven(CorrectionKind.ELEMENT, "shoe_size", Status.MET),
        CorrectionGiven(CorrectionKind.FLAG, SafetyFlag.WEAPON, "perhaps"),
        CorrectionGiven(CorrectionKind.FLAG, SafetyFlag.WEAPON, Assertion.PRESENT, 5, 10_000),
        CorrectionGiven(CorrectionKind.FLAG, SafetyFlag.WEAPON, Assertion.PRESENT, 5, None),
    ],
)
def test_an_unknown_correction_keeps_nothing_at_all(
    sqlite_store: Store, correction: CorrectionGiven
) -> None:
    contact_id = add_read(sqlite_store)
    with pytest.raises(UnknownChoiceError):
        keep(sqlite_store, contact_id, replace(EARLY_HELP, corrections=(correction,)))
    with sqlite_store.reading() as session:
        assert session.scalars(select(Decision)).all() == []
        assert session.get_one(Contact, contact_id).stage is Stage.WAITING


def test_a_decision_on_an_older_view_is_refused(empty_store: Store) -> None:
    contact_id = add_read(empty_store)
    with empty_store.reading() as session:
        seen = session.get_one(Contact, contact_id).version
    keep(empty_store, contact_id, replace(EARLY_HELP, version=seen))
    with pytest.raises(ChangedMeanwhileError):
        keep(empty_store, contact_id, replace(EARLY_HELP, version=seen))


def test_of_two_people_who_decide_at_once_one_is_told_of_the_other(empty_store: Store) -> None:
    contact_id = add_read(empty_store)
    people = [add_user(empty_store), add_user(empty_store)]
    with empty_store.reading() as session:
        given = replace(EARLY_HELP, version=session.get_one(Contact, contact_id).version)

    def try_it(by: Identity) -> bool:
        try:
            keep(empty_store, contact_id, given, by)
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(try_it, people)) == [False, True]
    with empty_store.reading() as session:
        assert len(session.scalars(select(Decision)).all()) == 1


def test_a_reading_of_another_contact_is_refused(sqlite_store: Store) -> None:
    one, other = add_read(sqlite_store), add_read(sqlite_store, QUIET + " Again.")
    with sqlite_store.reading() as session:
        foreign = session.get_one(Contact, other).assessments[0].id
    with pytest.raises(NotFoundError):
        keep(sqlite_store, one, replace(EARLY_HELP, assessment_id=foreign))


def test_a_decision_says_whether_the_person_had_seen_the_reading_first(sqlite_store: Store) -> None:
    by, contact_id = add_user(sqlite_store), add_read(sqlite_store)
    with sqlite_store.writing() as session:
        give_first_view(
            session, contact_id, outcome=Outcome.REFERRAL, level=Level.CHILD_IN_NEED, by=by
        )
    blind = keep(sqlite_store, contact_id, EARLY_HELP, by)
    sighted = keep(sqlite_store, contact_id, EARLY_HELP)
    with sqlite_store.reading() as session:
        assert not session.get_one(Decision, blind).reader_seen_first
        assert session.get_one(Decision, sighted).reader_seen_first
