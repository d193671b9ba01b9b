"""The record that every judgement is given in: API, bulk scorer and Python alike.

``None`` stands where a thing was not scored. Offsets are half-open and count
code points of the text as sent.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from nlp.domain import (
    Assertion,
    Certainty,
    Element,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)

RatingCode = Literal["outstanding", "good", "requires_improvement", "inadequate"]


class Record(BaseModel):
    """A frozen part of an assessment."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Record):
    """Words of the contact that support a finding."""

    start: int = Field(ge=0, description="First code point of the quotation in the text as sent")
    end: int = Field(ge=0, description="One past the last code point")
    quote: str
    probability: float | None = Field(
        ge=0,
        le=1,
        description="null where a rule, a need or what was not read is quoted",
    )


class ElementFinding(Record):
    """How far one element is there, and the words that say so."""

    element: Element
    status: Status
    probability: float = Field(ge=0, le=1)
    expected: bool = Field(description="Does this form ask for it?")
    critical: bool = Field(description="Does its absence cap the rating?")
    evidence: tuple[Evidence, ...] = ()
    vague: tuple[Evidence, ...] = Field(
        default=(), description="Vague wording that makes an element at most partly met"
    )


class Completeness(Record):
    """Whether the text says what a social worker needs."""

    score: int = Field(ge=0, le=100)
    rating: RatingCode
    capped: bool = Field(description="Was the rating capped by a missing critical element?")
    elements: tuple[ElementFinding, ...]


class LocalLevel(Record):
    """The level in the words of a local threshold document."""

    framework: str
    number: int
    name: str


class LevelFinding(Record):
    """What level of need this reads like, and what else it could be."""

    likely: Level
    probabilities: dict[Level, float]
    plausible: tuple[Level, ...] = Field(description="Contiguous, lowest first")
    certainty: Certainty
    local: LocalLevel
    evidence: tuple[Evidence, ...] = ()


class DomainFinding(Record):
    """A need that the text raises."""

    domain: NeedDomain
    probability: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...] = Field(
        default=(),
        description="The sentences that weighed most in the linear reader's score, the heaviest "
        "first; no probability is theirs. Empty where none stands out or it was not asked",
    )


class FlagFinding(Record):
    """A safety flag, with whether it holds and where it was found."""

    flag: SafetyFlag
    assertion: Assertion
    start: int
    end: int
    quote: str
    source: Literal["rule", "model"]
    rule: str | None = Field(default=None, description="The rule's id, where a rule found it")
    probability: float | None = Field(
        default=None,
        description="That the flag is present in the contact, by reader and rules together; null "
        "where a rule found it and it is not doubted",
    )
    doubted: bool = Field(
        default=False,
        description="A rule found the words, and all that is known of the contact speaks against "
        "them: words to read, which raise no alert (the assertion is hypothetical)",
    )


class UrgencyFinding(Record):
    """How soon the text calls for a response, and why."""

    rating: Urgency
    because: tuple[str, ...]


class ReasonFinding(Record):
    """Why a notification looks inappropriate."""

    reason: Reason
    probability: float = Field(ge=0, le=1)
    explanation: str
    may_be_wrong: str = Field(description="When this reason would not hold")


class NotificationFinding(Record):
    """Whether a police notification looks appropriate; a person confirms."""

    appropriate: bool
    probability_inappropriate: float = Field(ge=0, le=1)
    reasons: tuple[ReasonFinding, ...] = ()
    never_inappropriate_because: str | None = None


class Improvement(Record):
    """One thing to add, why it matters, and a question that helps."""

    element: Element
    add: str
    why: str
    prompt: str


class Feedback(Record):
    """Fixed wording and quotations for the referrer; safety before everything."""

    summary: str
    safety: str
    strengths: tuple[str, ...]
    improve: tuple[Improvement, ...] = Field(description="At most three, the most useful first")
    later: tuple[Improvement, ...] = Field(
        default=(), description="The rest, in the same order of use"
    )


class Provenance(Record):
    """What answered, so that any past answer can be explained."""

    reader: str
    rulebook: str
    framework: str
    form_type: str
    milliseconds: float


class Assessment(Record):
    """The whole judgement of one contact."""

    completeness: Completeness
    level: LevelFinding
    need_domains: tuple[DomainFinding, ...]
    safety_flags: tuple[FlagFinding, ...]
    urgency: UrgencyFinding
    notification: NotificationFinding | None
    feedback: Feedback
    not_read: tuple[Evidence, ...] = Field(
        default=(),
        description="Sentences that say nothing of any child or family (a footer, policy, a claim "
        "that all is told): set aside, and counted for nothing",
    )
    provenance: Provenance
