"""The flag reader as it is served: sentence vectors that the transformer gives, and flag heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.flag_heads import FlagHeads
from models.transformer.encoding import SentenceVectors
from nlp.domain import Document, SafetyFlag
from nlp.reading import Reading


class FlagReader:
    """Reads the safety flags of a contact's sentences.

    Give it the transformer reader's own *vectors*: what that reader has just read is remembered
    there, so that flags cost no second reading.
    """

    def __init__(
        self,
        *,
        name: str,
        heads: FlagHeads,
        vectors: SentenceVectors,
        thresholds: Mapping[SafetyFlag, float],
    ) -> None:
        self.name = name
        self.thresholds = thresholds
        self._heads = heads
        self._vectors = vectors

    def add_to(self, reading: Reading, document: Document) -> Reading:
        """Give *reading* of *document* with the flags of each sentence."""
        raised = self.read(document)
        sentences = zip(reading.sentences, raised, strict=True)
        return replace(
            reading,
            sentences=tuple(replace(sentence, flags=flags) for sentence, flags in sentences),
        )

    def read(self, document: Document) -> list[dict[SafetyFlag, float]]:
        """Give the probability that each flag is present, sentence by sentence."""
        if not document.sentences:
            return []
        vectors = self._vectors([sentence.text for sentence in document.sentences])
        rows = self._heads.read(vectors).tolist()
        return [dict(zip(SafetyFlag, row, strict=True)) for row in rows]
