"""What the files of the behavioural suite hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from nlp.domain import Agency, Assertion, Form, Level, SafetyFlag, Urgency
from nlp.rule_files import RuleFile

Text = Annotated[str, StringConstraints(min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Rate = Annotated[float, Field(ge=0, le=1)]


class Kind(StrEnum):
    """The three kinds of behavioural test."""

    MINIMUM = "minimum"
    INVARIANCE = "invariance"
    DIRECTION = "direction"


class Sex(StrEnum):
    """Of the child in a text."""

    GIRL = "girl"
    BOY = "boy"


class Change(StrEnum):
    """What can be done to a text; see `evaluation.behaviour.changes`."""

    NAMES = "names"
    SEX = "sex"
    SLOT = "slot"
    AGENCY = "agency"
    EARLIER_CONTACTS = "earlier_contacts"
    WORDS = "words"
    UPPER = "upper"
    LOWER = "lower"
    TYPOS = "typos"
    UNPUNCTUATED = "unpunctuated"
    SMALL_STARTS = "small_starts"
    SECTIONS = "sections"
    BEFORE = "before"
    AFTER = "after"
    BOTH_SIDES = "both_sides"


class Relation(StrEnum):
    """How the second assessment of a pair must stand to the first."""

    SAME_LEVEL = "same_level"
    LEVEL_NOT_LOWER = "level_not_lower"
    SAME_ELEMENTS = "same_elements"
    SAME_FLAGS = "same_flags"
    FLAGS_KEPT = "flags_kept"
    NO_NEW_FLAGS = "no_new_flags"
    SAME_URGENCY = "same_urgency"
    SAME_APPROPRIATE = "same_appropriate"
    STAYS_APPROPRIATE = "stays_appropriate"
    SCORE_NOT_RAISED = "score_not_raised"


class Expected(RuleFile):
    """What an assessment must say, whatever else it says; what is not given is not checked.

    ``flags`` gives the assertion of each; ``plausible`` is a level that the plausible set holds;
    ``not_raised`` names flags that no words of the text state as present.
    """

    flags: Mapping[SafetyFlag, Assertion] = {}
    not_raised: tuple[SafetyFlag, ...] = ()
    level: tuple[Level, ...] = ()
    plausible: Level | None = None
    urgency: tuple[Urgency, ...] = ()
    appropriate: bool | None = None
    score_at_most: int | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Expected:
        if not self.model_fields_set:
            raise ValueError("expects nothing; give flags, level, urgency, or another")
        return self


class Sent(RuleFile):
    """How a text is sent."""

    form: Form = Form.REFERRAL
    agency: Agency | None = None
    earlier_contacts: int | None = None


class Case(Sent):
    """One written text and what must be said of it."""

    id: Code
    text: Text
    expected: Expected


class Frame(Sent):
    """Words around a fact, and what they make of it.

    ``text`` holds ``{past}``, ``{never}``, ``{may}``, ``{noun}`` or ``{other}``, and is filled
    with every fact of ``facts.yaml`` that has that form of words.
    """

    id: Code
    text: Text
    assertion: Assertion


class Pair(Sent):
    """Two written texts, and how the second must stand to the first."""

    id: Code
    before: Text
    after: Text


class ChangeText(RuleFile):
    """A change made to every base of the named groups.

    ``to`` holds what it is changed to, each in turn: names of ``people.yaml``, words for ``slot``,
    agencies, numbers of earlier contacts, or paddings. ``words`` are replacements, whole words
    only. ``share`` is the share of words with a typing mistake.
    """

    id: Code
    change: Change
    bases: Annotated[tuple[Code, ...], Field(min_length=1)]
    slot: Code | None = None
    to: tuple[Text, ...] = ()
    words: Mapping[str, str] = {}
    share: Rate = 0.0


class CapabilityFile(RuleFile):
    """A file of ``capabilities/``: what must work, why, and the tests of it.

    ``bars`` are asked of a check by the project, reached or not; floors are in ``floors.yaml``.
    ``bases`` names groups of bases that are tested as they stand, on what they expect.
    """

    capability: Code
    title: Text
    kind: Kind
    because: Text
    bars: Mapping[str, Rate] = {}
    relations: tuple[Relation, ...] = ()
    bases: tuple[Code, ...] = ()
    cases: tuple[Case, ...] = ()
    frames: tuple[Frame, ...] = ()
    pairs: tuple[Pair, ...] = ()
    changes: tuple[ChangeText, ...] = ()

    @model_validator(mode="after")
    def _pairs_are_compared(self) -> CapabilityFile:
        if (self.pairs or self.changes) and not self.relations:
            raise ValueError("has pairs or changes and no relations; say how they must compare")
        return self


class Base(Sent):
    """A contact that is changed in many ways: a text with slots of ``people.yaml``."""

    id: Code
    groups: Annotated[tuple[Code, ...], Field(min_length=1)]
    sex: Sex
    text: Text
    expected: Expected


class BaseFile(RuleFile):
    """A file of ``bases/``."""

    bases: Annotated[tuple[Base, ...], Field(min_length=1)]


class Fact(RuleFile):
    """A fact that a safety flag marks, in several forms of words.

    ``past`` says that it happened, ``never`` that it did not, ``may`` that it could; ``noun``
    names it; ``other`` says that it happened to somebody else. ``lasting`` marks a ``past`` that
    tells of now ('has moved in'), and so cannot be set in another year.
    """

    flag: SafetyFlag
    past: Text
    never: Text | None = None
    may: Text | None = None
    noun: Text | None = None
    other: Text | None = None
    lasting: bool = False


class FactFile(RuleFile):
    """The content of ``facts.yaml``."""

    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]


class PeopleFile(RuleFile):
    """The content of ``people.yaml``: who stands in the slots of a base.

    ``usual`` names the usual group of ``names``; ``either`` holds first names and surnames that
    suit a girl or a boy, for texts without slots; ``slots`` gives what usually stands in the rest.
    """

    usual: Code
    names: Mapping[Code, Mapping[Code, Text]]
    either: Mapping[Code, tuple[tuple[Text, ...], tuple[Text, ...]]]
    words: Mapping[Sex, Mapping[Code, Text]]
    slots: Mapping[Code, Text]


class FloorFile(RuleFile):
    """The content of ``floors.yaml``: pass rates that must not fall, by capability and check."""

    floors: Mapping[Code, Mapping[str, Rate]]
