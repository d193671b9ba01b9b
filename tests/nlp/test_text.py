"""Characters are made plain, and every offset goes back to the text as sent."""

from __future__ import annotations

import pytest

from nlp.domain import Span
from nlp.errors import EmptyTextError, TextTooLongError, UnreadableTextError
from nlp.text import MAX_CHARACTERS, normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("a\r\nb\rc\nd", "a\nb\nc\nd", id="Windows and old Mac line endings"),
        pytest.param("a\u2028b\u2029c\x0bd\x0ce", "a\nb\nc\nd\ne", id="line and page separators"),
        pytest.param("a\tb\u00a0c\u2003d\u202fe", "a b c d e", id="tabs and wide spaces"),
        pytest.param("safe\u00adguard\u200bing\ufeff", "safeguarding", id="without width"),
        pytest.param("\u201cno\u201d \u2018yes\u2019 it\u2019s", "\"no\" 'yes' it's", id="quotes"),
        pytest.param("\ufb01ve o\ufb00ers", "five offers", id="ligatures"),
        pytest.param("wait\u2026 then", "wait... then", id="ellipsis"),
        pytest.param("cafe\u0301 Zoe\u0308", "caf\u00e9 Zo\u00eb", id="combining marks"),
        pytest.param("it\x92s \x93fine\x94", 'it\'s "fine"', id="Windows quotes read as Latin-1"),
        pytest.param("cell one\x07cell two", "cell one cell two", id="cells of a Word table"),
        pytest.param("6\u20138 mins \u2014 no", "6\u20138 mins \u2014 no", id="dashes stay"),
    ],
)
def test_variants_become_plain(written: str, plain: str) -> None:
    assert normalise(written).text == plain


@pytest.mark.parametrize(
    ("written", "word"),
    [
        pytest.param("one\r\ntwo", "two", id="CRLF"),
        pytest.param("\U0001f600\U0001f468\u200d\U0001f469 two", "two", id="emoji"),
        pytest.param("cafe\u0301 two", "two", id="combining mark before"),
        pytest.param("\ufb01\ufb03 two\u2026", "two", id="ligatures before"),
        pytest.param("\ufeff\u00ad\u200btwo", "two", id="without width before"),
    ],
)
def test_offsets_go_back_to_the_original(written: str, word: str) -> None:
    normalised = normalise(written)
    start = normalised.text.index(word)

    span = normalised.to_original(start, start + len(word))

    assert written[span.start : span.end] == word


def test_a_composed_letter_covers_its_marks() -> None:
    assert normalise("e\u0301").to_original(0, 1) == Span(0, 2)


@pytest.mark.parametrize("text", ["", " \r\n\t", "\u200b", "... !!! ___", "\U0001f600"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(EmptyTextError):
        normalise(text)


def test_the_longest_text_is_read_and_one_character_more_is_refused() -> None:
    assert len(normalise("a" * MAX_CHARACTERS).text) == MAX_CHARACTERS
    with pytest.raises(TextTooLongError, match="1,000,001"):
        normalise("a" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("PK\x03\x04\x14\0\x06\0 secretname", id="a zip"),
        pytest.param("\x01\x02\x03secretname", id="control characters"),
        pytest.param("secretname \ud83d", id="a lone surrogate"),
        pytest.param("secretname\ufffd\ufffd\ufffd\ufffd", id="the wrong encoding"),
    ],
)
def test_what_is_not_text_is_refused_without_its_words(text: str) -> None:
    with pytest.raises(UnreadableTextError) as refused:
        normalise(text)
    assert "secretname" not in str(refused.value)


def test_a_stray_control_character_does_not_refuse_a_referral() -> None:
    assert normalise("Mum rang." * 50 + "\x1f").text == "Mum rang." * 50
