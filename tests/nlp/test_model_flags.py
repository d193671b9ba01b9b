"""Safety flags that a reader sees, beside those that rules found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.assessment import FlagFinding
from nlp.domain import Assertion, SafetyFlag
from nlp.model_flags import add_model_flags, held_flags
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


def doubted_with(probability: float, *found: FlagFinding) -> tuple[FlagFinding, ...]:
    """Whatever is read of the sentences, the contact as a whole has *probability*."""
    read = make_reading(DOCUMENT, flags={1: {FLAG: 0.9}})
    read = replace(read, flags={FLAG: probability})
    return add_model_flags(found, DOCUMENT, read, make_thresholds())


def test_a_flag_that_a_rule_finds_and_that_does_not_hold_is_kept_as_words_to_read() -> None:
    (flag,) = doubted_with(0.49, make_flag(FLAG, start=16, quote="throttled"))
    assert (flag.doubted, flag.assertion) == (True, Assertion.HYPOTHETICAL)
    assert (flag.quote, flag.probability) == ("throttled", 0.49)


def test_a_flag_that_holds_stands_where_rules_found_it() -> None:
    ruled = make_flag(FLAG, start=16, quote="throttled")
    assert doubted_with(0.5, ruled) == (ruled,)


def test_a_sentence_that_speaks_of_a_flag_raises_none_that_does_not_hold() -> None:
    assert doubted_with(0.49) == ()


def test_a_flag_that_no_sentence_bears_out_does_not_hold() -> None:
    read = replace(make_reading(DOCUMENT, flags={1: {FLAG: 0.49}}), flags={FLAG: 0.9})
    assert add_model_flags((), DOCUMENT, read, make_thresholds()) == ()


def test_a_sentence_that_is_much_less_sure_than_the_surest_is_not_shown() -> None:
    limits = replace(make_thresholds(), seen_from=0.1)
    read = make_reading(DOCUMENT, flags={0: {FLAG: 0.3}, 1: {FLAG: 0.7}})
    (flag,) = add_model_flags((), DOCUMENT, read, limits)
    assert flag.quote == "He throttled her."


def test_a_rule_that_denies_a_flag_in_the_only_sentence_that_it_is_seen_in_stands() -> None:
    document = make_document("He did not throttle her.")
    read = replace(make_reading(document, flags={0: {FLAG: 0.9}}), flags={FLAG: 0.9})
    denied = make_flag(FLAG, Assertion.NEGATED, start=7, quote="throttle")
    assert add_model_flags((denied,), document, read, make_thresholds()) == (denied,)


def test_the_likeliest_flag_holds_from_a_lower_probability_than_others() -> None:
    limits = replace(make_thresholds(), likeliest_from=0.2)
    seen = make_reading(DOCUMENT, flags={1: {FLAG: 0.9, SafetyFlag.WEAPON: 0.9}})

    def held(strangulation: float, weapon: float) -> frozenset[SafetyFlag]:
        flags = {FLAG: strangulation, SafetyFlag.WEAPON: weapon, SafetyFlag.FGM_RISK: 0.95}
        return held_flags((), DOCUMENT, replace(seen, flags=flags), limits)

    assert held(0.3, 0.29) == {FLAG}
    assert held(0.6, 0.5) == {FLAG, SafetyFlag.WEAPON}
    assert held(0.19, 0.19) == frozenset()


@pytest.mark.parametrize(("surest", "doubted"), [(0.04, True), (0.05, False)])
def test_what_a_rule_finds_and_the_reader_does_not_rule_out_holds_whatever_the_rest_is_like(
    *, surest: float, doubted: bool
) -> None:
    limits = replace(make_thresholds(), doubted_below=0.05)
    read = replace(make_reading(DOCUMENT, flags={1: {FLAG: surest}}), flags={FLAG: 0.01})
    ruled = make_flag(FLAG, start=16, quote="throttled")
    (flag,) = add_model_flags((ruled,), DOCUMENT, read, limits)
    assert flag.doubted is doubted


def test_a_reader_that_reads_no_flags_doubts_none() -> None:
    ruled = make_flag(FLAG, start=16, quote="throttled")
    reading = make_reading(DOCUMENT)
    assert add_model_flags((ruled,), DOCUMENT, reading, make_thresholds()) == (ruled,)


@pytest.mark.parametrize("assertion", list(Assertion)[1:])
def test_only_a_present_flag_is_doubted(assertion: Assertion) -> None:
    ruled = make_flag(FLAG, assertion, start=16, quote="throttled")
    assert doubted_with(0.0, ruled) == (ruled,)


def test_another_flag_or_another_sentence_does_not_hide_it_and_all_are_in_order() -> None:
    weapon = make_flag(SafetyFlag.WEAPON, start=16, quote="throttled")
    earlier = make_flag(FLAG, start=0, quote="Quiet")
    found = flags_with(0.9, weapon, earlier)
    assert [(each.flag, each.source) for each in found] == [
        (FLAG, "rule"),
        (FLAG, "model"),
        (SafetyFlag.WEAPON, "rule"),
    ]
