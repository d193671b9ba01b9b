"""A silent reader is held against what staff decided, and the verdict follows the stated rule."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score
from sqlalchemy import select

from api.assessor import Assessor
from api.hub.first_views import give_first_view
from api.intake.scoring import score
from api.silent.cases import Case, find_cases
from api.silent.comparison import TOGETHER, compare
from api.silent.measures import Share, calibrate, figures_of
from api.silent.reading import begin, read_silently
from api.silent.rule import QuestionCode, State, load_rule
from api.silent.verdict import reach_verdict
from api.store.codes import CorrectionKind, Outcome
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Correction, StoredAssessment
from nlp import domain
from nlp.domain import LEVELS, Element, Form, Level, Status
from tests.api.hub.builders import QUIET, add_read
from tests.api.silent.builders import SILENT, decide_on, make_case, silent_reader
from tests.fakes import FakeReader
from tests.hub_builders import add_agency, add_contact, add_user

CP, CIN, EH, U = reversed(LEVELS)


def test_agreement_and_calibration_are_those_of_independent_calculations() -> None:
    random = np.random.default_rng(6)
    levels, reads = random.integers(4, size=(2, 400))
    said = random.random(400)
    cases = [
        make_case(LEVELS[a], LEVELS[b], probability=float(p))
        for a, b, p in zip(levels, reads, said, strict=True)
    ]
    found = figures_of(cases, lambda case: case.silent)
    assert found.agreement is not None
    assert found.agreement.kappa is not None
    expected = cohen_kappa_score(levels, reads, weights="quadratic")
    assert found.agreement.kappa.value == pytest.approx(expected)
    right, error = levels == reads, 0.0
    for place in range(10):
        inside = (said >= place / 10) & (said < (place + 1) / 10)
        error += abs(said[inside].sum() - right[inside].sum()) / 400
    assert found.calibration is not None
    assert found.calibration.error == pytest.approx(error)
    assert sum(each.contacts for each in found.calibration.bins) == 400
    assert calibrate([]) is None


def test_missed_child_protection_is_counted_with_exact_intervals() -> None:
    cases = [
        make_case(CP, CP),
        make_case(CP, CIN, plausible=(CIN, CP)),
        make_case(CP, EH, plausible=(EH, CIN)),
        make_case(EH, U),
    ]
    found = figures_of(cases, lambda case: case.silent)
    assert (found.read_lower.count, found.read_lower.of) == (2, 3)
    assert (found.left_out.count, found.left_out.of) == (1, 3)
    assert (found.covered.count, found.covered.of) == (2, 4)
    exact = binomtest(1, 3).proportion_ci(method="exact")
    assert found.left_out.interval is not None
    assert found.left_out.interval.low == pytest.approx(exact.low)
    assert found.left_out.interval.high == pytest.approx(exact.high)
    assert Share.counted([]).interval is None


def test_harm_in_notifications_is_of_those_that_look_inappropriate() -> None:
    cases = [
        make_case(CIN, U, inappropriate=True, said_inappropriate=False),
        make_case(EH, U, inappropriate=True, said_inappropriate=False),
        make_case(U, U, inappropriate=True, said_inappropriate=True),
        make_case(CP, CP, inappropriate=False, said_inappropriate=False),
    ]
    found = figures_of(cases, lambda case: case.silent)
    assert (found.harm.count, found.harm.of) == (1, 3)
    assert (found.overruled.count, found.overruled.of) == (2, 3)


def plenty(**changes: int) -> list[Case]:
    """Enough of everything, unless *changes* take some away."""
    protection = changes.get("protection", 90)
    kinds = (domain.Agency.SCHOOL, domain.Agency.POLICE)
    cases = [make_case(CP, CP, number=n, kind=kinds[n % 2]) for n in range(protection)]
    cases += [
        make_case(U, U, number=100 + n, inappropriate=True, own_view=U, said_inappropriate=True)
        for n in range(changes.get("notifications", 90))
    ]
    health = changes.get("health", 30)
    cases += [make_case(EH, EH, number=200 + n, kind=domain.Agency.HEALTH) for n in range(health)]
    return cases


def test_enough_is_enough_and_says_so() -> None:
    verdict = reach_verdict(plenty(), load_rule())
    assert verdict.lacking == ()
    assert verdict.enough
    assert verdict.against == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"protection": 80}, "10 more contacts that staff decide as child protection"),
        ({"notifications": 70}, "20 more police notifications"),
        ({"notifications": 50}, "10 more views given by people before they saw any reading"),
        ({"health": 18}, "12 more decided contacts from: "),
    ],
)
def test_what_is_still_to_be_seen_is_said_by_number(changes: dict[str, int], says: str) -> None:
    verdict = reach_verdict(plenty(**changes), load_rule())
    assert not verdict.enough
    assert any(each.startswith(says) for each in verdict.lacking), verdict.lacking


def test_a_kind_of_agency_that_sends_next_to_nothing_is_not_waited_for() -> None:
    rare = [make_case(EH, EH, number=300, kind=domain.Agency.HOUSING)]
    assert reach_verdict(plenty() + rare, load_rule()).enough


def test_agreement_known_too_loosely_asks_for_more() -> None:
    random = np.random.default_rng(1)
    cases = plenty(protection=0, notifications=0, health=0)
    cases += [make_case(LEVELS[a], LEVELS[b]) for a, b in random.integers(4, size=(40, 2))]
    lacking = reach_verdict(cases, load_rule()).lacking
    assert any("more decided contacts, to know agreement" in each for each in lacking)


def test_too_many_misses_are_enough_to_decide_against() -> None:
    missed = [make_case(CP, U, number=n) for n in range(6)]
    verdict = reach_verdict(missed, load_rule())
    assert verdict.enough
    assert verdict.against == (QuestionCode.PROTECTION_LEFT_OUT,)


def test_what_was_read_after_the_decision_counts_for_nothing() -> None:
    """A reader may have been trained on it."""
    late = [make_case(CP, CP, number=n, beforehand=False) for n in range(300)]
    answers = reach_verdict(late, load_rule()).answers
    assert {each.state for each in answers.values()} == {State.NOT_YET}
    assert {each.share.of for each in answers.values()} == {0}


def read_and_decide(store: Store, level: Level, silent: Level, agency: str = "school_a") -> str:
    contact_id = add_read(store, level=Level.EARLY_HELP, agency_id=agency)
    assert read_silently(store, contact_id, silent_reader(silent))
    decide_on(store, contact_id, level, at=now() + timedelta(seconds=1))
    return contact_id


def test_both_readers_are_compared_on_the_contacts_that_were_decided(empty_store: Store) -> None:
    begin(empty_store, SILENT)
    read_and_decide(empty_store, Level.CHILD_PROTECTION, Level.CHILD_PROTECTION)
    read_and_decide(empty_store, Level.EARLY_HELP, Level.CHILD_PROTECTION)
    waiting = add_read(empty_store)
    read_silently(empty_store, waiting, silent_reader())
    with empty_store.reading() as session:
        found = compare(session, SILENT)
    assert (found.seen.read, found.seen.decided, found.seen.beforehand) == (3, 2, 2)
    assert found.in_service_names == ("fake 1",)
    assert (found.silent.read_lower.count, found.silent.read_lower.of) == (0, 1)
    assert (found.in_service.read_lower.count, found.in_service.read_lower.of) == (1, 1)
    assert [row.name for row in found.agencies] == [TOGETHER]
    assert found.verdict.answers[QuestionCode.PROTECTION_LEFT_OUT].more == 89
    assert len(found.months) == 1


def test_an_agency_with_enough_decided_contacts_is_named(empty_store: Store) -> None:
    begin(empty_store, SILENT)
    add_agency(empty_store, "school_b")
    for _ in range(2):
        read_and_decide(empty_store, Level.EARLY_HELP, Level.EARLY_HELP)
    read_and_decide(empty_store, Level.EARLY_HELP, Level.EARLY_HELP, agency="school_b")
    rule = load_rule().model_copy(update={"fewest_of_an_agency": 2})
    with empty_store.reading() as session:
        found = compare(session, SILENT, rule=rule)
    assert [(row.name, row.silent.contacts) for row in found.agencies] == [
        ("school_a", 2),
        (TOGETHER, 1),
    ]


def test_views_of_their_own_are_told_apart_from_decisions_in_sight_of_a_reading(
    empty_store: Store,
) -> None:
    begin(empty_store, SILENT)
    read_and_decide(empty_store, Level.EARLY_HELP, Level.EARLY_HELP)
    viewed = add_read(empty_store)
    read_silently(empty_store, viewed, silent_reader(Level.CHILD_IN_NEED))
    decision = decide_on(empty_store, viewed, Level.EARLY_HELP, at=now())
    with empty_store.reading() as session:
        assert find_cases(session, SILENT)[1].own_view is None
    by = add_user(empty_store)
    with empty_store.writing() as session:
        give_first_view(session, viewed, outcome=Outcome.REFERRAL, level=Level.CHILD_IN_NEED, by=by)
        session.merge(decision).made_by = by.id
    unread = add_contact(empty_store, QUIET)
    read_silently(empty_store, unread, silent_reader(Level.EARLY_HELP))
    decide_on(empty_store, unread, Level.EARLY_HELP, at=now())
    with empty_store.reading() as session:
        found, cases = compare(session, SILENT), find_cases(session, SILENT)
    seen = found.seen
    assert (seen.after_reading, seen.first_views, seen.without_reading) == (1, 1, 1)
    assert {case.own_view for case in cases} == {None, Level.CHILD_IN_NEED, Level.EARLY_HELP}
    assert found.silent.own_views is not None
    assert found.silent.own_views.pairs == 2
    assert found.in_service.contacts == 2


def test_a_decision_counts_once_it_stands_and_the_last_one_stands(empty_store: Store) -> None:
    contact_id = read_and_decide(empty_store, Level.EARLY_HELP, Level.EARLY_HELP)
    later = decide_on(
        empty_store, contact_id, Level.CHILD_PROTECTION, at=now() + timedelta(hours=1)
    )

    def levels() -> list[Level]:
        with empty_store.reading() as session:
            return [case.level for case in find_cases(session, SILENT)]

    assert levels() == [Level.CHILD_PROTECTION]
    with empty_store.writing() as session:
        session.merge(later).needs_sign_off = True
    assert levels() == [Level.EARLY_HELP]


def test_a_notification_is_judged_by_what_staff_said_of_it(empty_store: Store) -> None:
    begin(empty_store, SILENT)
    contact_id = add_read(empty_store, form=Form.PPN, level=Level.UNIVERSAL)
    read_silently(empty_store, contact_id, silent_reader(Level.UNIVERSAL, inappropriate=0.9))
    decide_on(empty_store, contact_id, Level.CHILD_IN_NEED, at=now(), inappropriate=False)
    with empty_store.reading() as session:
        found = compare(session, SILENT)
    assert (found.silent.harm.count, found.silent.overruled.count) == (1, 1)
    assert found.in_service.harm.of == 0  # it did not look inappropriate to the one in service


def test_corrections_are_held_against_both(empty_store: Store) -> None:
    begin(empty_store, SILENT)
    contact_id = add_contact(empty_store, QUIET)
    missing = FakeReader(status={Element.ANALYSIS: Status.MISSING})
    assert score(empty_store, contact_id, assessor=Assessor.load(reader=missing))
    assert read_silently(
        empty_store,
        contact_id,
        silent_reader(evidence={Element.ANALYSIS: "argued"}),
    )
    by = add_user(empty_store)
    with empty_store.writing() as session:
        session.add(
            Correction(
                contact_id=contact_id,
                assessment_id=session.scalars(select(StoredAssessment.id)).one(),
                made_by=by.id,
                kind=CorrectionKind.ELEMENT,
                code=Element.ANALYSIS,
                found=Status.MISSING,
                corrected=Status.MET,
            )
        )
    with empty_store.reading() as session:
        found = {each.kind: each for each in compare(session, SILENT).corrected}
    element = found[CorrectionKind.ELEMENT]
    assert (element.said, element.in_service, element.silent) == (1, 0, 1)
