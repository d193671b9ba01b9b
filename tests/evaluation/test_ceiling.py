"""Ceilings are scored by the report's own measures, from what two annotators said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotation.corpus import TwiceLabelled
from annotation.labels import LabelledContact
from evaluation.bootstrap import Figure
from evaluation.ceiling import Ceiling, Ceilings, measure_ceilings
from evaluation.measures import BY_CODE
from evaluation.measuring import Tally
from evaluation.outcomes import Outcome, from_labels
from nlp.domain import Element, Form, Level, NeedDomain, SafetyFlag
from tests.evaluation.builders import make_labelled, make_present, make_twice


def measure(twice: tuple[TwiceLabelled, ...], *, adjudicated: bool = False) -> Ceilings:
    return measure_ceilings(twice, adjudicated=adjudicated, measured=len(twice), resamples=40)


def value(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value


def twice(author: LabelledContact, second: LabelledContact) -> TwiceLabelled:
    return TwiceLabelled(author=author, second=second, adjudicated=author)


def test_annotators_who_never_differ_leave_no_noise() -> None:
    contact = make_labelled(form=Form.PPN, domains=frozenset({NeedDomain.NEGLECT}))
    grave = make_labelled(2, level=Level.CHILD_PROTECTION)
    found = measure((twice(contact, contact), twice(grave, grave)))
    assert value(found.measures["level_kappa"].ideal) == pytest.approx(1)
    assert value(found.measures["domains_f1"].human) == pytest.approx(1)
    assert value(found.measures["protection_called_low"].ideal) == pytest.approx(0)
    assert found.measures["red_recall"].ideal.value is None  # nobody said red


def test_one_more_annotator_scores_what_the_two_score_against_each_other() -> None:
    found = measure(make_twice())
    pairs = [Outcome(each.author, from_labels(each.second)) for each in make_twice()]
    pairs += [Outcome(each.second, from_labels(each.author)) for each in make_twice()]
    for code in ("level_accuracy", "level_kappa", "protection_recall"):
        known = BY_CODE[code]
        both_ways = float(known.score(Tally(pairs).of(known.count).sum(axis=0)))
        # The second annotator leans low, which the model takes for noise in either direction.
        assert value(found.measures[code].human) == pytest.approx(both_ways, abs=0.05)


def test_the_ideal_is_above_one_more_annotator_and_adjudication_raises_both() -> None:
    once, settled = measure(make_twice()), measure(make_twice(), adjudicated=True)
    ceilings = [once.measures["level_kappa"], settled.measures["level_kappa"]]
    human, ideal = ([value(getattr(c, kind)) for c in ceilings] for kind in ("human", "ideal"))
    assert human[0] < human[1] < ideal[1]
    assert human[0] < ideal[0] < ideal[1] < 1


def test_yes_and_no_are_counted_by_sentence_and_by_contact() -> None:
    found = frozenset({Element.CONCERN})
    agreed = make_labelled(elements={0: found, 1: frozenset()})
    differed = make_labelled(elements={0: found, 1: found})
    known = measure((*(twice(agreed, agreed),) * 6, twice(agreed, differed)))
    # Seven sentences marked by both and one by the second alone, of fourteen.
    concern: Ceiling = known.labels["elements"]["concern"]
    assert value(concern.human) == pytest.approx(2 * 7 / (2 * 7 + 1))
    assert value(known.measures["evidence_f1"].human) == pytest.approx(14 / 15)
    assert "child_voice" not in known.labels["elements"]
    assert len(known.status) == len(Element)


def test_rare_labels_share_one_noise_and_have_no_ceiling_of_their_own() -> None:
    flagged = make_labelled(flags={0: make_present(SafetyFlag.WEAPON)})
    other = make_labelled(flags={0: make_present(SafetyFlag.STRANGULATION)})
    plain = make_labelled()
    known = measure((twice(flagged, flagged), twice(other, plain), twice(plain, plain)))
    assert known.labels["flags"] == {}
    assert value(known.measures["flags_f1"].human) == pytest.approx(2 / 3)
    assert value(known.measures["flags_f1"].ideal) > 2 / 3


def test_counts_are_of_as_many_contacts_as_the_reader_is_measured_on() -> None:
    high, low = (make_labelled(level=each) for each in (Level.CHILD_PROTECTION, Level.EARLY_HELP))
    missed = twice(high, replace(high, level=Level.UNIVERSAL))
    pairs = (twice(high, high), twice(low, low), missed, twice(low, low))
    few, many = (
        measure_ceilings(pairs, adjudicated=False, measured=n, resamples=20).measures
        for n in (4, 40)
    )
    code = "protection_called_low"
    assert value(few[code].human) == pytest.approx(0.5)
    assert value(many[code].human) == pytest.approx(5)
