"""When enough has been seen to decide: a group-sequential rule, exact and stated before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from pydantic import Field, model_validator
from scipy.stats import binom, nbinom

from api.silent.measures import Share
from nlp.rule_files import RuleFile, load_rule_file
from nlp.rule_schemas import RulePart, Words

FILE = Path(__file__).parent / "rule.yaml"


class QuestionCode(StrEnum):
    """What a run is to answer."""

    PROTECTION_LEFT_OUT = "protection_left_out"
    PROTECTION_READ_LOWER = "protection_read_lower"
    HARM_IN_NOTIFICATIONS = "harm_in_notifications"


@dataclass(frozen=True)
class Look:
    """After so many contacts: the most of them that may have been missed."""

    number: int
    allowed: int


class Question(RulePart):
    """A share of misses that must be shown to lie under its limit, and the looks at it."""

    name: Words
    of: Words
    limit: float = Field(gt=0, lt=1)
    allowed: tuple[int, ...] = Field(min_length=1)
    errors: tuple[float, ...]
    rationale: Words

    @model_validator(mode="after")
    def _looks_ever_further(self) -> Question:
        if len(self.allowed) != len(self.errors):
            raise ValueError("give each look one number in allowed and one in errors")
        if not all(0 < error < 1 for error in self.errors) or min(self.allowed) < 0:
            raise ValueError("allowed are counts from 0, and errors chances between 0 and 1")
        numbers = [look.number for look in self.looks]
        if numbers != sorted(set(numbers)) or list(self.allowed) != sorted(set(self.allowed)):
            raise ValueError("each look must allow more misses, of more contacts, than the last")
        return self

    @property
    def looks(self) -> tuple[Look, ...]:
        """The looks, the first first."""
        both = zip(self.allowed, self.errors, strict=True)
        return tuple(
            Look(smallest_number(allowed, limit=self.limit, error=error), allowed)
            for allowed, error in both
        )


class KappaWidth(RulePart):
    """How well agreement must be known."""

    half_width: float = Field(gt=0, lt=1)
    rationale: Words


class AgencyKinds(RulePart):
    """How many contacts of each kind of agency must be decided, if it sends this share or more."""

    fewest: int = Field(ge=0)
    share_from: float = Field(ge=0, le=1)
    rationale: Words


class OwnViews(RulePart):
    """How many views must have been given by people who had seen no reading."""

    fewest: int = Field(ge=0)
    rationale: Words


class SampleSizeRule(RuleFile):
    """``rule.yaml``."""

    overall_error: float = Field(gt=0, lt=1)
    questions: Mapping[QuestionCode, Question] = Field(min_length=1)
    kappa: KappaWidth
    agency_kinds: AgencyKinds
    own_views: OwnViews
    fewest_of_an_agency: int = Field(ge=1)

    @model_validator(mode="after")
    def _spends_no_more_than_it_has(self) -> SampleSizeRule:
        for code, question in self.questions.items():
            if sum(question.errors) > self.overall_error + 1e-9:
                raise ValueError(f"the errors of {code} add up to more than overall_error")
        return self


class State(StrEnum):
    """How far a question is answered."""

    NOT_YET = "not_yet"
    SHOWN = "shown"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True)
class Answered:
    """Where a question stands: at which *look* it was answered, or how many *more* the next takes.

    ``share`` is of all that were seen, after that look too.
    """

    state: State
    share: Share
    look: Look | None
    more: int


@cache
def load_rule(path: Path = FILE) -> SampleSizeRule:
    """Give the rule, checked.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(path, SampleSizeRule)


@cache
def smallest_number(allowed: int, *, limit: float, error: float) -> int:
    """Give the fewest contacts of which *allowed* misses show that the true share is under *limit*.

    The exact one-sided upper limit of the share, with confidence 1 - *error*, is then *limit* or
    less (Clopper and Pearson 1934): if the true share were *limit*, so few would be missed with a
    chance of *error* at the most. Contacts until miss number *allowed* + 1 are negative binomial.
    """
    misses = allowed + 1
    return int(nbinom.ppf(1 - error, misses, limit)) + misses


def judge(question: Question, missed: Sequence[bool]) -> Answered:
    """Say where *question* stands after contacts that were *missed* or not, in order of decision.

    A look rests on the first contacts only, whenever it is taken. Once more were missed than the
    last look allows, no look can show the limit any more.
    """
    looks, seen, share = question.looks, len(missed), Share.counted(missed)
    for look in looks:
        if seen >= look.number:
            if sum(missed[: look.number]) <= look.allowed:
                return Answered(State.SHOWN, share, look, 0)
        elif share.count <= looks[-1].allowed:
            return Answered(State.NOT_YET, share, None, look.number - seen)
    return Answered(State.NOT_SHOWN, share, looks[-1], 0)


def chance_of_showing(question: Question, *, rate: float) -> float:
    """Give the exact chance that some look shows the limit, if the true share of misses is *rate*.

    By convolution over the looks, as for any group-sequential test (Armitage, McPherson and Rowe
    1969, doi 10.2307/2343787).
    """
    shown, seen = 0.0, 0
    open_still = np.ones(1)  # the chance of each count of misses, of runs not yet answered
    for look in question.looks:
        further = look.number - seen
        step = binom.pmf(np.arange(further + 1), further, rate)
        open_still = np.convolve(open_still, step)
        shown += float(open_still[: look.allowed + 1].sum())
        open_still[: look.allowed + 1] = 0
        seen = look.number
    return shown
