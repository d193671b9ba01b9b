"""What a reader (a trained model) must answer, whichever kind it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nlp.assessment import FlagFinding
from nlp.domain import (
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


@dataclass(frozen=True)
class SentenceReading:
    """Calibrated probabilities for one sentence.

    ``flags`` holds the probability that a safety flag is present in it, rules aside; empty for
    a reader that does not read flags.
    """

    elements: Mapping[Element, float]
    flags: Mapping[SafetyFlag, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """Calibrated probabilities for one contact, sentence by sentence and whole.

    ``sentences`` runs parallel to ``Document.sentences``. ``plausible`` is the
    contiguous set of levels, lowest first. ``flags`` holds the probability that a safety flag is
    present in the contact, what rules found counted; empty for a reader that does not read flags.
    ``inappropriate`` and ``reasons`` are ``None`` and empty for a referral. ``by`` names what read
    the contact, where that was not the whole of the reader. ``weights`` says for each domain how
    much each sentence adds to its score (in log-odds; less than nothing where it speaks against);
    empty for a reader that reads the contact as a whole and cannot tell. ``not_read`` are the
    places of sentences that were set aside, since they say nothing of any child; their
    probabilities are 0.
    """

    sentences: tuple[SentenceReading, ...]
    status: Mapping[Element, Mapping[Status, float]]
    level: Mapping[Level, float]
    plausible: tuple[Level, ...]
    certainty: Mapping[Certainty, float]
    domains: Mapping[NeedDomain, float]
    urgency: Mapping[Urgency, float]
    flags: Mapping[SafetyFlag, float] = field(default_factory=dict)
    inappropriate: float | None = None
    reasons: Mapping[Reason, float] = field(default_factory=dict)
    by: str | None = None
    weights: Mapping[NeedDomain, Sequence[float]] = field(default_factory=dict)
    not_read: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which a label is said to hold, chosen on training authors only.

    ``flags`` are of the whole contact; the likeliest flag of a contact holds from
    ``likeliest_from`` already, since to miss the only one costs most. In a sentence a flag is seen
    from ``seen_from``. What a rule finds is doubted only where no sentence has ``doubted_below``.
    Of labels that exclude each other the likeliest is said, where 'missing' counts ``missing_odds``
    times its probability and child protection ``protection_odds`` times: what a mistake costs is
    told here, so that the probabilities themselves stay true.
    """

    elements: Mapping[Element, float]
    domains: Mapping[NeedDomain, float]
    reasons: Mapping[Reason, float]
    inappropriate: float
    flags: Mapping[SafetyFlag, float] = field(default_factory=dict)
    likeliest_from: float = 1.0
    seen_from: float = 1.0
    doubted_below: float = 1.0
    missing_odds: float = 1.0
    protection_odds: float = 1.0


class Reader(Protocol):
    """Reads a contact. One is loaded once and used from many threads."""

    @property
    def name(self) -> str:
        """Kind and version, as shown in every record's provenance."""
        ...

    @property
    def thresholds(self) -> Thresholds:
        """From what probability each label holds."""
        ...

    def read(
        self, contact: Contact, document: Document, ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Read one contact, already split into *document*'s sentences.

        *ruled* are the safety flags that rules found in it, whatever their assertion.
        """
        ...
