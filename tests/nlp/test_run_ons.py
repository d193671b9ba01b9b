"""Writing without full stops is split where its words say, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import ArtefactError
from nlp.run_ons import (
    AT_ONCE,
    DILATIONS,
    FEWEST_WORDS,
    MARKS,
    MOST_WORDS,
    RUN_ONS,
    SHORTEST,
    RunOnNetwork,
    RunOnSplitter,
    load_run_on_splitter,
    marks_of,
    number_of,
    pack,
    read_run_on_network,
    to_plain,
)

ONE_BREATH = (
    "hi its the nurse from the school im ringing about leanne marsh who is nine and in year 4 she "
    "came in on monday with no coat and no lunch again mum says there is no money till friday and "
    "the gas has gone off dad left in march and he isnt sending anything she told me she sleeps in "
    "her clothes because its cold please can someone ring me tomorrow morning before ten"
)


NUMBERS, CHANNELS = 2, 3


def _network(**given: Any) -> RunOnNetwork:
    """One that knows only that 'mum' begins a sentence: it passes the first number through."""
    entry = np.zeros((3, NUMBERS + MARKS, CHANNELS), dtype=np.float32)
    entry[1, 0, 0] = 1
    last = np.zeros((2, CHANNELS), dtype=np.float32)
    last[1, 0] = 4
    network = RunOnNetwork(
        words=("mum",),
        embeddings=np.array([[0, 0], [0, 0], [1, 0]], dtype=np.float32),
        entry=entry,
        entry_bias=np.zeros(CHANNELS, dtype=np.float32),
        layers=np.zeros((len(DILATIONS), 3, CHANNELS, CHANNELS), dtype=np.float32),
        layer_biases=np.zeros((len(DILATIONS), CHANNELS), dtype=np.float32),
        last=last,
        last_bias=-2.0,
        begins_from=0.0,
    )
    return replace(network, **given)


def _starts(words: list[str]) -> list[int]:
    return list(RunOnSplitter(_network()).find_starts(words))


def test_a_word_that_weighs_enough_begins_a_sentence() -> None:
    assert _starts(["the"] * 30 + ["Mum,"] + ["the"] * 40) == [30]


def test_short_writing_is_left_whole() -> None:
    assert _starts(["the"] * 9 + ["mum"] + ["the"] * (FEWEST_WORDS - 11)) == []
    assert _starts(["the"] * 9 + ["mum"] + ["the"] * (FEWEST_WORDS - 10)) == [9]


def test_what_nobody_wrote_is_left_whole() -> None:
    words = ["the", "child", "mum"] * MOST_WORDS
    assert _starts(words[:MOST_WORDS])
    assert _starts(words[: MOST_WORDS + 1]) == []


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


@settings(deadline=None)  # the first to ask loads the weights
@given(st.lists(st.text("aB9,.'\"-\u2013mu", min_size=1, max_size=4), min_size=60, max_size=90))
def test_starts_go_forward_inside_the_words(words: list[str]) -> None:
    starts = [0, *load_run_on_splitter().find_starts(words), len(words)]
    assert all(end - start >= SHORTEST for start, end in pairwise(starts))


def test_a_word_far_away_counts_as_far_as_layers_reach() -> None:
    layers = np.zeros((len(DILATIONS), 3, CHANNELS, CHANNELS), dtype=np.float32)
    layers[3, 2, 0, 1] = 1  # the second channel tells of a 'mum' eight words on
    last = np.zeros((2, CHANNELS), dtype=np.float32)
    last[1, 1] = 4
    scores = RunOnSplitter(_network(layers=layers, last=last)).scores(
        ["the"] * 20 + ["mum"] + ["the"] * 20
    )
    assert np.flatnonzero(scores > 0).tolist() == [20 - 8 - 1]


def test_what_is_long_is_scored_in_parts_as_it_would_be_whole() -> None:
    splitter = load_run_on_splitter()
    words = (ONE_BREATH.split() * (2 * AT_ONCE // 70))[: 2 * AT_ONCE - 100]
    here = slice(AT_ONCE - 40, AT_ONCE + 40)
    apart = splitter.scores(words[here.start - 100 : here.stop + 100])[100:180]
    assert splitter.scores(words)[here] == pytest.approx(apart, abs=1e-4)
    assert len(splitter.scores(words)) == len(words) - 1


def test_a_word_is_a_number_known_or_unknown_and_has_its_marks() -> None:
    numbers = {"mum": 2}
    assert [number_of(word, numbers) for word in ("Mum,", "12.03", "Kai")] == [2, 0, 1]
    assert marks_of("Mum,") == (True, True, False, False, False, False)
    assert marks_of('"MUM"') == (False, False, True, True, True, False)
    assert marks_of("--") == (True, False, False, False, False, True)


@pytest.mark.parametrize(
    ("word", "plain"),
    [("(Isn't", "isnt"), ("12.03.17,", "00.00.00"), ("--", "--"), ("\u2013he", "he")],
)
def test_a_word_is_read_without_marks_and_digits(word: str, plain: str) -> None:
    assert to_plain(word) == plain


def test_a_network_written_is_read_back(tmp_path: Path) -> None:
    network = read_run_on_network()
    arrays: dict[str, Any] = pack(network)
    np.savez(tmp_path / "again.npz", **arrays)
    again = read_run_on_network(tmp_path / "again.npz")
    assert again.words == network.words
    assert again.embeddings == pytest.approx(network.embeddings, abs=1e-6)
    assert list(RunOnSplitter(again).find_starts(ONE_BREATH.split())) == list(
        load_run_on_splitter().find_starts(ONE_BREATH.split())
    )


@pytest.mark.parametrize("damage", ["gone", "cut", "text", "field", "shape"])
def test_a_damaged_file_says_what_to_do(damage: str, tmp_path: Path) -> None:
    file, whole = tmp_path / "run_ons.npz", RUN_ONS.read_bytes()
    arrays: dict[str, Any] = pack(_network())
    if damage == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "text":
        file.write_text("{")
    elif damage == "field":
        del arrays["words"]
        np.savez(file, **arrays)
    elif damage == "shape":
        np.savez(file, **arrays | {"last": arrays["last"][:, :-1]})
    with pytest.raises(ArtefactError, match=r"run_ons\.npz.*restore it"):
        load_run_on_splitter(file)
