"""A labelled contact, as the annotation guide defines its labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlp.domain import (
    Agency,
    Assertion,
    Certainty,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)


@dataclass(frozen=True)
class LabelledFlag:
    """A safety flag marked on a sentence."""

    flag: SafetyFlag
    assertion: Assertion


@dataclass(frozen=True)
class LabelledSentence:
    """One sentence or fragment with what it is evidence for; offsets in code points."""

    start: int
    end: int
    elements: frozenset[Element]
    flags: tuple[LabelledFlag, ...]


@dataclass(frozen=True)
class LabelledNotification:
    """Whether a PPN is appropriate, and if not, why."""

    appropriate: bool
    reasons: frozenset[Reason]


@dataclass(frozen=True)
class LabelledContact:
    """One contact with all its labels.

    ``author`` is the batch that wrote it (the first three characters of the id): contacts by
    one author never stand on both sides of a split. Those of `annotation.contrast_sets` have no
    elements, no ``status`` and no ``people``: none of them was labelled.
    """

    id: str
    author: str
    form: Form
    agency: Agency
    role: str
    text: str
    sentences: tuple[LabelledSentence, ...]
    status: Mapping[Element, Status]
    level: Level
    alternative_level: Level | None
    certainty: Certainty
    urgency: Urgency
    domains: frozenset[NeedDomain]
    notification: LabelledNotification | None
    people: tuple[str, ...]

    def flags_present(self) -> frozenset[SafetyFlag]:
        """The flags that raise the alert on this contact."""
        return frozenset(
            marked.flag
            for sentence in self.sentences
            for marked in sentence.flags
            if marked.assertion is Assertion.PRESENT
        )
