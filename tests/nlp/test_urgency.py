"""How soon a contact calls for a response."""

from __future__ import annotations

import pytest

from nlp.assessment import UrgencyFinding
from nlp.domain import Assertion, Level, NeedDomain, SafetyFlag, Urgency
from nlp.guidance import load_guidance
from nlp.urgency import find_urgency
from tests.builders import make_flag, make_reading


def urgency_of(
    read: Urgency = Urgency.GREEN,
    *,
    level: Level = Level.EARLY_HELP,
    flag: SafetyFlag | None = None,
    assertion: Assertion = Assertion.PRESENT,
    domains: tuple[NeedDomain, ...] = (),
) -> UrgencyFinding:
    guide = load_guidance()
    return find_urgency(
        make_reading(urgency=read),
        flags=[make_flag(flag, assertion)] if flag else [],
        level=level,
        domains=domains,
        rules=guide.urgency,
        wording=guide.wording,
    )


@pytest.mark.parametrize("flag", SafetyFlag)
def test_a_present_flag_never_leaves_urgency_green(flag: SafetyFlag) -> None:
    found = urgency_of(flag=flag)
    assert found.rating is not Urgency.GREEN
    assert load_guidance().wording.names.flags[flag].inside in found.because[0]


@pytest.mark.parametrize("assertion", [each for each in Assertion if each is not Assertion.PRESENT])
def test_a_flag_that_is_not_present_does_not_hurry(assertion: Assertion) -> None:
    found = urgency_of(flag=SafetyFlag.STRANGULATION, assertion=assertion)
    assert found.rating is Urgency.GREEN


def test_strangulation_is_red_whatever_the_rest_reads_like() -> None:
    assert urgency_of(flag=SafetyFlag.STRANGULATION).rating is Urgency.RED


def test_level_four_is_red() -> None:
    found = urgency_of(Urgency.AMBER, level=Level.CHILD_PROTECTION)
    assert found.rating is Urgency.RED
    assert found.because == ("It reads like a child protection matter (section 47).",)


def test_level_four_for_an_unborn_child_is_amber_and_says_so() -> None:
    found = urgency_of(level=Level.CHILD_PROTECTION, domains=(NeedDomain.PRE_BIRTH,))
    assert found.rating is Urgency.AMBER
    assert any("unborn" in because for because in found.because)


def test_an_unborn_child_near_birth_is_red_where_the_text_reads_so() -> None:
    found = urgency_of(Urgency.RED, level=Level.CHILD_PROTECTION, flag=SafetyFlag.UNBORN_HIGH_RISK)
    assert found.rating is Urgency.RED


@pytest.mark.parametrize("read", Urgency)
@pytest.mark.parametrize("level", Level)
def test_every_rating_has_a_reason_and_is_no_later_than_the_text_reads(
    read: Urgency, level: Level
) -> None:
    found = urgency_of(read, level=level)
    soonest_first = [Urgency.RED, Urgency.AMBER, Urgency.GREEN]
    assert found.because
    assert soonest_first.index(found.rating) <= soonest_first.index(read)
