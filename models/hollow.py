"""Which sentences say nothing of any child or family, and are set aside unread.

Footers, policy, notes on how to fill in a form, claims that all has been told, small talk, what is
off the subject, gibberish: readers that were taught by contacts take some of it for evidence, and
what stands beside it for less. How often a sentence of each kind is found, and how often one that
does tell something: evaluation/reports/ablations.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.links import Doubles
from models.words import ANYBODY, as_of_anybody
from nlp.domain import Document
from nlp.memory import Memory

BESIDE = 0.25
PARAGRAPH = 0.75
"""How much is added to a sentence's score: of its surer neighbour's, and of the mean of the others
in its paragraph where they are hollow in the mean. What is hollow comes in paragraphs. Of the first
writer kept for measuring, in a paragraph of its own, both find 0.84 of the sentences, neighbours
alone 0.77; at the end of a paragraph that tells something 0.75 and 0.77. Each at the cost of 1.5
telling sentences in a thousand, of authors left out."""

LOWEST, HIGHEST = -2.0, 5.0
"""A neighbour counts no less and no more: beyond these, it is surely the one or the other."""

REMEMBERED_SENTENCES = 4096
NUMBER, UNKNOWN, CAPITALS = "0", "?", "?A"
_EMPTY_LINE = re.compile(r"(?:\r\n|\r|\n)[^\S\r\n]*[\r\n]")
_EDGES = "\"'()[]{}*.,;:!?-\u2013\u2018\u2019\u201c\u201d\u2022"


class HollowModel(BaseModel):
    """What terms and each part of a sentence's vector weigh, and the score that is hollow."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: Mapping[str, float]
    vector: tuple[float, ...]
    intercept: float
    hollow_from: float


class HollowFinder:
    """Finds hollow sentences; used from many threads.

    *known* are the words that are not names: sentences are read as of anybody.
    """

    def __init__(self, model: HollowModel, known: frozenset[str]) -> None:
        self._model = model
        self._known = known
        self._vector = np.array(model.vector)
        self._memory = Memory[float](REMEMBERED_SENTENCES)

    def find(
        self, document: Document, vectors: Doubles, *, telling: Collection[int] = ()
    ) -> frozenset[int]:
        """Give the places of the sentences to set aside.

        A heading is one only where nothing is left under it.

        Args:
            document: The contact's sentences.
            vectors: Of each sentence, by the encoder that the weights were fitted on.
            telling: Places that stay, whatever they seem.
        """
        headings = [sentence.is_heading for sentence in document.sentences]
        scores = self.scores([sentence.text for sentence in document.sentences], vectors)
        beside = with_neighbours(scores, headings, paragraphs_of(document))
        kept = beside < self._model.hollow_from
        kept[list(telling)] = True
        _keep_headings(kept, headings)
        return frozenset(np.flatnonzero(~kept).tolist())

    def scores(self, texts: Sequence[str], vectors: Doubles) -> Doubles:
        """Give the log-odds that each sentence is hollow, as if it stood alone."""
        words = self._memory.recall_all(texts, lambda fresh: map(self._weigh, fresh))
        return np.asarray(np.array(words) + vectors @ self._vector + self._model.intercept)

    def _weigh(self, text: str) -> float:
        terms = self._model.terms
        # Not a set: its order differs between processes, and with it the last digit of the sum.
        return sum(terms.get(t, 0.0) for t in dict.fromkeys(terms_of(text, known=self._known)))


def _keep_headings(kept: NDArray[np.bool_], headings: Sequence[bool]) -> None:
    """Keep every heading that something is left under, whatever it seems."""
    for place, following in pairwise(np.flatnonzero([*headings, True]).tolist()):
        kept[place] |= kept[place + 1 : following].any()


def paragraphs_of(document: Document) -> list[int]:
    """Give the number of each sentence's paragraph: an empty line or a heading begins another."""
    begins = [
        other.is_heading or _EMPTY_LINE.search(document.text[one.end : other.start]) is not None
        for one, other in pairwise(document.sentences)
    ]
    return [int(number) for number in np.cumsum([False, *begins][: len(document.sentences)])]


def with_neighbours(
    scores: Doubles, headings: Sequence[bool] | NDArray[np.bool_], paragraphs: Sequence[int]
) -> Doubles:
    """Add to each score of a contact's sentences, in order, what those around it lend.

    That is a part of its surer neighbour's score, and a part of the mean of its paragraph's others,
    where this is over 0. A heading says little itself, and lends nothing to what stands under it.
    """
    lent = np.where(headings, LOWEST, scores.clip(LOWEST, HIGHEST))
    bounded = np.concatenate([[LOWEST], lent, [LOWEST]])
    beside = BESIDE * np.maximum(bounded[:-2], bounded[2:])
    told = ~np.asarray(headings, dtype=bool)
    sums, counts = (np.bincount(paragraphs, weights=each) for each in (lent * told, told))
    others = counts[paragraphs] - told
    mean = (sums[paragraphs] - lent * told) / np.maximum(others, 1)
    return np.asarray(scores + beside + PARAGRAPH * np.maximum(mean, 0.0) * told)


def terms_of(text: str, *, known: frozenset[str]) -> Iterator[str]:
    """Give the words of a sentence, its pairs of words, and how many it has and does not know."""
    words = [_as_known(word, known) for word in as_of_anybody(text, known=known).split()]
    yield from words
    yield from map(" ".join, pairwise(["|", *words, "|"]))
    count = len(words)
    yield f"words {count // 2 if count < 12 else min(12, 4 + count // 6)}"
    yield f"unknown {round(5 * words.count(UNKNOWN) / max(count, 1))}"


def _as_known(token: str, known: frozenset[str]) -> str:
    plain = token.strip(_EDGES)
    word = plain.lower().replace("\u2019", "'")
    if word in known or plain == ANYBODY:
        return word
    if word[:1].isdigit():
        return NUMBER
    return CAPITALS if len(plain) > 1 and plain.isupper() else UNKNOWN


def read_hollow_model(path: Path) -> HollowModel:
    """Give the weights in a file that the caller has verified."""
    return HollowModel.model_validate_json(path.read_bytes())
