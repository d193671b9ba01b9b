"""Stand-ins that satisfy the product's protocols without a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from nlp.assessment import FlagFinding
from nlp.domain import (
    Certainty,
    Contact,
    Document,
    Element,
    Form,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)
from nlp.reading import Reading, SentenceReading, Thresholds

Label = TypeVar("Label", bound=StrEnum)


@dataclass(frozen=True)
class FakeReader:
    """Answers the same for every contact, save what a test sets.

    ``evidence`` maps an element to a word: a sentence with the word is evidence for it; ``weights``
    maps a need to a word in the same way. A sentence with the word ``hollow`` says that it was set
    aside.
    """

    evidence: dict[Element, str] = field(default_factory=dict)
    status: dict[Element, Status] = field(default_factory=dict)
    level: Level = Level.EARLY_HELP
    plausible: tuple[Level, ...] | None = None
    certainty: Certainty = Certainty.CLEAR
    urgency: Urgency = Urgency.GREEN
    domains: frozenset[NeedDomain] = frozenset()
    weights: dict[NeedDomain, str] = field(default_factory=dict)
    inappropriate: float = 0.1
    reasons: frozenset[Reason] = frozenset()
    doubts_flags: bool = False
    hollow: str = "\0"
    protection_odds: float = 1.0
    name: str = "fake 1"

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            elements=dict.fromkeys(Element, 0.5),
            domains=dict.fromkeys(NeedDomain, 0.5),
            reasons=dict.fromkeys(Reason, 0.5),
            inappropriate=0.5,
            flags=dict.fromkeys(SafetyFlag, 0.5),
            protection_odds=self.protection_odds,
        )

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        sentences = tuple(
            SentenceReading(
                elements={
                    element: 0.9 if self.evidence.get(element, "\0") in sentence.text else 0.05
                    for element in Element
                },
            )
            for sentence in document.sentences
        )
        ppn = contact.form is Form.PPN
        return Reading(
            sentences=sentences,
            status={element: _peaked(Status, self._status(element)) for element in Element},
            level=_peaked(Level, self.level),
            plausible=self.plausible or (self.level,),
            certainty=_peaked(Certainty, self.certainty),
            domains={domain: 0.9 if domain in self.domains else 0.05 for domain in NeedDomain},
            urgency=_peaked(Urgency, self.urgency),
            flags=dict.fromkeys(SafetyFlag, 0.05) if self.doubts_flags else {},
            inappropriate=self.inappropriate if ppn else None,
            reasons={r: 0.9 if r in self.reasons else 0.05 for r in Reason} if ppn else {},
            weights={
                domain: [1.0 if word in each.text else -0.5 for each in document.sentences]
                for domain, word in self.weights.items()
            },
            not_read=frozenset(
                place for place, each in enumerate(document.sentences) if self.hollow in each.text
            ),
        )

    def _status(self, element: Element) -> Status:
        return self.status.get(element, Status.MET if element in self.evidence else Status.MISSING)


def _peaked(labels: type[Label], peak: Label) -> dict[Label, float]:
    """0.8 on *peak*, the rest shared."""
    others = [label for label in labels if label is not peak]
    return {peak: 0.8} | dict.fromkeys(others, 0.2 / len(others))
