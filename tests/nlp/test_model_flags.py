"""Safety flags that a reader sees, beside those that rules found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.assessment import FlagFinding
from nlp.domain import Assertion, SafetyFlag
from nlp.model_flags import add_model_flags
from tests.builders import make_document, make_flag, make_reading, make_thresholds

DOCUMENT = make_document("Quiet night.", "He throttled her.")
FLAG = SafetyFlag.STRANGULATION


def flags_with(probability: float, *found: FlagFinding) -> tuple[FlagFinding, ...]:
    reading = make_reading(DOCUMENT, flags={1: {FLAG: probability}})
    return add_model_flags(found, DOCUMENT, reading, make_thresholds())


def test_a_flag_that_only_the_reader_sees_is_present_with_its_probability() -> None:
    (flag,) = flags_with(0.9)
    assert (flag.flag, flag.assertion, flag.source) == (FLAG, Assertion.PRESENT, "model")
    assert (flag.probability, flag.rule) == (0.9, None)
    assert DOCUMENT.text[flag.start : flag.end] == flag.quote == "He throttled her."


def test_a_flag_below_the_threshold_is_not_raised() -> None:
    assert flags_with(0.49) == ()


@pytest.mark.parametrize("assertion", Assertion)
def test_a_rule_that_found_the_flag_in_the_sentence_stands(assertion: Assertion) -> None:
    ruled = make_flag(FLAG, assertion, start=16, quote="throttled")
    assert flags_with(0.9, ruled) == (ruled,)


def test_no_rule_is_lowered_by_a_reader_whose_doubt_counts_for_nothing() -> None:
    ruled = make_flag(FLAG, start=16, quote="throttled")
    assert flags_with(0.0, ruled) == (ruled,)


def doubts_with(place: int, probability: float, found: FlagFinding) -> FlagFinding:
    reading = make_reading(DOCUMENT, flags={place: {FLAG: probability}})
    limits = replace(make_thresholds(), doubted_below=0.02)
    (flag,) = (
        each
        for each in add_model_flags((found,), DOCUMENT, reading, limits)
        if each.source == "rule"
    )
    return flag


def test_a_flag_that_a_rule_raises_and_the_reader_doubts_is_kept_as_words_to_read() -> None:
    flag = doubts_with(1, 0.01, make_flag(FLAG, start=16, quote="throttled"))
    assert (flag.doubted, flag.assertion) == (True, Assertion.HYPOTHETICAL)
    assert (flag.quote, flag.probability) == ("throttled", 0.01)


@pytest.mark.parametrize("place", [0, 1])
def test_a_reader_that_sees_it_there_or_in_the_next_sentence_does_not_doubt(place: int) -> None:
    ruled = make_flag(FLAG, start=16, quote="throttled")
    assert doubts_with(place, 0.02, ruled) == ruled


def test_a_reader_that_reads_no_flags_doubts_none() -> None:
    ruled = make_flag(FLAG, start=16, quote="throttled")
    limits = replace(make_thresholds(), doubted_below=0.02)
    assert add_model_flags((ruled,), DOCUMENT, make_reading(DOCUMENT), limits) == (ruled,)


@pytest.mark.parametrize("assertion", list(Assertion)[1:])
def test_only_a_present_flag_is_doubted(assertion: Assertion) -> None:
    ruled = make_flag(FLAG, assertion, start=16, quote="throttled")
    assert doubts_with(1, 0.0, ruled) == ruled


def test_another_flag_or_another_sentence_does_not_hide_it_and_all_are_in_order() -> None:
    weapon = make_flag(SafetyFlag.WEAPON, start=16, quote="throttled")
    earlier = make_flag(FLAG, start=0, quote="Quiet")
    found = flags_with(0.9, weapon, earlier)
    assert [(each.flag, each.source) for each in found] == [
        (FLAG, "rule"),
        (FLAG, "model"),
        (SafetyFlag.WEAPON, "rule"),
    ]
