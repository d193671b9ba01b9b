"""Remember the terms of the sentences read last, so that an edit costs the sentences it touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.features import DOCUMENT_BLOCKS, SENTENCE_BLOCKS, Block, SentenceWords, Terms
from nlp.memory import Memory

Numbers = npt.NDArray[np.int32]

REMEMBERED = 2_000
"""Sentences: some 40 contacts, at about four kilobytes a sentence."""


@dataclass(frozen=True)
class Found:
    """The numbers of a sentence's terms by block: as a sentence, and as part of its contact."""

    own: Mapping[str, Numbers]
    whole: Mapping[str, Numbers]


class TermMemory:
    """Finds the terms of sentences; safe to use from many threads."""

    def __init__(
        self, sentence_blocks: Mapping[str, Block], document_blocks: Mapping[str, Block]
    ) -> None:
        self._blocks = sentence_blocks, document_blocks
        self._known = Memory[Found](REMEMBERED)

    def find(self, sentences: Sequence[SentenceWords]) -> list[Found]:
        """Give the terms of each sentence, in order."""
        return [self._find(sentence) for sentence in sentences]

    def _find(self, sentence: SentenceWords) -> Found:
        key = tuple(vars(sentence).values())
        known = self._known.recall(key)
        if known is not None:
            return known
        of_sentence, of_contact = self._blocks
        found = Found(
            own=_numbers(sentence, SENTENCE_BLOCKS, of_sentence),
            whole=_numbers(sentence, DOCUMENT_BLOCKS, of_contact),
        )
        self._known.keep(key, found)
        return found


def _numbers(
    sentence: SentenceWords, kinds: Mapping[str, Terms], blocks: Mapping[str, Block]
) -> dict[str, Numbers]:
    return {
        name: np.fromiter(blocks[name].find(terms(sentence)), dtype=np.int32)
        for name, terms in kinds.items()
    }
