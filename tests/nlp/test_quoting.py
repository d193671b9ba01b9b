"""Quotations are exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.quoting import shorten


@given(words=st.text(max_size=300), most=st.integers(1, 200))
def test_a_shortened_quotation_is_an_exact_beginning(words: str, most: int) -> None:
    kept = shorten(words, most=most)
    assert words.startswith(kept)
    assert len(kept) <= most


def test_a_word_is_not_cut_in_half() -> None:
    assert shorten("she gets herself up, alone", most=22) == "she gets herself up"


def test_one_word_too_long_is_cut() -> None:
    assert shorten("x" * 20, most=10) == "x" * 10
