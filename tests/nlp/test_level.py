"""What level a contact reads like, and what else it could be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.assessment import FlagFinding, LevelFinding
from nlp.domain import LEVELS, Assertion, Document, Element, Level, SafetyFlag
from nlp.guidance import framework_for
from nlp.level import find_level, likely_level
from nlp.reading import Reading
from tests.builders import make_document, make_flag, make_reading, make_thresholds

SENTENCE = make_document("He put his hands round her neck.")


def find(
    document: Document, reading: Reading, flags: list[FlagFinding], framework: str = "tees"
) -> LevelFinding:
    return find_level(
        document,
        reading,
        flags=flags,
        framework=framework_for(framework),
        thresholds=make_thresholds(),
    )


def level_of(
    reading: Reading,
    *,
    document: Document = SENTENCE,
    assertion: Assertion | None = None,
    framework: str = "tees",
) -> LevelFinding:
    flags = [make_flag(assertion=assertion, start=7)] if assertion else []
    return find(document, reading, flags, framework)


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
def test_the_probabilities_sum_to_one_and_the_likely_level_has_the_greatest(
    weights: list[float],
) -> None:
    shares = [weight / sum(weights) for weight in weights]
    reading = make_reading(SENTENCE, level=dict(zip(LEVELS, shares, strict=True)))
    found = level_of(reading)
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert found.probabilities[found.likely] == max(found.probabilities.values())
    assert found.likely in found.plausible


def test_the_higher_of_two_equally_fair_levels_is_given() -> None:
    even = {Level.UNIVERSAL: 0.1, Level.EARLY_HELP: 0.4, Level.CHILD_IN_NEED: 0.4}
    reading = make_reading(SENTENCE, level=even | {Level.CHILD_PROTECTION: 0.1})
    assert level_of(reading).likely is Level.CHILD_IN_NEED


def test_child_protection_is_said_more_readily_than_it_is_probable() -> None:
    shares = dict(zip(LEVELS, (0.1, 0.1, 0.5, 0.3), strict=True))
    limits = replace(make_thresholds(), protection_odds=2.0)
    assert likely_level(shares, make_thresholds()) is Level.CHILD_IN_NEED
    assert likely_level(shares, limits) is Level.CHILD_PROTECTION
    found = find_level(
        SENTENCE,
        make_reading(SENTENCE, level=shares),
        flags=[],
        framework=framework_for("tees"),
        thresholds=limits,
    )
    assert found.likely is Level.CHILD_PROTECTION
    assert found.probabilities == shares
    assert Level.CHILD_PROTECTION in found.plausible


def test_a_present_flag_keeps_child_protection_plausible_and_leaves_no_hole() -> None:
    found = level_of(make_reading(SENTENCE), assertion=Assertion.PRESENT)
    assert found.plausible == (Level.EARLY_HELP, Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)


@pytest.mark.parametrize("assertion", [each for each in Assertion if each is not Assertion.PRESENT])
def test_a_flag_that_is_not_present_changes_no_level(assertion: Assertion) -> None:
    assert level_of(make_reading(SENTENCE), assertion=assertion).plausible == (Level.EARLY_HELP,)


def test_a_hole_in_what_the_reader_thinks_plausible_is_filled() -> None:
    reading = make_reading(SENTENCE, plausible=[Level.UNIVERSAL, Level.CHILD_IN_NEED])
    assert level_of(reading).plausible == LEVELS[:3]


def test_section_17_has_the_number_and_name_of_the_area() -> None:
    reading = make_reading(
        SENTENCE, level={each: float(each is Level.CHILD_IN_NEED) for each in Level}
    )
    tees, hampshire = (level_of(reading, framework=area).local for area in ("tees", "hampshire"))
    assert (tees.framework, tees.number, tees.name) == ("tees", 3, "Child in need")
    assert hampshire.number == 4


def test_flagged_words_come_before_other_evidence_and_are_not_quoted_twice() -> None:
    document = make_document("School", "He put his hands round her neck.", "She is frightened.")
    start = document.text.index("hands")
    reading = make_reading(
        document,
        evidence={Element.CONCERN: {0: 0.9, 1: 0.9}, Element.IMPACT_ON_CHILD: {2: 0.8}},
    )
    flags = [make_flag(start=start), make_flag(SafetyFlag.WEAPON, Assertion.NEGATED, start=start)]
    found = find(document, reading, flags)
    assert [each.quote for each in found.evidence] == [
        "hands round her neck",
        "School",
        "She is frightened.",
    ]
    assert all(document.text[each.start : each.end] == each.quote for each in found.evidence)
