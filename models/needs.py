"""Count what each need domain is often called, so that a reader need not learn it from examples."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from models.features import Floats, SentenceWords
from nlp.domain import NeedDomain
from nlp.errors import ArtefactError
from nlp.memory import Memory

NEED_WORDS = Path(__file__).parent / "need_words.toml"

# What the counts weigh beside a block of words of length 1. Of 0.2, 0.4 and 0.8 the least was best
# with authors left out: domains micro-F1 0.47 without the counts, 0.58 with them.
WEIGHT = 0.2
REMEMBERED = 2_000  # sentences, some 40 contacts
_BETWEEN = " . "  # no word, so that nothing is found across sentences


@dataclass(frozen=True)
class NeedWords:
    """The beginnings of words that name each domain; ``source`` is the text of the file."""

    source: str

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        starts = tomllib.loads(self.source)["starts"]
        return tuple(_compile(starts[domain].split()) for domain in NeedDomain)

    def transform(self, contacts: Iterable[Sequence[SentenceWords]]) -> csr_matrix:
        """Give the weighted log counts, contacts x 29."""
        return csr_matrix(np.stack([weigh(self.count(words).sum(axis=0)) for words in contacts]))

    def count(self, words: Sequence[SentenceWords]) -> Floats:
        """Count the words of each domain in each sentence, sentences x 29.

        Those of the sentences read last are remembered.
        """
        rows = self._known.recall_all([each.own for each in words], self._search)
        return np.array(rows, dtype=np.float32).reshape(len(words), len(NeedDomain))

    @cached_property
    def _known(self) -> Memory[Floats]:
        return Memory(REMEMBERED)

    def _search(self, sentences: Sequence[Sequence[str]]) -> Floats:
        """Count in the words of all *sentences* at once: one search for each domain."""
        counts = np.zeros((len(sentences), len(NeedDomain)), dtype=np.float32)
        said = [f" {' '.join(words)}" for words in sentences]
        starts = [0, *accumulate(len(each) + len(_BETWEEN) for each in said)]
        text = _BETWEEN.join(said)
        for column, pattern in enumerate(self._patterns):
            for found in pattern.finditer(text):
                counts[bisect_right(starts, found.start()) - 1, column] += 1
        return counts


def weigh(counts: Floats) -> Floats:
    """Turn a contact's counts into its features."""
    return np.asarray(WEIGHT * np.log1p(counts), dtype=np.float32)


def share_out(counts: Floats) -> Floats:
    """Share the features of a contact among its sentences, by how often each has the words.

    The rows add up to the features.
    """
    whole = counts.sum(axis=0)
    return np.asarray(counts * (weigh(whole) / np.maximum(whole, 1)))


def read_need_words(source: str) -> NeedWords:
    """Give the words of a file's text.

    Raises:
        ArtefactError: If it is not TOML, or its domains are not those of the guide.
    """
    try:
        starts: dict[str, Any] = tomllib.loads(source)["starts"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ArtefactError(f"need_words.toml: has no table 'starts' ({error})") from None
    wrong = set(starts) ^ set(NeedDomain)
    if wrong:
        raise ArtefactError(
            f"need_words.toml: {', '.join(sorted(wrong))}: give each domain of the guide one entry"
        )
    return NeedWords(source)


def load_need_words() -> NeedWords:
    """Give the words that the next reader is trained with."""
    return read_need_words(NEED_WORDS.read_text(encoding="utf-8"))


def _compile(entries: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all entries; ``|`` stands between words that follow each other."""
    phrases = (r"[^ ]* ".join(map(re.escape, entry.split("|"))) for entry in entries)
    return re.compile(f"(?<= )(?:{'|'.join(phrases)})")
