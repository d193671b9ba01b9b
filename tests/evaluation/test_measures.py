"""Each measure counts what its meaning says, on cases worked by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from annotation.agreement import compare
from evaluation.measures import BY_CODE, MEASURES
from evaluation.measuring import Better, Tally
from evaluation.outcomes import Outcome, from_labels
from nlp.domain import Element, Form, Level, NeedDomain, Reason, SafetyFlag, Status, Urgency
from tests.evaluation.builders import make_labelled, make_outcome, make_present

UNIVERSAL, EARLY, NEED, PROTECTION = Level


def _score(code: str, outcomes: Sequence[Outcome]) -> float:
    measure = BY_CODE[code]
    return float(measure.score(Tally(outcomes).of(measure.count).sum(axis=0)))


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)
def test_a_contestant_that_says_the_labels_has_the_best_figure(measure: object) -> None:
    ppn = make_labelled(
        2, form=Form.PPN, level=UNIVERSAL, reasons=frozenset({Reason.NO_CHILD_LINKED})
    )
    grave = make_labelled(
        3,
        level=PROTECTION,
        urgency=Urgency.RED,
        flags={0: make_present(SafetyFlag.WEAPON)},
        domains=frozenset({NeedDomain.NEGLECT}),
    )
    outcomes = [
        make_outcome(contact, level_probabilities={contact.level: 1.0})
        for contact in (make_labelled(), ppn, grave)
    ]
    known = BY_CODE[getattr(measure, "code", "")]
    best = {"plausible_size": 1.0}.get(known.code, float(known.better is Better.HIGHER))
    assert _score(known.code, outcomes) == best


def test_levels_are_counted_with_neighbours_and_alternatives() -> None:
    outcomes = [
        make_outcome(make_labelled(level=EARLY), level=EARLY),
        make_outcome(make_labelled(level=EARLY, alternative_level=NEED), level=NEED),
        make_outcome(make_labelled(level=PROTECTION), level=EARLY),
        make_outcome(make_labelled(level=NEED), level=PROTECTION),
    ]
    assert _score("level_accuracy", outcomes) == 0.25
    assert _score("level_within_one", outcomes) == 0.75
    assert _score("level_or_alternative", outcomes) == 0.5
    assert _score("protection_recall", outcomes) == 0.0
    assert _score("protection_precision", outcomes) == 0.0
    assert _score("protection_called_low", outcomes) == 1.0


def test_plausible_levels_are_counted_by_coverage_and_size() -> None:
    outcomes = [
        make_outcome(make_labelled(level=PROTECTION), plausible=(NEED, PROTECTION)),
        make_outcome(make_labelled(level=PROTECTION), plausible=(NEED,)),
        make_outcome(make_labelled(level=EARLY), plausible=(UNIVERSAL, EARLY, NEED)),
    ]
    assert _score("plausible_coverage", outcomes) == pytest.approx(2 / 3)
    assert _score("protection_coverage", outcomes) == 0.5
    assert _score("plausible_size", outcomes) == 2.0


def test_a_probability_of_the_likely_level_falls_in_its_bin() -> None:
    right = make_outcome(make_labelled(level=EARLY), level_probabilities={EARLY: 0.9})
    wrong = make_outcome(make_labelled(level=EARLY), level=NEED, level_probabilities={NEED: 1.0})
    silent = make_outcome(make_labelled(level=EARLY), level=NEED)
    assert _score("level_calibration_error", [right, wrong]) == pytest.approx((1.9 - 1) / 2)
    assert np.isnan(_score("level_calibration_error", [silent]))


def test_statuses_are_pooled_and_missing_ones_counted() -> None:
    labelled = make_labelled()  # two elements met, fourteen missing
    said = {**labelled.status, Element.CHILD_VOICE: Status.PARTLY, Element.HISTORY: Status.MET}
    outcome = make_outcome(labelled, status=said)
    # met: one hit, one false alarm, one miss; missing: 13 hits, one miss; partly: a false alarm.
    assert _score("status_macro_f1", [outcome]) == pytest.approx((0.5 + 26 / 27 + 0) / 3)
    assert _score("missing_precision", [outcome]) == 1.0
    assert _score("missing_recall", [outcome]) == pytest.approx(13 / 14)


def test_evidence_is_counted_by_sentence_and_element() -> None:
    marked = (frozenset({Element.CHILD_IDENTITY, Element.CONCERN}), frozenset[Element]())
    outcome = make_outcome(evidence=marked, quoted=(frozenset({Element.CONCERN}), frozenset()))
    assert _score("evidence_f1", [outcome]) == 0.5
    assert _score("evidence_precision", [outcome]) == 0.5
    assert _score("evidence_recall", [outcome]) == 0.5
    assert _score("quoted_precision", [outcome]) == 0.0


def test_flags_are_counted_by_contact_and_by_flag() -> None:
    weapon, threat = SafetyFlag.WEAPON, SafetyFlag.THREAT_TO_KILL
    outcomes = [
        make_outcome(make_labelled(flags={0: make_present(weapon)}), flags=frozenset({threat})),
        make_outcome(make_labelled(flags={0: make_present(weapon)}), flags=frozenset()),
        make_outcome(make_labelled(), flags=frozenset({weapon})),
        make_outcome(make_labelled(flags={0: make_present(weapon)})),
    ]
    assert _score("any_flag_recall", outcomes) == pytest.approx(2 / 3)
    assert _score("any_flag_precision", outcomes) == pytest.approx(2 / 3)
    assert _score("flags_f1", outcomes) == pytest.approx(2 * 1 / (3 + 3))


def test_notifications_are_counted_and_referrals_are_not() -> None:
    one = frozenset({Reason.ADULT_PATHWAY})
    inappropriate = make_labelled(form=Form.PPN, reasons=one, level=UNIVERSAL)
    serious = make_labelled(form=Form.PPN, level=NEED)
    outcomes = [
        make_outcome(inappropriate),
        make_outcome(inappropriate, inappropriate=False, reasons=frozenset()),
        make_outcome(serious, inappropriate=True, reasons=one),
        make_outcome(make_labelled(level=NEED)),
    ]
    assert _score("inappropriate_f1", outcomes) == 0.5
    assert _score("inappropriate_precision", outcomes) == 0.5
    assert _score("serious_called_inappropriate", outcomes) == 1.0
    assert _score("reasons_f1", outcomes) == 0.5


def test_urgency_is_ordered_and_red_is_counted() -> None:
    outcomes = [
        make_outcome(make_labelled(urgency=Urgency.RED), urgency=Urgency.AMBER),
        make_outcome(make_labelled(urgency=Urgency.RED)),
        make_outcome(make_labelled(urgency=Urgency.GREEN)),
    ]
    assert _score("red_recall", outcomes) == 0.5
    assert _score("urgency_macro_f1", outcomes) == pytest.approx((1 + 0 + 2 / 3) / 3)


def test_annotators_have_the_figures_that_the_agreement_gives() -> None:
    ours = [
        make_labelled(level=level, urgency=urgency, form=Form.PPN)
        for level in Level
        for urgency in Urgency
    ]
    theirs = [
        make_labelled(
            level=Level.CHILD_IN_NEED if place % 3 else contact.level,
            urgency=Urgency.RED if place % 5 == 0 else contact.urgency,
            elements={place % 2: frozenset({Element.CONCERN})},
            domains=frozenset({NeedDomain.NEGLECT}),
            form=Form.PPN,
        )
        for place, contact in enumerate(ours)
    ]
    outcomes = [Outcome(b, from_labels(a)) for a, b in zip(ours, theirs, strict=True)]
    agreed = compare(ours, theirs)
    assert _score("level_accuracy", outcomes) == pytest.approx(agreed.level_exact)
    assert _score("level_kappa", outcomes) == pytest.approx(agreed.level_kappa)
    assert _score("level_within_one", outcomes) == pytest.approx(agreed.level_within_one)
    assert _score("status_kappa", outcomes) == pytest.approx(agreed.status_kappa)
    assert _score("evidence_f1", outcomes) == pytest.approx(agreed.sentence_elements_f1)
    assert _score("domains_f1", outcomes) == pytest.approx(agreed.domains_f1)
    assert _score("urgency_kappa", outcomes) == pytest.approx(agreed.urgency_kappa)
