"""What the wording files hold: every fixed sentence and name that people read.

A sentence may name a gap in curly brackets, such as ``{flags}``; the schema says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from string import Formatter
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, model_validator

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
from nlp.rule_files import RuleFile
from nlp.rule_schemas import RulePart, Words

Code = TypeVar("Code", bound=StrEnum)


def _gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _with_gaps(*names: str) -> AfterValidator:
    def check(sentence: str) -> str:
        if _gaps(sentence) != set(names):
            expected = ", ".join(f"{{{name}}}" for name in names) or "nothing in curly brackets"
            raise ValueError(f"'{sentence}' must hold exactly {expected}")
        return sentence

    return AfterValidator(check)


Fixed = Annotated[Words, _with_gaps()]


def _all_of(kind: type[Code]) -> AfterValidator:
    def check(names: Mapping[Code, object]) -> Mapping[Code, object]:
        absent = [code.value for code in kind if code not in names]
        if absent:
            raise ValueError(f"lacks {', '.join(absent)}; give every {kind.__name__} its words")
        return names

    return AfterValidator(check)


class Additions(RulePart):
    """What to add where an element is missing, and where it is partly there."""

    missing: Fixed
    partly: Fixed


class ElementText(RulePart):
    """Everything said of one element.

    ``prompts`` holds a question by group of agencies; ``prompt`` serves the others. ``already``
    introduces a quotation where the element is met.
    """

    label: Fixed
    add: Additions
    why: Fixed
    prompt: Fixed
    prompts: Mapping[str, Fixed] = Field(default_factory=dict)
    already: Fixed


class PromptsFile(RuleFile):
    """``prompts.yaml``: what to add, why, and a question fit for the agency."""

    groups: Mapping[str, tuple[Agency, ...]]
    elements: Annotated[Mapping[Element, ElementText], _all_of(Element)]

    @model_validator(mode="after")
    def _each_agency_in_one_group(self) -> PromptsFile:
        placed = [agency for agencies in self.groups.values() for agency in agencies]
        for agency in Agency:
            if placed.count(agency) != 1:
                raise ValueError(f"{agency} is in {placed.count(agency)} groups; put it in one")
        return self

    @model_validator(mode="after")
    def _prompts_name_known_groups(self) -> PromptsFile:
        for element, text in self.elements.items():
            unknown = sorted(set(text.prompts) - set(self.groups))
            if unknown:
                raise ValueError(
                    f"{element}: no group is called {', '.join(unknown)}; "
                    f"there are {', '.join(self.groups)}"
                )
        return self

    def question(self, element: Element, agency: Agency | None) -> str:
        """The question about *element* that fits *agency*; the general one where none does."""
        text = self.elements[element]
        for group, agencies in self.groups.items():
            if agency in agencies:
                return text.prompts.get(group, text.prompt)
        return text.prompt


class ReasonText(RulePart):
    """A reason why a notification looks inappropriate, in words."""

    name: Fixed
    explanation: Fixed
    may_be_wrong: Fixed
    better_route: Fixed


class ReasonsFile(RuleFile):
    """``reasons.yaml``: every reason, when it does not hold, and what serves the family better."""

    serious_level: Fixed
    reasons: Annotated[Mapping[Reason, ReasonText], _all_of(Reason)]


class FlagUrgency(RulePart):
    """How soon a present safety flag calls for a response, at the least."""

    at_least: Urgency
    rationale: Words

    @model_validator(mode="after")
    def _never_green(self) -> FlagUrgency:
        if self.at_least is Urgency.GREEN:
            raise ValueError("a present safety flag is never green; say amber or red")
        return self


class UrgencyReasons(RulePart):
    """Why a rating was given, in words."""

    flags: Annotated[Words, _with_gaps("flags")]
    level: Annotated[Mapping[Level, Fixed], _all_of(Level)]
    unborn: Fixed
    reader: Annotated[Mapping[Urgency, Fixed], _all_of(Urgency)]


class UrgencyFile(RuleFile):
    """``urgency.yaml``: the least urgency of each flag and level, and the words for it."""

    flags: Annotated[Mapping[SafetyFlag, FlagUrgency], _all_of(SafetyFlag)]
    levels: Annotated[Mapping[Level, Urgency], _all_of(Level)]
    unborn: Urgency
    because: UrgencyReasons


class Summaries(RulePart):
    """The sentences that the summary is made of."""

    flags: Annotated[Words, _with_gaps("flags")]
    covered: Annotated[Words, _with_gaps("met", "expected")]
    next: Annotated[Words, _with_gaps("elements")]
    everything: Fixed
    not_english: Fixed
    nothing: Fixed


class FlagName(RulePart):
    """A safety flag's name on a screen, and as it reads inside a sentence."""

    name: Fixed
    inside: Fixed


class Names(RulePart):
    """What a page says for each code."""

    forms: Annotated[Mapping[Form, Fixed], _all_of(Form)]
    agencies: Annotated[Mapping[Agency, Fixed], _all_of(Agency)]
    statuses: Annotated[Mapping[Status, Fixed], _all_of(Status)]
    levels: Annotated[Mapping[Level, Fixed], _all_of(Level)]
    certainties: Annotated[Mapping[Certainty, Fixed], _all_of(Certainty)]
    urgencies: Annotated[Mapping[Urgency, Fixed], _all_of(Urgency)]
    assertions: Annotated[Mapping[Assertion, Fixed], _all_of(Assertion)]
    doubted: Fixed
    domains: Annotated[Mapping[NeedDomain, Fixed], _all_of(NeedDomain)]
    flags: Annotated[Mapping[SafetyFlag, FlagName], _all_of(SafetyFlag)]
    ratings: Mapping[str, Fixed]


class WordingFile(RuleFile):
    """``wording.yaml``: the safety sentence, the summaries, and a name for every code."""

    safety: Fixed
    summary: Summaries
    names: Names


class EnglishFile(RuleFile):
    """``english.yaml``: how to tell that a text does not read as English.

    ``share`` is the least share of the words of a text that must be in ``words``, and ``one_word``
    the most that may be one word, for texts of at least ``fewest`` words.
    """

    rationale: Words
    fewest: Annotated[int, Field(ge=1)]
    share: Annotated[float, Field(ge=0, le=1)]
    one_word: Annotated[float, Field(ge=0, le=1)]
    words: Annotated[frozenset[str], Field(min_length=1)]


def listed(names: Iterable[str]) -> str:
    """Join *names* as a sentence does: 'a', 'a and b', 'a, b and c'."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
