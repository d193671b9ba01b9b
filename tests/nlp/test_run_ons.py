"""Writing without full stops is split where its words say, and nothing else is."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import ArtefactError
from nlp.run_ons import (
    FEWEST_WORDS,
    SHORTEST,
    RunOnModel,
    RunOnSplitter,
    describe_gaps,
    load_run_on_splitter,
    to_kinds,
    to_plain,
)

ONE_BREATH = (
    "hi its the nurse from the school im ringing about leanne marsh who is nine and in year 4 she "
    "came in on monday with no coat and no lunch again mum says there is no money till friday and "
    "the gas has gone off dad left in march and he isnt sending anything she told me she sleeps in "
    "her clothes because its cold please can someone ring me tomorrow morning before ten"
)


def _starts(words: list[str]) -> list[int]:
    """Where a splitter that knows only that 'mum' begins a sentence finds one."""
    model = RunOnModel(kinds={"person": "mum"}, intercept=-1, weights={"d": {"mum": 2}})
    return list(RunOnSplitter(model).find_starts(words))


def test_a_word_that_weighs_enough_begins_a_sentence() -> None:
    assert _starts(["the"] * 30 + ["Mum,"] + ["the"] * 40) == [30]


def test_short_writing_is_left_whole() -> None:
    assert _starts(["the"] * 30 + ["mum"] + ["the"] * (FEWEST_WORDS - 32)) == []


def test_no_sentence_is_shorter_than_the_shortest() -> None:
    assert _starts(["the", "mum"] + ["the"] * 60 + ["mum"]) == []
    assert _starts(["the"] * 30 + ["mum"] * (SHORTEST + 1) + ["the"] * 30) == [30, 33]


def test_one_breath_becomes_sentences() -> None:
    words = ONE_BREATH.split()
    starts = list(load_run_on_splitter().find_starts(words))
    assert {"mum says", "she told"} <= {" ".join(words[start : start + 2]) for start in starts}
    assert len(starts) < 10


@pytest.mark.parametrize("name", ["agnieszka nowak", "mohammed ahmed", "tom hughes"])
def test_another_name_makes_no_other_sentences(name: str) -> None:
    find = load_run_on_splitter().find_starts
    other = ONE_BREATH.replace("leanne marsh", name)
    assert list(find(other.split())) == list(find(ONE_BREATH.split()))


@given(st.lists(st.text("aB9,.'\"-\u2013mu", min_size=1, max_size=4), min_size=60, max_size=90))
def test_starts_go_forward_inside_the_words(words: list[str]) -> None:
    starts = [0, *load_run_on_splitter().find_starts(words), len(words)]
    assert all(end - start >= SHORTEST for start, end in pairwise(starts))


def test_a_gap_is_told_by_the_words_kinds_and_marks_around_it() -> None:
    kinds = to_kinds({"person": "mum", "verb": "is", "0": "00"})
    gaps = describe_gaps(["Kai", "is", "12,", "Mum", "is", "ill"], kinds)
    assert [gaps[place][2] for place in "abcdef"] == ["?", "is", "00", "mum", "is", "?"]
    assert [gaps[place][0] for place in "abcdef"] == ["|", "|", "?", "is", "00", "mum"]
    assert gaps["kinds of c d e"][2] == "0 person verb"
    assert gaps["comma and capitals of c d"][2] == ", a A"
    assert {len(values) for values in gaps.values()} == {5}


@pytest.mark.parametrize(
    ("word", "plain"),
    [("(Isn't", "isnt"), ("12.03.17,", "00.00.00"), ("--", "--"), ("\u2013he", "he")],
)
def test_a_word_is_read_without_marks_and_digits(word: str, plain: str) -> None:
    assert to_plain(word) == plain


@pytest.mark.parametrize("content", [None, "{", '{"kinds": {}}'])
def test_a_damaged_file_says_what_to_do(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "run_ons.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ArtefactError, match=r"run_ons\.json.*restore it"):
        load_run_on_splitter(file)
