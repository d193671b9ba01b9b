"""The transformer reader as it is served: onnxruntime, tokenizers and numpy, no torch."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.hollow import HollowFinder, read_hollow_model
from models.transformer.encoding import SentenceVectors, open_session, open_tokenizer
from models.transformer.scales import Scales, scales_from
from nlp.assessment import FlagFinding
from nlp.domain import (
    LEVELS,
    STATUSES,
    Certainty,
    Contact,
    Document,
    Element,
    Form,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)
from nlp.reading import Reading, SentenceReading, Thresholds

ENCODER, HEADS, TOKENIZER, SCALES = "encoder.onnx", "heads.onnx", "tokenizer.json", "scales.json"
KNOWN, HOLLOW = "known.json", "hollow.json"
REMEMBERED_SENTENCES = 4096

Label = TypeVar("Label", bound=StrEnum)
Logits = Mapping[str, NDArray[np.float32]]


class TransformerReader:
    """Reads a contact from its sentences, each encoded once.

    One is loaded once and used from many threads.
    """

    def __init__(
        self,
        *,
        name: str,
        vectors: SentenceVectors,
        heads: onnxruntime.InferenceSession,
        scales: Scales,
        hollow: HollowFinder,
    ) -> None:
        self._name = name
        self._vectors = vectors
        self._heads = heads
        self._scales = scales
        self._hollow = hollow
        self._outputs = [output.name for output in heads.get_outputs()]
        self._thresholds = _thresholds(scales)

    @classmethod
    def load(cls, folder: Path, *, name: str, threads: int = 1) -> TransformerReader:
        """Load the files of *folder*, which the caller has verified."""
        known = read_known(folder)
        return cls(
            name=name,
            vectors=open_vectors(folder, threads=threads, remember=REMEMBERED_SENTENCES),
            heads=open_session(folder / HEADS, threads=threads),
            scales=scales_from(json.loads((folder / SCALES).read_text(encoding="utf-8"))),
            hollow=HollowFinder(read_hollow_model(folder / HOLLOW), known),
        )

    @property
    def name(self) -> str:
        """Kind and version, as shown in every record's provenance."""
        return self._name

    @property
    def thresholds(self) -> Thresholds:
        """From what probability each label holds."""
        return self._thresholds

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Read one contact, already split into *document*'s sentences."""
        ppn = contact.form is Form.PPN
        logits = self.logits([sentence.text for sentence in document.sentences], ppn=ppn)
        return to_reading(logits, self._scales, ppn=ppn)

    def find_hollow(self, document: Document, *, telling: Collection[int] = ()) -> frozenset[int]:
        """Give the places of sentences that say nothing of any child; those in *telling* stay."""
        vectors = self._vectors([sentence.text for sentence in document.sentences])
        return self._hollow.find(document, vectors.astype(np.float64), telling=telling)

    def logits(self, texts: Sequence[str], *, ppn: bool) -> dict[str, NDArray[np.float32]]:
        """Give what the heads answer about sentences, before any scale."""
        given = self._heads.run(
            None,
            {
                "vectors": self._vectors(texts)[None],
                "mask": np.ones((1, len(texts)), dtype=np.float32),
                "form": np.array([int(ppn)], dtype=np.int64),
            },
        )
        return {name: values[0] for name, values in zip(self._outputs, given, strict=True)}


def open_vectors(folder: Path, *, threads: int, remember: int) -> SentenceVectors:
    """Give the encoder of a released folder, which reads every sentence as of anybody."""
    return SentenceVectors(
        open_tokenizer(folder / TOKENIZER),
        open_session(folder / ENCODER, threads=threads),
        remember=remember,
        known=read_known(folder),
    )


def read_known(folder: Path) -> frozenset[str]:
    """Give the words that are not names, as a released folder has them."""
    return frozenset(json.loads((folder / KNOWN).read_text(encoding="utf-8")))


def to_reading(logits: Logits, scales: Scales, *, ppn: bool) -> Reading:
    """Give the calibrated reading that the heads' *logits* about one contact come to."""

    def one_of(name: str) -> NDArray[np.float64]:
        return scales.one_of[name].probabilities(logits[name])

    def any_of(name: str) -> NDArray[np.float64]:
        return scales.any_of[name].probabilities(np.atleast_1d(logits[name]))

    level, present = one_of("level"), any_of("present")
    return Reading(
        sentences=tuple(
            SentenceReading(elements=_named(Element, shown), flags=_named(SafetyFlag, raised))
            for shown, raised in zip(any_of("elements"), present, strict=True)
        ),
        flags=_named(SafetyFlag, present.max(axis=0, initial=0.0)),
        status={
            element: _named(STATUSES, row)
            for element, row in zip(Element, one_of("status"), strict=True)
        },
        level=_named(LEVELS, level),
        plausible=scales.levels.plausible(level.astype(np.float32)),
        certainty=_named(Certainty, one_of("certainty")),
        domains=_named(NeedDomain, any_of("domains")),
        urgency=_named(Urgency, one_of("urgency")),
        inappropriate=float(any_of("inappropriate")[0]) if ppn else None,
        reasons=_named(Reason, any_of("reasons")) if ppn else {},
    )


def _named(labels: Iterable[Label], probabilities: NDArray[np.float64]) -> dict[Label, float]:
    return dict(zip(labels, probabilities.tolist(), strict=True))


def _thresholds(scales: Scales) -> Thresholds:
    held = scales.thresholds
    return Thresholds(
        elements=dict(zip(Element, held["elements"], strict=True)),
        domains=dict(zip(NeedDomain, held["domains"], strict=True)),
        reasons=dict(zip(Reason, held["reasons"], strict=True)),
        inappropriate=held["inappropriate"][0],
        flags=dict(zip(SafetyFlag, held["present"], strict=True)),
        seen_from=min(held["present"]),
    )
