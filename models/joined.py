"""Two readers that read every contact, and the answer that is the weighted mean of theirs.

On authors left out, the linear reader is the better on the level and the urgency, the transformer
on the elements, and their mean better than either: they err on different contacts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.artefact import load_tfidf
from models.conformal import LevelSets
from models.transformer.artefact import JOINT, load_transformer
from models.transformer.scales import OneOf
from nlp.domain import (
    LEVELS,
    STATUSES,
    Certainty,
    Contact,
    Document,
    Element,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)
from nlp.level import raise_protection
from nlp.reading import Reader, Reading, SentenceReading, Thresholds

Label = TypeVar("Label", bound=StrEnum)
Doubles = NDArray[np.float64]

LEAST = 1e-4
"""No probability is taken for less before its logarithm."""

MOST_SENTENCES = 150
"""What is longer (a contact seldom has 60) the linear reader reads alone: the transformer would
keep the writer, and everyone else, waiting for seconds."""


@dataclass(frozen=True)
class Joint:
    """How two readings become one; fitted on authors that neither reader had seen.

    ``share`` is the transformer's share of the mean by head, the rest is the linear reader's;
    ``scales`` calibrate the logarithm of the mean of heads whose labels exclude each other.
    """

    share: Mapping[str, float]
    scales: Mapping[str, OneOf]
    levels: LevelSets
    thresholds: Thresholds


class JoinedReader:
    """Reads with both readers; used from many threads. Flags are the transformer's alone."""

    def __init__(self, transformer: Reader, linear: Reader, joint: Joint) -> None:
        self._transformer = transformer
        self._linear = linear
        self._joint = joint

    @property
    def name(self) -> str:
        """Kind and version of each."""
        return f"{self._transformer.name} with {self._linear.name}"

    @property
    def thresholds(self) -> Thresholds:
        """From what probability each label holds."""
        return self._joint.thresholds

    def read(self, contact: Contact, document: Document) -> Reading:
        """Read one contact, already split into *document*'s sentences."""
        other = self._linear.read(contact, document)
        if len(document.sentences) > MOST_SENTENCES:
            return replace(other, by=f"{self._linear.name} alone (long text)")
        return join(self._transformer.read(contact, document), other, self._joint)


def join(one: Reading, other: Reading, joint: Joint) -> Reading:
    """Give the reading that is the mean of the transformer's (*one*) and the linear reader's."""
    level = _one_of(LEVELS, one.level, other.level, "level", joint)
    raised = raise_protection(level, odds=joint.thresholds.alert_odds)
    return Reading(
        sentences=_sentences(one.sentences, other.sentences, joint.share["elements"]),
        status={
            element: _one_of(STATUSES, one.status[element], other.status[element], "status", joint)
            for element in Element
        },
        level=level,
        plausible=_plausible(level, joint),
        plausible_if_alert=_plausible(raised, joint),
        certainty=_one_of(Certainty, one.certainty, other.certainty, "certainty", joint),
        domains=mean(NeedDomain, one.domains, other.domains, joint.share["domains"]),
        urgency=_one_of(Urgency, one.urgency, other.urgency, "urgency", joint),
        inappropriate=_either(one.inappropriate, other.inappropriate, joint.share["inappropriate"]),
        reasons=mean(Reason, one.reasons, other.reasons, joint.share["reasons"])
        if one.reasons
        else {},
        weights=other.weights,
    )


def _plausible(level: Mapping[Level, float], joint: Joint) -> tuple[Level, ...]:
    return joint.levels.plausible(np.array([level[each] for each in LEVELS], dtype=np.float32))


def _sentences(
    one: Sequence[SentenceReading], other: Sequence[SentenceReading], share: float
) -> tuple[SentenceReading, ...]:
    """Flags are the transformer's alone: the linear reader reads none."""
    return tuple(
        SentenceReading(
            elements=mean(Element, left.elements, right.elements, share), flags=left.flags
        )
        for left, right in zip(one, other, strict=True)
    )


def mean(
    labels: Iterable[Label], one: Mapping[Label, float], other: Mapping[Label, float], share: float
) -> dict[Label, float]:
    """Give *share* of *one* and the rest of *other*, by label."""
    return {label: share * one[label] + (1 - share) * other[label] for label in labels}


def _one_of(
    labels: Sequence[Label] | type[Label],
    one: Mapping[Label, float],
    other: Mapping[Label, float],
    head: str,
    joint: Joint,
) -> dict[Label, float]:
    mixed = mean(labels, one, other, joint.share[head])
    scaled = joint.scales[head].probabilities(log_of(np.array([*mixed.values()])))
    return dict(zip(mixed, scaled.tolist(), strict=True))


def log_of(mixed: Doubles) -> NDArray[np.float32]:
    """Give the logarithm that the scales of a joint are fitted on."""
    return np.log(np.maximum(mixed, LEAST)).astype(np.float32)


def _either(one: float | None, other: float | None, share: float) -> float | None:
    return None if one is None or other is None else share * one + (1 - share) * other


def load_joined(transformer: Path, tfidf: Path, *, threads: int = 1) -> JoinedReader:
    """Give the reader of released folders; the joint is the transformer folder's.

    Raises:
        ArtefactError: If a file is missing or damaged.
    """
    read = load_transformer(transformer, threads=threads)
    return JoinedReader(read, load_tfidf(tfidf), load_joint(transformer))


def load_joint(transformer: Path) -> Joint:
    """Give how the reader of a released folder, which is whole, is joined with the linear one."""
    return joint_from(json.loads((transformer / JOINT).read_text(encoding="utf-8")))


def joint_from(content: Mapping[str, Any]) -> Joint:
    """Give the joint that `dataclasses.asdict` and JSON made *content* of."""
    held = content["thresholds"]
    return Joint(
        share=content["share"],
        scales={k: OneOf(v["slope"], tuple(v["shift"])) for k, v in content["scales"].items()},
        levels=LevelSets(**content["levels"]),
        thresholds=Thresholds(
            elements={label: held["elements"][label] for label in Element},
            domains={label: held["domains"][label] for label in NeedDomain},
            reasons={label: held["reasons"][label] for label in Reason},
            inappropriate=held["inappropriate"],
            flags={label: held["flags"][label] for label in SafetyFlag},
            doubted_below=held["doubted_below"],
            alert_odds=held["alert_odds"],
        ),
    )
