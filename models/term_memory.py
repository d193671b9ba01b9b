"""Remember the terms of the sentences read last, so that an edit costs the sentences it touches."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from models.features import DOCUMENT_BLOCKS, SENTENCE_BLOCKS, Block, SentenceWords, Terms

Numbers = npt.NDArray[np.int32]

REMEMBERED = 2_000
"""Sentences: some 40 contacts, at about four kilobytes a sentence."""


@dataclass(frozen=True)
class Found:
    """The numbers of a sentence's terms by block: as a sentence, and as part of its contact."""

    own: Mapping[str, Numbers]
    whole: Mapping[str, Numbers]


class TermMemory:
    """Finds the terms of sentences; safe to use from many threads.

    What is remembered stands under hashes of the words, never under the words: the memory of the
    service holds no contact's sentences.
    """

    def __init__(
        self, sentence_blocks: Mapping[str, Block], document_blocks: Mapping[str, Block]
    ) -> None:
        self._blocks = sentence_blocks, document_blocks
        self._known: OrderedDict[tuple[int, ...], Found] = OrderedDict()
        self._lock = Lock()

    def find(self, sentences: Sequence[SentenceWords]) -> list[Found]:
        """Give the terms of each sentence, in order."""
        return [self._find(sentence) for sentence in sentences]

    def _find(self, sentence: SentenceWords) -> Found:
        key = tuple(map(hash, vars(sentence).values()))
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
                return found
        of_sentence, of_contact = self._blocks
        found = Found(
            own=_numbers(sentence, SENTENCE_BLOCKS, of_sentence),
            whole=_numbers(sentence, DOCUMENT_BLOCKS, of_contact),
        )
        with self._lock:
            self._known[key] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found


def _numbers(
    sentence: SentenceWords, kinds: Mapping[str, Terms], blocks: Mapping[str, Block]
) -> dict[str, Numbers]:
    return {
        name: np.fromiter(blocks[name].find(terms(sentence)), dtype=np.int32)
        for name, terms in kinds.items()
    }
