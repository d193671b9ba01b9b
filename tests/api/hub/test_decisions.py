"""A person decides: kept whole or not at all, never changed, with what it needs to be explained."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from api.access.identity import Identity
from api.assessor import Assessor
from api.hub.changing import ChangedMeanwhileError
from api.hub.corrections import CorrectionGiven
from api.hub.decisions import ContactSeen, DecisionError, DecisionGiven, decide
from api.hub.first_views import give_first_view
from api.intake.scoring import score
from api.store.codes import Action, CorrectionKind, Expected, Outcome, Stage, Step
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, Correction, Decision, Reply
from nlp import domain
from nlp.domain import Assertion, Element, Form, Level, Reason, SafetyFlag, Status
from nlp.errors import UnknownChoiceError
from tests.api.hub.builders import TEXT, add_read
from tests.fakes import FakeReader
from tests.hub_builders import add_agency, add_contact, add_user

EARLY_HELP = DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP)
LOWER = replace(EARLY_HELP, level=Level.UNIVERSAL)


def keep(store: Store, contact_id: str, given: DecisionGiven, by: Identity | None = None) -> str:
    """Decide in a transaction of its own; give the decision's id."""
    by = by or add_user(store)
    with store.writing() as session:
        return decide(session, contact_id, given, by=by).id


def seen(store: Store, contact_id: str) -> ContactSeen:
    with store.reading() as session:
        contact = session.get_one(Contact, contact_id)
        return ContactSeen(contact.version, contact.assessments[-1].id)


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
    given = replace(EARLY_HELP, seen=seen(empty_store, contact_id))
    keep(empty_store, contact_id, given)
    with pytest.raises(ChangedMeanwhileError):
        keep(empty_store, contact_id, given)


def test_of_two_people_who_decide_at_once_one_is_told_of_the_other(empty_store: Store) -> None:
    contact_id = add_read(empty_store)
    people = [add_user(empty_store), add_user(empty_store)]
    given = replace(EARLY_HELP, seen=seen(empty_store, contact_id))

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


def test_an_earlier_reading_does_not_keep_a_manager_from_signing(empty_store: Store) -> None:
    """The contact could be child protection only by its last reading; its version says nothing."""
    contact_id = add_read(empty_store)
    first = seen(empty_store, contact_id)
    reader = FakeReader(plausible=(Level.EARLY_HELP, Level.CHILD_PROTECTION))
    assert score(empty_store, contact_id, assessor=Assessor.load(reader=reader), again=True)
    last = seen(empty_store, contact_id)
    ended = replace(EARLY_HELP, outcome=Outcome.NO_FURTHER_ACTION, level=Level.CHILD_IN_NEED)
    with pytest.raises(ChangedMeanwhileError):
        keep(
            empty_store,
            contact_id,
            replace(ended, seen=replace(last, assessment_id=first.assessment_id)),
        )
    decision_id = keep(empty_store, contact_id, replace(ended, seen=last))
    with empty_store.reading() as session:
        decision = session.get_one(Decision, decision_id)
    assert (decision.needs_sign_off, decision.differs) == (True, False)
    assert decision.assessment_id == last.assessment_id


def test_whoever_decides_what_another_has_says_so_and_that_is_recorded(
    empty_store: Store,
) -> None:
    holder, by = add_user(empty_store), add_user(empty_store)
    contact_id = add_read(empty_store, claimed_by=holder.id, claimed_at=now())
    for held_by in (None, by.id):
        assert problems(empty_store, contact_id, replace(EARLY_HELP, held_by=held_by)) == {
            "held_by"
        }
    keep(empty_store, contact_id, replace(EARLY_HELP, held_by=holder.id), by)
    with empty_store.reading() as session:
        row = session.scalars(
            select(AuditRow).where(AuditRow.action == Action.CONTACT_DECIDED)
        ).one()
    assert row.details["held_by"] == holder.id


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


def test_staff_say_that_a_notification_came_late_or_never(empty_store: Store) -> None:
    add_agency(empty_store, "police", kind=domain.Agency.POLICE)
    given = replace(EARLY_HELP, expected_notification=Expected.NEVER_CAME, expected_from="police")
    decision_id = keep(empty_store, add_read(empty_store), given)
    with empty_store.reading() as session:
        decision = session.get_one(Decision, decision_id)
    assert decision.expected_notification is Expected.NEVER_CAME
    assert decision.expected_from == "police"


@pytest.mark.parametrize(
    ("expected", "owed_by"),
    [(Expected.CAME_LATE, "school_a"), (Expected.CAME_LATE, None), (None, "school_a")],
)
def test_only_police_owe_a_notification(
    sqlite_store: Store, expected: Expected | None, owed_by: str | None
) -> None:
    contact_id = add_read(sqlite_store)
    given = replace(EARLY_HELP, expected_notification=expected, expected_from=owed_by)
    with pytest.raises(UnknownChoiceError, match="no police"):
        keep(sqlite_store, contact_id, given)
