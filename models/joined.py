"""Two readers that read every contact, and the answer that is made of both of theirs.

On authors left out, the linear reader is the better on the level and the urgency, the transformer
on the elements, and both together better than either: they err on different contacts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from models.artefact import load_tfidf
from models.conformal import LevelSets
from models.in_context import sentence_features
from models.links import Doubles
from models.transformer.artefact import JOINT, load_transformer
from models.weighed import Weighed, weighed_from
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
    Status,
    Urgency,
)
from nlp.level import raise_protection
from nlp.reading import Reader, Reading, SentenceReading, Thresholds

Label = TypeVar("Label", bound=StrEnum)

MOST_SENTENCES = 150
"""What is longer (a contact seldom has 60) the linear reader reads alone: the transformer would
keep the writer, and everyone else, waiting for seconds."""


@dataclass(frozen=True)
class Joint:
    """How two readings become one; fitted on authors that neither reader had seen.

    ``weighed`` weighs what both say, for level, certainty, urgency, status (a question for each
    element) and elements. Needs and what is said of a notification are a mean, of which ``share``
    is the transformer's by head and the rest the linear reader's: their labels are too rare for
    weights of their own.
    """

    weighed: Mapping[str, Weighed]
    share: Mapping[str, float]
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
    """Give the reading that is made of the transformer's (*one*) and the linear reader's."""
    level = _one_of(LEVELS, one.level, other.level, joint.weighed["level"])
    raised = raise_protection(level, odds=joint.thresholds.alert_odds)
    return Reading(
        sentences=_sentences(one, other, joint.weighed["elements"]),
        status=_status(one, other, joint.weighed["status"]),
        level=level,
        plausible=_plausible(level, joint),
        plausible_if_alert=_plausible(raised, joint),
        certainty=_one_of(Certainty, one.certainty, other.certainty, joint.weighed["certainty"]),
        domains=mean(NeedDomain, one.domains, other.domains, joint.share["domains"]),
        urgency=_one_of(Urgency, one.urgency, other.urgency, joint.weighed["urgency"]),
        inappropriate=_either(one.inappropriate, other.inappropriate, joint.share["inappropriate"]),
        reasons=mean(Reason, one.reasons, other.reasons, joint.share["reasons"])
        if one.reasons
        else {},
        weights=other.weights,
    )


def _plausible(level: Mapping[Level, float], joint: Joint) -> tuple[Level, ...]:
    return joint.levels.plausible(np.array([level[each] for each in LEVELS], dtype=np.float32))


def _status(one: Reading, other: Reading, weighed: Weighed) -> dict[Element, dict[Status, float]]:
    said = [
        np.array([[reading.status[element][each] for each in STATUSES] for element in Element])
        for reading in (one, other)
    ]
    rows = weighed.classes(*said).tolist()
    return {e: dict(zip(STATUSES, row, strict=True)) for e, row in zip(Element, rows, strict=True)}


def _sentences(one: Reading, other: Reading, weighed: Weighed) -> tuple[SentenceReading, ...]:
    """Flags are the transformer's alone: the linear reader reads none."""
    if not one.sentences:
        return ()
    rows = weighed.marks(element_features(one, other)).tolist()
    return tuple(
        SentenceReading(elements=dict(zip(Element, row, strict=True)), flags=left.flags)
        for row, left in zip(rows, one.sentences, strict=True)
    )


def element_features(one: Reading, other: Reading) -> Doubles:
    """Give the features of every sentence that both have read, of which there is one or more."""
    said = [
        np.array([[sentence.elements[element] for element in Element] for sentence in side])
        for side in (one.sentences, other.sentences)
    ]
    return sentence_features(*said, ppn=one.inappropriate is not None)


def mean(
    labels: Iterable[Label], one: Mapping[Label, float], other: Mapping[Label, float], share: float
) -> dict[Label, float]:
    """Give *share* of *one* and the rest of *other*, by label."""
    return {label: share * one[label] + (1 - share) * other[label] for label in labels}


def _one_of(
    labels: Sequence[Label] | type[Label],
    one: Mapping[Label, float],
    other: Mapping[Label, float],
    weighed: Weighed,
) -> dict[Label, float]:
    said = [np.array([side[label] for label in labels]) for side in (one, other)]
    return dict(zip(labels, weighed.classes(*said).tolist(), strict=True))


def _either(one: float | None, other: float | None, share: float) -> float | None:
    return None if one is None or other is None else share * one + (1 - share) * other


def load_joined(transformer: Path, tfidf: Path, *, threads: int = 1) -> JoinedReader:
    """Give the reader of released folders; the joint is the transformer folder's.

    Raises:
        ArtefactError: If a file is missing or damaged.
    """
    with ThreadPoolExecutor(1) as beside:  # unpacking holds no lock: the other loads meanwhile
        linear = beside.submit(load_tfidf, tfidf)
        read = load_transformer(transformer, threads=threads)
        return JoinedReader(read, linear.result(), load_joint(transformer))


def load_joint(transformer: Path) -> Joint:
    """Give how the reader of a released folder, which is whole, is joined with the linear one."""
    return joint_from(json.loads((transformer / JOINT).read_text(encoding="utf-8")))


def joint_to_content(joint: Joint) -> dict[str, Any]:
    """Give what JSON can hold; `joint_from` gives the joint back."""
    return {
        "weighed": {head: weighed.to_content() for head, weighed in joint.weighed.items()},
        "share": dict(joint.share),
        "levels": asdict(joint.levels),
        "thresholds": asdict(joint.thresholds),
    }


def joint_from(content: Mapping[str, Any]) -> Joint:
    """Give the joint that `joint_to_content` and JSON made *content* of."""
    held = content["thresholds"]
    return Joint(
        weighed={head: weighed_from(each) for head, each in content["weighed"].items()},
        share=content["share"],
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
