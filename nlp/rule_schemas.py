"""What a rule matched in text looks like in its file.

Each rule carries its rationale and its own examples; the tests run them all through the whole
pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from nlp.domain import Assertion, Element, SafetyFlag
from nlp.people import Who
from nlp.rule_files import RuleFile

FEWEST_EXAMPLES = 2


class RulePart(BaseModel):
    """Part of a rule file; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _enough(examples: tuple[object, ...]) -> tuple[object, ...]:
    if len(examples) < FEWEST_EXAMPLES:
        raise ValueError("give at least two examples, so that a change that breaks the rule shows")
    return examples


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Phrases = tuple[Words, ...]
SomePhrases = Annotated[Phrases, Field(min_length=1)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)+$")]


class FlagExample(RulePart):
    """A text that a rule finds, and what the pipeline must say of it."""

    text: Words
    assertion: Assertion = Assertion.PRESENT


class FlagRuleText(RulePart):
    """One way a safety flag is said.

    A sentence is found when one of ``patterns`` is in it and, where given, one of ``also`` too,
    one of ``nearby`` in it or the sentence before or after, one of ``contact`` anywhere in the
    contact, and none of ``unless`` in the sentence or of ``unless_contact`` anywhere in the
    contact. ``beside`` holds groups of phrases: one of each group must be in the clause of the
    match, in any order, so that an act, a victim and a means are found however they are put
    together. ``about`` asks whom the words are said of, as far as the text tells; ``unless_about``
    leaves out what the sentence itself says of such a person. ``assertion`` fixes the judgement;
    ``ignore`` names judgements that the words around cannot make of this rule ('if she leaves he
    will kill her' is a threat although it has an 'if'). ``also_flag`` is a second flag that the
    same words raise, by its own file's cues.
    """

    id: RuleId
    rationale: Words
    patterns: SomePhrases
    also: Phrases = ()
    nearby: Phrases = ()
    contact: Phrases = ()
    beside: tuple[SomePhrases, ...] = ()
    unless: Phrases = ()
    unless_contact: Phrases = ()
    about: Who | None = None
    unless_about: Who | None = None
    assertion: Assertion | None = None
    ignore: tuple[Assertion, ...] = ()
    also_flag: SafetyFlag | None = None
    matches: Annotated[tuple[FlagExample, ...], AfterValidator(_enough)]
    does_not_match: Annotated[Phrases, AfterValidator(_enough)]


class FlagFile(RuleFile):
    """A file of ``flags/``: every rule of one safety flag.

    ``cues`` holds wording that settles the assertion for this flag alone, wherever it stands in
    the sentence ('found safe' for a missing child).
    """

    flag: SafetyFlag
    cues: Mapping[Assertion, Phrases] = Field(default_factory=dict)
    rules: Annotated[tuple[FlagRuleText, ...], Field(min_length=1)]


class VocabularyFile(RuleFile):
    """``vocabulary.yaml``: lists of words that patterns name in angle brackets.

    ``people`` says whom a word means, for rules that ask ``about`` whom a thing is said.
    """

    people: Mapping[Who, SomePhrases]
    lists: Mapping[str, SomePhrases]


class CueExample(RulePart):
    """A text with a flagged fact, to show what a cue does to it."""

    text: Words
    flag: SafetyFlag


class CueText(RulePart):
    """Wording around a fact that changes its assertion.

    ``reach`` says on which side of the cue the fact stands and ``within`` how many words away at
    most. A word of ``stops`` or the end of the clause between the two breaks the link, unless
    ``crosses`` is true; so does a comma where ``over_commas`` is false.
    """

    id: RuleId
    rationale: Words
    assertion: Assertion
    reach: Literal["after", "before", "either"]
    within: Annotated[int, Field(ge=1, le=60)] = 12
    crosses: bool = False
    over_commas: bool = True
    patterns: SomePhrases
    settles: Annotated[tuple[CueExample, ...], AfterValidator(_enough)]
    leaves_present: tuple[CueExample, ...] = ()


class ContextFile(RuleFile):
    """``context.yaml``: what makes a fact negated, historic, hypothetical or another's.

    ``order`` says which judgement wins where several apply. ``written_after`` is a year before
    which no contact was written, for texts that give no full date.
    """

    order: tuple[Assertion, ...]
    written_after: int
    stops: SomePhrases
    cues: tuple[CueText, ...]


class VagueRuleText(RulePart):
    """Wording that names an element and says nothing of it.

    It counts only where the sentence says little more: at most ``spare`` other words that carry
    meaning.
    """

    id: RuleId
    rationale: Words
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]
    patterns: SomePhrases
    spare: Annotated[int, Field(ge=0, le=20)] = 3
    matches: Annotated[Phrases, AfterValidator(_enough)]
    does_not_match: Annotated[Phrases, AfterValidator(_enough)]


class VagueFile(RuleFile):
    """``vague.yaml``: wording that makes an element at most partly met."""

    filler: Phrases
    rules: Annotated[tuple[VagueRuleText, ...], Field(min_length=1)]


class NeverRuleText(RulePart):
    """One condition under which no notification is ever called inappropriate."""

    id: RuleId
    rationale: Words
    because: Words
    flag_present: bool = False
    earlier_contacts: Annotated[int, Field(ge=1)] | None = None
    patterns: Phrases = ()
    matches: Phrases = ()
    does_not_match: Phrases = ()


class NeverInappropriateFile(RuleFile):
    """``never_inappropriate.yaml``, in the order in which conditions are named."""

    rules: Annotated[tuple[NeverRuleText, ...], Field(min_length=1)]


class EditionFile(RuleFile):
    """``edition.yaml``: the version that people give the rulebook."""

    version: Words
