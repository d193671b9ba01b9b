"""Breaks that a program put in are undone; breaks that a writer put in stay."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.document import read_document
from nlp.wrapping import unwrap

PARAGRAPH = (
    "Called by a neighbour to a loud argument at Flat 3, 18 Anchor Street. The male had left "
    "before we arrived and was not seen. The female says that he put his hands round her neck, "
    "that she is all right now, and that she does not want to support a charge. Both children "
    "were in bed and the eldest said that she had heard it all through the wall."
)


@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_wrapped_email_reads_as_it_was_written(width: int) -> None:
    wrapped = textwrap.fill(PARAGRAPH, width)
    read, meant = read_document(wrapped), read_document(PARAGRAPH)
    assert [s.text for s in read.sentences] == [s.text for s in meant.sentences]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Consent yes\nany problems just ring me\nI am in until six", id="short lines"),
        pytest.param(PARAGRAPH + "\nMum aware.\nConsent yes", id="paragraphs on long lines"),
        pytest.param("\n".join([f"{n}:00 {'x' * 50}" for n in range(9)]), id="a log"),
        pytest.param("\n".join([f"- {'word ' * 12}ends" for _ in range(5)]), id="bullets"),
        pytest.param("\n\n".join(["word " * 12] * 5), id="paragraphs of one line"),
    ],
)
def test_what_no_program_wrapped_stays(text: str) -> None:
    assert unwrap(text) == text


@given(st.text(alphabet="ab. \n-", max_size=400))
def test_no_character_moves(text: str) -> None:
    after = unwrap(text)
    assert len(after) == len(text)
    assert after.replace("\n", " ") == text.replace("\n", " ")
