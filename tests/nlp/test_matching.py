"""The index finds whatever each pattern alone would find."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.matching import Match, PatternIndex
from nlp.patterns import parse, words_of

LISTS = {"carer": ("mum", "step dad"), "due": ("<number> weeks", "bump")}
SOURCES = (
    "strangl*",
    "hands round|around her? neck",
    "(by the|round the) throat",
    "hit .. belt",
    "<carer> hit",
    "<due>",
    "<number> .. strangl*|belt",
    "mum , (hit|strangl*)",
    "her? him",
)
WORDS = (
    *("strangled", "strangling", "strang", "hands", "round", "around", "her", "neck", "by"),
    *("the", "throat", "hit", "belt", "belts", "mum", "step", "dad", "3", "weeks", "bump"),
    *("him", ",", "."),
)
PATTERNS = {source: parse(source, LISTS) for source in SOURCES}
INDEX = PatternIndex(PATTERNS.items())


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join).map(words_of))
def test_a_pattern_is_found_wherever_it_stands_and_nowhere_else(words: str) -> None:
    alone = {
        (source, match.start(), match.end())
        for source, pattern in PATTERNS.items()
        for match in pattern.expression.finditer(words)
    }
    assert {(match.key, match.start, match.end) for match in INDEX.find(words)} == alone


def test_matches_are_sifted_once_for_the_same_words() -> None:
    asked = []

    def sift(matches: Iterable[Match[str]], words: str) -> list[Match[str]]:
        asked.append(words)
        return [match for match in matches if match.key != "her? him"]

    index = PatternIndex(PATTERNS.items(), sift=sift)
    words = words_of("Mum hit him.")
    assert {match.key for match in INDEX.find(words)} == {"<carer> hit", "her? him"}
    assert {match.key for match in index.find(words)} == {"<carer> hit"}
    assert {match.key for match in index.find(words)} == {"<carer> hit"}
    assert asked == [words]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He left home at 18:00 and he is not back.", True),
        ("He left home at 18.00 and he is not back.", True),
        ("He left home: he is not back.", False),
        ("He left home; he is not back.", False),
    ],
)
def test_a_gap_crosses_a_time_and_no_mark_that_ends_a_clause(text: str, *, found: bool) -> None:
    pattern = parse("left home ... not back", LISTS)
    assert (pattern.expression.search(words_of(text)) is not None) is found


@pytest.mark.parametrize("number", ["14", "twelve", "thirteen", "nineteen", "sixty", "several"])
def test_numbers_are_read_in_figures_and_in_words(number: str) -> None:
    pattern = parse("took <number> tablets", LISTS)
    assert pattern.expression.search(words_of(f"She took {number} tablets."))
