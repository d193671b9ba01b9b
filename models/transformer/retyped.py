"""A contact as another hand might have typed it: other words, slips and marks.

Every sentence stays a sentence and keeps its labels.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

ALIKE = Path(__file__).with_name("alike.toml")

UNMARKED = 0.25
"""Share of contacts whose marks are left out."""

REWORDED, SLIPPED = 0.35, 0.03
"""Shares of words that another stands for, where there is one, and that are mistyped."""

SHORTEST_SLIP = 5

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_MARKS = re.compile(r"[,;:'\u2019\"\-\u2013()]")


def retype(sentences: Sequence[str], *, random: np.random.Generator) -> list[str]:
    """Give the *sentences* of one contact, in order, in other words."""
    unmarked = random.random() < UNMARKED
    said = [_WORD.sub(lambda word: _other(word[0], random), each) for each in sentences]
    return [_MARKS.sub(" ", each) for each in said] if unmarked else said


def _other(word: str, random: np.random.Generator) -> str:
    alike = _alike().get(word.lower(), ())
    if alike and random.random() < REWORDED:
        return str(random.choice(alike))
    if len(word) >= SHORTEST_SLIP and random.random() < SLIPPED:
        return _slip(word, random)
    return word


def _slip(word: str, random: np.random.Generator) -> str:
    """Two letters change places, one is left out, or one is typed twice."""
    at = int(random.integers(1, len(word) - 2))
    one, other = word[at], word[at + 1]
    middle = (other + one, other, one + one + other)[int(random.integers(3))]
    return word[:at] + middle + word[at + 2 :]


@cache
def _alike() -> dict[str, tuple[str, ...]]:
    """What may stand for each word."""
    groups = tomllib.loads(ALIKE.read_text(encoding="utf-8"))["alike"]
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        words = [word.replace("_", " ") for word in group.split()]
        for word in words:
            others = tuple(other for other in words if other != word)
            found[word] = found.get(word, ()) + others
    return found
