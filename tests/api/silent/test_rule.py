"""The rule's numbers are exact, and looking often does not make a bad reader pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import beta, binomtest

from api.silent.rule import (
    FILE,
    Question,
    QuestionCode,
    State,
    chance_of_showing,
    judge,
    load_rule,
    smallest_number,
)
from nlp.errors import RulebookError

LEFT_OUT = load_rule().questions[QuestionCode.PROTECTION_LEFT_OUT]


@pytest.mark.parametrize("allowed", [0, 1, 4, 12])
@pytest.mark.parametrize(("limit", "error"), [(0.05, 0.05), (0.03, 0.01), (0.25, 0.025)])
def test_the_number_is_the_smallest_whose_exact_upper_limit_is_low_enough(
    allowed: int, limit: float, error: float
) -> None:
    def upper(number: int) -> float:
        return float(beta.ppf(1 - error, allowed + 1, number - allowed))

    number = smallest_number(allowed, limit=limit, error=error)
    assert upper(number) <= limit < upper(number - 1)
    # And by a test of its own: so few misses would be this rare if the share were the limit.
    assert binomtest(allowed, number, limit, alternative="less").pvalue <= error
    assert binomtest(allowed, number - 1, limit, alternative="less").pvalue > error


def test_with_none_allowed_it_is_the_rule_of_three() -> None:
    assert smallest_number(0, limit=0.05, error=0.05) == pytest.approx(3 / 0.05, abs=1)


@pytest.mark.parametrize("code", QuestionCode)
def test_a_reader_at_the_limit_passes_at_any_look_no_more_often_than_was_stated(
    code: QuestionCode,
) -> None:
    rule = load_rule()
    question = rule.questions[code]
    assert chance_of_showing(question, rate=question.limit) <= rule.overall_error
    assert chance_of_showing(question, rate=question.limit / 5) > 0.9


def runs(question: Question, rate: float, number: int, seed: int) -> list[list[bool]]:
    random = np.random.default_rng(seed)
    size = (number, question.looks[-1].number)
    drawn: list[list[bool]] = (random.random(size) < rate).tolist()
    return drawn


def test_looking_every_day_does_not_make_a_bad_reader_pass() -> None:
    """What the page says is asked again and again; a naive limit is asked as often."""
    passed = naive = 0
    drawn = runs(LEFT_OUT, LEFT_OUT.limit, 300, seed=3)
    lookings = range(62, LEFT_OUT.looks[-1].number + 1, 4)
    for run in drawn:
        passed += any(judge(LEFT_OUT, run[:seen]).state is State.SHOWN for seen in lookings)
        counts = np.cumsum(run)[np.array(lookings) - 1]
        upper = beta.ppf(0.95, counts + 1, np.array(lookings) - counts)
        naive += bool((upper <= LEFT_OUT.limit).any())
    assert max(lookings) == LEFT_OUT.looks[-1].number
    expected = chance_of_showing(LEFT_OUT, rate=LEFT_OUT.limit)
    assert passed / len(drawn) <= 0.05
    # Within what 300 runs can tell of the exact chance.
    assert binomtest(passed, len(drawn), expected).pvalue > 0.01
    assert naive / len(drawn) > 0.06  # what the stated looks prevent


def test_the_exact_chance_is_that_of_a_simulation() -> None:
    rate = LEFT_OUT.limit / 2
    shown = sum(judge(LEFT_OUT, run).state is State.SHOWN for run in runs(LEFT_OUT, rate, 2000, 4))
    assert binomtest(shown, 2000, chance_of_showing(LEFT_OUT, rate=rate)).pvalue > 0.01


def test_a_look_rests_on_the_first_contacts_whatever_comes_after() -> None:
    first, second, _ = LEFT_OUT.looks
    clean = [False] * first.number
    assert judge(LEFT_OUT, clean[:-1]).more == 1
    assert judge(LEFT_OUT, clean).state is State.SHOWN
    assert judge(LEFT_OUT, [*clean, *([True] * 9)]).look == first
    late = [True, *clean]
    assert judge(LEFT_OUT, late).more == second.number - len(late)
    at_second = [True, *([False] * (second.number - 1))]
    assert judge(LEFT_OUT, at_second).look == second


def test_what_no_look_can_show_any_more_is_said_at_once() -> None:
    many = [True] * (LEFT_OUT.looks[-1].allowed + 1)
    assert judge(LEFT_OUT, many).state is State.NOT_SHOWN
    last = LEFT_OUT.looks[-1]
    end = [True] * last.allowed + [False] * (last.number - last.allowed)
    assert judge(LEFT_OUT, end).state is State.SHOWN


def changed(**fields: object) -> dict[str, object]:
    return LEFT_OUT.model_dump() | fields


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"errors": (0.01, 0.02)}, "one number in allowed and one in errors"),
        ({"allowed": (5, 2, 0)}, "each look must allow more"),
        ({"allowed": (-1, 2, 5)}, "counts from 0"),
        ({"limit": 1.5}, "less than 1"),
    ],
)
def test_a_mistaken_question_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Question.model_validate(changed(**fields))


def test_errors_that_add_up_to_too_much_are_refused(tmp_path: Path) -> None:
    written = FILE.read_text(encoding="utf-8").replace("overall_error: 0.05", "overall_error: 0.04")
    (tmp_path / "rule.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(RulebookError, match="add up to more than overall_error"):
        load_rule(tmp_path / "rule.yaml")


def test_the_rule_says_why() -> None:
    rule = load_rule()
    said = [question.rationale for question in rule.questions.values()]
    said += [rule.kappa.rationale, rule.agency_kinds.rationale, rule.own_views.rationale]
    assert all(len(each) > 60 for each in said)
