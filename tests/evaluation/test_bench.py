"""The benchmark's own arithmetic; its times are never a test."""

from __future__ import annotations

import pytest

from evaluation.bench import Bench, Timing, slope, write_table, write_texts
from evaluation.hostile import HOSTILE


def test_texts_have_the_words_asked_for_and_differ() -> None:
    texts = list(write_texts(["one two\nthree", "four five", "six"], 5, 3))
    assert [len(text.split()) for text in texts] == [5, 5, 5]
    assert texts[0] == "one two\nthree\nfour five"
    assert len(set(texts)) > 1


def test_slope_tells_linear_from_quadratic() -> None:
    sizes = (1_000, 10_000, 100_000)
    assert slope(sizes, [size / 7 for size in sizes]) == pytest.approx(1)
    assert slope(sizes, [size**2 / 7 for size in sizes]) == pytest.approx(2)


def test_the_table_says_what_is_met_and_what_is_not() -> None:
    lines = (
        Timing(what="600 words, p95", value=70, unit="ms", most=60),
        Timing(what="start", value=1.234, unit="s", most=2),
        Timing(what="300 words, p50", value=20, unit="ms"),
    )
    table = write_table(Bench(machine="x86_64", cores=2, timings=lines)).splitlines()
    assert table[1].endswith("NOT MET")
    assert "bar 60 ms" in table[1]
    assert "1.23 s" in table[2]
    assert table[2].endswith(" met")
    assert table[3].endswith("20 ms")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_as_long_as_asked(kind: str) -> None:
    assert len(HOSTILE[kind](1_000)) == 1_000
    assert len(HOSTILE[kind](4_001)) == 4_001
