"""The surest answers are taken first, and the area tells whether the order is worth anything."""

from __future__ import annotations

import pytest

from evaluation.bootstrap import draw
from evaluation.outcomes import Outcome
from evaluation.risk import Risk, measure_risks
from nlp.domain import Element, Form, Level, Reason, Status
from tests.evaluation.builders import make_labelled, make_outcome, make_outcomes

REASON = frozenset({Reason.NO_CHILD_LINKED})


def level(*, sure: float, right: bool) -> Outcome:
    said = Level.EARLY_HELP if right else Level.UNIVERSAL
    others = dict.fromkeys(Level, (1 - sure) / 3)
    return make_outcome(make_labelled(), level=said, level_probabilities=others | {said: sure})


def risk_of(*outcomes: Outcome, question: str = "level") -> Risk:
    return measure_risks(outcomes, draw(len(outcomes), resamples=60))[question]


def test_the_curve_is_that_worked_out_by_hand() -> None:
    found = risk_of(
        *(level(sure=0.9 - place / 100, right=place not in (3, 7)) for place in range(10))
    )
    assert [covered.answers for covered in found.covered] == list(range(1, 11))
    assert found.covered[2].wrong.value == 0
    assert found.covered[3].wrong.value == pytest.approx(1 / 4)
    assert found.covered[3].least_probability == pytest.approx(0.87)
    assert found.covered[-1].wrong.value == pytest.approx(0.2)
    shares = [0, 0, 0, 1 / 4, 1 / 5, 1 / 6, 1 / 7, 2 / 8, 2 / 9, 2 / 10]
    assert found.area.value == pytest.approx(sum(shares) / 10)
    assert found.best == pytest.approx((1 / 9 + 2 / 10) / 10)


def test_an_order_that_puts_the_wrong_last_has_the_best_area() -> None:
    found = risk_of(*(level(sure=0.9 - place / 100, right=place < 8) for place in range(10)))
    assert found.area.value == pytest.approx(found.best)
    assert found.area.low is not None
    assert found.area.high is not None
    assert found.area.low <= found.best <= found.area.high


def test_the_verdict_is_as_sure_as_what_is_said() -> None:
    wanted = make_labelled(form=Form.PPN)
    unwanted = make_labelled(2, form=Form.PPN, level=Level.UNIVERSAL, reasons=REASON)
    found = risk_of(
        make_outcome(wanted, inappropriate=False, inappropriate_probability=0.1),
        make_outcome(unwanted, inappropriate=False, inappropriate_probability=0.4),
        make_outcome(make_labelled(3)),
        question="notification",
    )
    assert found.answers == 2
    assert [covered.least_probability for covered in found.covered] == pytest.approx([0.9, 0.6])
    assert [covered.wrong.value for covered in found.covered] == pytest.approx([0, 0.5])


def test_every_element_of_every_contact_is_an_answer() -> None:
    contact = make_labelled()
    outcome = make_outcome(
        contact,
        status={**contact.status, Element.CONCERN: Status.MET},
        status_probabilities=dict.fromkeys(Element, 0.9) | {Element.CONCERN: 0.4},
    )
    found = risk_of(outcome, outcome, question="status")
    assert found.answers == 2 * len(Element)
    assert found.covered[-1].wrong.value == pytest.approx(1 / len(Element))
    assert found.covered[0].wrong.value == 0
    assert found.area.value == pytest.approx(found.best)


def test_a_contestant_without_probabilities_has_no_curve() -> None:
    assert measure_risks([make_outcome()], draw(1, resamples=5)) == {}
    assert set(measure_risks(make_outcomes(), draw(12, resamples=5))) == {
        "level",
        "notification",
        "status",
    }
