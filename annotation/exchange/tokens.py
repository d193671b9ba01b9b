"""Tokens as spaCy cuts them, cut once more wherever a mark begins or ends.

A mark inside a token would be lost without a word (`Doc.char_span` answers None), and labels that
people gave are worth more than the tokeniser's habits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from annotation.exchange.marks import Mark


@dataclass(frozen=True)
class Piece:
    """A token by its place in the text; *spaced* where one space follows that is no token."""

    start: int
    end: int
    spaced: bool


@cache
def blank_english() -> Language:
    """Give spaCy's English tokeniser, without any model."""
    return spacy.blank("en")


def cut(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Give the tokens of *text*, none of which a mark's edge lies inside."""
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    pieces: list[Piece] = []
    for token in blank_english().make_doc(text):
        start, end = token.idx, token.idx + len(token.text_with_ws)
        inner = [edge for edge in edges if start < edge < end]
        pieces += _pieces([start, *inner, end], spaced=bool(token.whitespace_))
    return tuple(pieces)


def make_doc(text: str, pieces: Iterable[Piece]) -> Doc:
    """Give a spaCy document of these tokens; its text is *text* exactly."""
    known = tuple(pieces)
    return Doc(
        blank_english().vocab,
        words=[text[each.start : each.end] for each in known],
        spaces=[each.spaced for each in known],
    )


def _pieces(edges: list[int], *, spaced: bool) -> Iterator[Piece]:
    """The pieces between *edges*; the last gives up its space, unless it is nothing else."""
    *before, (start, end) = pairwise(edges)
    yield from (Piece(*each, spaced=False) for each in before)
    if spaced and end - start > 1:
        yield Piece(start, end - 1, spaced=True)
    else:
        yield Piece(start, end, spaced=False)
