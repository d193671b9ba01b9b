"""Whether a police notification looks appropriate."""

from __future__ import annotations

import pytest

from nlp.assessment import NotificationFinding
from nlp.domain import Level, Reason
from nlp.guidance import load_guidance
from nlp.notification import find_notification
from tests.builders import make_reading, make_thresholds

ADULT = {Reason.ADULT_PATHWAY: 0.8}
OPEN = {Reason.ALREADY_OPEN_NO_NEW_INFORMATION: 0.8, Reason.ADULT_PATHWAY: 0.9}


def judge(
    inappropriate: float | None = 0.9,
    *,
    reasons: dict[Reason, float] | None = None,
    level: Level = Level.UNIVERSAL,
    never_because: str | None = None,
) -> NotificationFinding | None:
    return find_notification(
        make_reading(inappropriate=inappropriate, reasons=reasons or ADULT),
        level=level,
        never_because=never_because,
        thresholds=make_thresholds(),
        wording=load_guidance().reasons,
    )


def judged(**given: object) -> NotificationFinding:
    found = judge(**given)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_referral_is_not_judged_as_a_notification() -> None:
    assert judge(None) is None


def test_an_inappropriate_one_says_why_and_when_that_would_be_wrong() -> None:
    found = judged()
    assert not found.appropriate
    assert [each.reason for each in found.reasons] == [Reason.ADULT_PATHWAY]
    text = load_guidance().reasons.reasons[Reason.ADULT_PATHWAY]
    assert found.reasons[0].explanation.startswith(text.explanation)
    assert found.reasons[0].may_be_wrong == text.may_be_wrong


def test_the_most_probable_reason_is_given_where_none_is_certain() -> None:
    found = judged(reasons={Reason.OUTSIDE_SCOPE: 0.4, Reason.ADULT_PATHWAY: 0.3})
    assert [each.reason for each in found.reasons] == [Reason.OUTSIDE_SCOPE]


def test_one_below_the_threshold_is_appropriate_and_no_reason_is_held_against_it() -> None:
    found = judged(inappropriate=0.49)
    assert (found.appropriate, found.reasons) == (True, ())
    assert found.probability_inappropriate == 0.49


def test_a_rule_that_says_never_outweighs_the_reader() -> None:
    found = judged(never_because="There is a child under one.", reasons=OPEN)
    assert found.appropriate
    assert found.never_inappropriate_because == "There is a child under one."


@pytest.mark.parametrize("level", [Level.CHILD_IN_NEED, Level.CHILD_PROTECTION])
def test_levels_three_and_four_are_never_inappropriate(level: Level) -> None:
    found = judged(level=level)
    assert found.appropriate
    assert found.never_inappropriate_because == load_guidance().reasons.serious_level


@pytest.mark.parametrize("level", [Level.CHILD_IN_NEED, Level.CHILD_PROTECTION])
def test_a_serious_one_may_repeat_what_the_worker_has(level: Level) -> None:
    found = judged(level=level, reasons=OPEN)
    assert not found.appropriate
    assert [each.reason for each in found.reasons] == [Reason.ALREADY_OPEN_NO_NEW_INFORMATION]
