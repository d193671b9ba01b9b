"""Has enough been seen to decide, by the rule that was stated before? What is still lacking?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from api.hub.agreement import FEWEST, agreement
from api.silent.cases import Case
from api.silent.measures import is_left_out, is_read_lower
from api.silent.rule import Answered, QuestionCode, SampleSizeRule, State, judge
from nlp.guidance import load_guidance


@dataclass(frozen=True)
class Verdict:
    """``lacking`` says what must still be seen, a line each; ``against`` what was not shown.

    Enough has been seen when nothing is lacking, or when something can no longer be shown. It is
    people who then decide.
    """

    answers: Mapping[QuestionCode, Answered]
    lacking: tuple[str, ...]

    @property
    def against(self) -> tuple[QuestionCode, ...]:
        """The questions whose limit was not shown to be kept, and now cannot be."""
        return tuple(c for c, each in self.answers.items() if each.state is State.NOT_SHOWN)

    @property
    def enough(self) -> bool:
        """Has enough been seen to decide, one way or the other?"""
        return bool(self.against) or not self.lacking


def reach_verdict(cases: Sequence[Case], rule: SampleSizeRule) -> Verdict:
    """Judge by *rule*; *cases* are in order of decision.

    Only contacts that were read before staff decided count: a reader may have been trained on the
    others.
    """
    counted = [case for case in cases if case.beforehand]
    answers = {
        code: judge(question, list(_missed(code, counted)))
        for code, question in rule.questions.items()
    }
    return Verdict(answers, tuple(_lacking(counted, rule, answers)))


def _missed(code: QuestionCode, cases: Sequence[Case]) -> Iterator[bool]:
    for case in cases:
        if code is QuestionCode.HARM_IN_NOTIFICATIONS:
            if case.silent.inappropriate:
                yield case.is_serious
        elif case.is_protection:
            lower = code is QuestionCode.PROTECTION_READ_LOWER
            yield is_read_lower(case.silent) if lower else is_left_out(case.silent)


def _lacking(
    cases: Sequence[Case], rule: SampleSizeRule, answers: Mapping[QuestionCode, Answered]
) -> Iterator[str]:
    for code, each in answers.items():
        if each.state is State.NOT_YET:
            question = rule.questions[code]
            yield f"{each.more} more {question.of} ({question.name.lower()})"
    if more := _more_for_kappa(cases, rule.kappa.half_width):
        yield (
            f"about {more} more decided contacts, to know agreement on the level to "
            f"{rule.kappa.half_width:g} either way"
        )
    yield from _lacking_kinds(cases, rule)
    own = sum(case.own_view is not None for case in cases)
    if own < rule.own_views.fewest:
        more = rule.own_views.fewest - own
        yield f"{more} more views given by people before they saw any reading of the contact"


def _more_for_kappa(cases: Sequence[Case], half_width: float) -> int:
    """About how many more it takes: an interval narrows with the square root of their number."""
    found = agreement([(case.level, case.silent.level) for case in cases])
    if found is None or found.kappa is None or found.kappa.low is None or found.kappa.high is None:
        return max(FEWEST - len(cases), 1)
    now = (found.kappa.high - found.kappa.low) / 2
    return max(0, ceil(len(cases) * (now / half_width) ** 2) - len(cases))


def _lacking_kinds(cases: Sequence[Case], rule: SampleSizeRule) -> Iterator[str]:
    names, wanted = load_guidance().wording.names.agencies, rule.agency_kinds
    for kind, number in sorted(Counter(case.kind for case in cases).items()):
        if number < wanted.fewest and number >= wanted.share_from * len(cases):
            yield f"{wanted.fewest - number} more decided contacts from: {names[kind]}"
