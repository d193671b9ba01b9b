"""What the heads are taught: a labelled contact as arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from annotation.flag_sentences import FlagText
from annotation.labels import LabelledContact, LabelledSentence
from nlp.document import read_document
from nlp.domain import (
    LEVELS,
    STATUSES,
    Assertion,
    Certainty,
    Document,
    Element,
    Form,
    NeedDomain,
    Reason,
    SafetyFlag,
    Sentence,
    Urgency,
)

Floats = NDArray[np.float32]

IGNORED = -100
"""A status that a lesson does not teach (torch's own code for it)."""

_OWN_WEIGHT = {Certainty.CLEAR: 0.97, Certainty.BORDERLINE: 0.7, Certainty.THIN: 0.65}
"""Weight of the labelled level by certainty; the rest goes to the alternative level."""


@dataclass(frozen=True)
class Example:
    """One contact as the network is taught it.

    ``elements``, ``present`` and ``mentioned`` have a row a sentence; ``assertions`` too, all
    zero for a sentence without a flag. ``level`` is a soft label. ``inappropriate`` is not a
    number for a referral. The three about flags are always labelled; elements and ``status`` where
    ``has_elements``, and the rest, which is of the contact as a whole, where ``has_whole``.
    """

    id: str
    author: str
    texts: tuple[str, ...]
    form: int
    elements: Floats
    present: Floats
    mentioned: Floats
    assertions: Floats
    status: NDArray[np.int64]
    level: Floats
    level_index: int
    certainty: int
    domains: Floats
    urgency: int
    inappropriate: float
    reasons: Floats
    has_elements: bool = True
    has_whole: bool = True

    @property
    def contrast(self) -> bool:
        """Is it of `annotation.contrast_sets`?"""
        return self.has_whole and not self.has_elements


def examples(contacts: Iterable[LabelledContact]) -> list[Example]:
    """Every contact as an example, in order, with the sentences that the product reads in it.

    A contact of `annotation.contrast_sets` has no elements.
    """
    return [_example(contact, read_document(contact.text)) for contact in contacts]


def flag_examples(texts: Iterable[FlagText]) -> list[Example]:
    """Every flag text as an example that teaches flags alone, in order."""
    return [_flag_example(text, read_document(text.text)) for text in texts]


def as_read(contact: LabelledContact | FlagText, document: Document) -> list[LabelledSentence]:
    """Give the labels of each sentence that the product reads.

    A sentence has the labels of every labelled stretch that it shares more than half of the
    shorter of the two with.
    """
    found = []
    for sentence in document.sentences:
        under = [labelled for labelled in contact.sentences if _mostly_shared(sentence, labelled)]
        elements = frozenset(element for labelled in under for element in labelled.elements)
        flags = tuple(flag for labelled in under for flag in labelled.flags)
        found.append(LabelledSentence(sentence.start, sentence.end, elements, flags))
    return found


def _mostly_shared(sentence: Sentence, labelled: LabelledSentence) -> bool:
    shared = min(sentence.end, labelled.end) - max(sentence.start, labelled.start)
    shorter = min(sentence.end - sentence.start, labelled.end - labelled.start)
    return shared * 2 > shorter


def _example(contact: LabelledContact, document: Document) -> Example:
    sentences = as_read(contact, document)
    notice = contact.notification
    return Example(
        id=contact.id,
        author=contact.author,
        texts=tuple(sentence.text for sentence in document.sentences),
        form=int(contact.form is Form.PPN),
        elements=np.stack([_marks(Element, s.elements) for s in sentences]),
        **_flag_marks(sentences),
        status=_statuses(contact),
        level=soft_level(contact),
        level_index=LEVELS.index(contact.level),
        certainty=list(Certainty).index(contact.certainty),
        domains=_marks(NeedDomain, contact.domains),
        urgency=list(Urgency).index(contact.urgency),
        inappropriate=float("nan") if notice is None else float(not notice.appropriate),
        reasons=_marks(Reason, notice.reasons if notice else ()),
        has_elements=bool(contact.status),
    )


def _statuses(contact: LabelledContact) -> NDArray[np.int64]:
    if not contact.status:
        return np.full(len(Element), IGNORED)
    return np.array([STATUSES.index(contact.status[element]) for element in Element])


def _flag_example(text: FlagText, document: Document) -> Example:
    sentences = as_read(text, document)
    return Example(
        id=text.id,
        author="",
        texts=tuple(sentence.text for sentence in document.sentences),
        form=int(text.form is Form.PPN),
        elements=np.zeros((len(sentences), len(Element)), dtype=np.float32),
        **_flag_marks(sentences),
        status=np.full(len(Element), IGNORED),
        level=np.full(len(LEVELS), 1 / len(LEVELS), dtype=np.float32),
        level_index=0,
        certainty=0,
        domains=_marks(NeedDomain, ()),
        urgency=0,
        inappropriate=float("nan"),
        reasons=_marks(Reason, ()),
        has_elements=False,
        has_whole=False,
    )


class _FlagMarks(TypedDict):
    present: Floats
    mentioned: Floats
    assertions: Floats


def _flag_marks(sentences: Sequence[LabelledSentence]) -> _FlagMarks:
    flags = [[m.flag for m in s.flags] for s in sentences]
    present = [[m.flag for m in s.flags if m.assertion is Assertion.PRESENT] for s in sentences]
    asserted = [[m.assertion for m in s.flags] for s in sentences]
    return _FlagMarks(
        present=np.stack([_marks(SafetyFlag, found) for found in present]),
        mentioned=np.stack([_marks(SafetyFlag, found) for found in flags]),
        assertions=np.stack([_marks(Assertion, found) for found in asserted]),
    )


def _marks(labels: type[StrEnum], chosen: Collection[StrEnum]) -> Floats:
    return np.array([label in chosen for label in labels], dtype=np.float32)


def soft_level(contact: LabelledContact) -> Floats:
    """The level as a distribution over the four.

    The alternative level has what the certainty leaves; without one, the neighbours share it.
    """
    own = LEVELS.index(contact.level)
    weight = _OWN_WEIGHT[contact.certainty]
    soft = np.zeros(len(LEVELS), dtype=np.float32)
    if contact.alternative_level is not None:
        soft[LEVELS.index(contact.alternative_level)] = 1 - weight
    else:
        beside = [i for i in (own - 1, own + 1) if 0 <= i < len(LEVELS)]
        weight = max(weight, 0.9)
        soft[beside] = (1 - weight) / len(beside)
    soft[own] = weight
    return soft
