"""Two readers that read every contact, and the answer that is made of both of theirs.

On authors left out, the linear reader is the better on the level and the urgency, the transformer
on the elements, and both together better than either: they err on different contacts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from models.artefact import load_tfidf
from models.conformal import LevelSets
from models.element_status import status_features, weigh_status
from models.held_flags import flag_features
from models.in_context import sentence_features
from models.links import Doubles
from models.set_aside import with_all, with_none, without
from models.transformer.artefact import JOINT, load_transformer
from models.weighed import Weighed, class_features, log_odds, weighed_from
from nlp.assessment import FlagFinding
from nlp.domain import (
    LEVELS,
    STATUSES,
    Assertion,
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
from nlp.model_flags import places_of
from nlp.reading import Reader, Reading, SentenceReading, Thresholds

Label = TypeVar("Label", bound=StrEnum)

MOST_SENTENCES = 150
"""What is longer (a contact seldom has 60) the linear reader reads alone: the transformer would
keep the writer, and everyone else, waiting for seconds."""


@dataclass(frozen=True)
class Joint:
    """How two readings become one; fitted on authors that neither reader had seen.

    ``weighed`` weighs what both say: level (which counts the likeliest flag), certainty, urgency,
    whether an element is there and whether it is met, the elements of a sentence, and flags. Needs
    and what is said of a notification are a mean, of which ``share`` is the transformer's by head
    and the rest the linear reader's: their labels are too rare for weights of their own.
    """

    weighed: Mapping[str, Weighed]
    share: Mapping[str, float]
    levels: LevelSets
    thresholds: Thresholds


class HollowReader(Reader, Protocol):
    """A reader that also knows which sentences say nothing of any child."""

    def find_hollow(self, document: Document, *, telling: Collection[int]) -> frozenset[int]:
        """Give the places of the sentences to set aside; those in *telling* stay."""
        ...


class JoinedReader:
    """Reads with both readers, less what says nothing of any child; used from many threads."""

    def __init__(self, transformer: HollowReader, linear: Reader, joint: Joint) -> None:
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

    def read(
        self, contact: Contact, document: Document, ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Read one contact, already split into *document*'s sentences; see `nlp.reading`.

        A sentence in which a rule finds a flag present is always read. Where nothing tells
        anything, all is read, and no sentence bears anything out.
        """
        if len(document.sentences) > MOST_SENTENCES:
            other = self._linear.read(contact, document)
            return replace(other, by=f"{self._linear.name} alone (long text)")
        placed = list(zip(places_of(document, ruled), ruled, strict=True))
        telling = {at for at, found in placed if found.assertion is Assertion.PRESENT}
        aside = self._transformer.find_hollow(document, telling=telling)
        kept = without(document, aside)
        if not kept.sentences:
            return with_none(self._read(contact, document, ruled))
        heard = [found for at, found in placed if at not in aside]
        return with_all(self._read(contact, kept, heard), aside)

    def _read(self, contact: Contact, document: Document, ruled: Sequence[FlagFinding]) -> Reading:
        one, other = (each.read(contact, document) for each in (self._transformer, self._linear))
        return join(one, other, self._joint, document=document, ruled=ruled)


def join(
    one: Reading,
    other: Reading,
    joint: Joint,
    *,
    document: Document,
    ruled: Sequence[FlagFinding],
) -> Reading:
    """Give the reading that is made of the transformer's (*one*) and the linear reader's.

    *ruled* are the flags that rules found in *document*.
    """
    needs = mean(NeedDomain, one.domains, other.domains, joint.share["domains"])
    flags = _flags(one, other, needs, joint.weighed["flags"], document, ruled)
    level = _level(one, other, flags, joint.weighed["level"])
    sentences = _sentences(one, other, joint.weighed["elements"])
    return Reading(
        sentences=sentences,
        status=_status(one, other, sentences, joint.weighed),
        level=level,
        plausible=_plausible(level, joint),
        certainty=_one_of(Certainty, one.certainty, other.certainty, joint.weighed["certainty"]),
        domains=needs,
        flags=flags,
        urgency=_one_of(Urgency, one.urgency, other.urgency, joint.weighed["urgency"]),
        inappropriate=_either(one.inappropriate, other.inappropriate, joint.share["inappropriate"]),
        reasons=mean(Reason, one.reasons, other.reasons, joint.share["reasons"])
        if one.reasons
        else {},
        weights=other.weights,
    )


def _plausible(level: Mapping[Level, float], joint: Joint) -> tuple[Level, ...]:
    return joint.levels.plausible(np.array([level[each] for each in LEVELS], dtype=np.float32))


def _flags(
    one: Reading,
    other: Reading,
    needs: Mapping[NeedDomain, float],
    weighed: Weighed,
    document: Document,
    ruled: Sequence[FlagFinding],
) -> dict[SafetyFlag, float]:
    if not any(sentence.flags for sentence in one.sentences):
        return {}
    said = np.array([needs[need] for need in NeedDomain])
    rows = flag_features(one, other, said, document=document, ruled=ruled)
    return dict(zip(SafetyFlag, weighed.own(rows).tolist(), strict=True))


def _level(
    one: Reading, other: Reading, flags: Mapping[SafetyFlag, float], weighed: Weighed
) -> dict[Level, float]:
    said = [np.array([[side.level[level] for level in LEVELS]]) for side in (one, other)]
    rows = level_features(*said, highest=np.array([max(flags.values(), default=0.0)]))
    return dict(zip(LEVELS, weighed.classes(rows)[0].tolist(), strict=True))


def level_features(one: Doubles, other: Doubles, *, highest: Doubles) -> Doubles:
    """Give the features of the level (n x 9), of both readings (n x 4) and the likeliest flag."""
    return np.column_stack([class_features(one, other), log_odds(highest)])


def _status(
    one: Reading,
    other: Reading,
    sentences: Sequence[SentenceReading],
    weighed: Mapping[str, Weighed],
) -> dict[Element, dict[Status, float]]:
    said = [[sentence.elements[element] for element in Element] for sentence in sentences]
    evidence = np.array(said).reshape(-1, len(Element))
    rows = weigh_status(status_features(one, other, evidence), weighed).tolist()
    return {e: dict(zip(STATUSES, row, strict=True)) for e, row in zip(Element, rows, strict=True)}


def _sentences(one: Reading, other: Reading, weighed: Weighed) -> tuple[SentenceReading, ...]:
    """The flags of a sentence are the transformer's alone: the linear reader reads none."""
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
    return dict(zip(labels, weighed.classes(class_features(*said)).tolist(), strict=True))


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
            likeliest_from=held["likeliest_from"],
            seen_from=held["seen_from"],
            doubted_below=held["doubted_below"],
            missing_odds=held["missing_odds"],
            protection_odds=held["protection_odds"],
        ),
    )
