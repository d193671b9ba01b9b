"""From differences to a verdict: why the gate is shut, and what there was too little to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.comparing.behaving import Behaved
from evaluation.comparing.differences import EVERY, Difference, Finding
from evaluation.comparing.rule import Rule
from evaluation.measures import BY_CODE
from evaluation.outcomes import Outcome
from evaluation.pages import write_figure
from nlp.domain import Level


def find_reasons(
    outcomes: Sequence[Outcome],
    differences: Sequence[Difference],
    behaved: Sequence[Behaved],
    rule: Rule,
    *,
    whole_suite: bool,
) -> tuple[str, ...]:
    """Give everything that keeps the candidate from release, a line each."""
    return (
        *_too_small(outcomes, rule),
        *(_lost(each, rule) for each in differences if each.finding is Finding.WORSE),
        *_misbehaved(behaved, rule, whole_suite=whole_suite),
    )


def find_unsure(differences: Sequence[Difference]) -> tuple[str, ...]:
    """Give what there were too few contacts to say, over all contacts, a line each."""
    return tuple(
        f"{BY_CODE[each.code].title}: {write_figure(each.difference, signed=True)}; too few to say "
        f"that no more than {each.margin} is lost"
        for each in differences
        if each.finding is Finding.TOO_FEW and each.group == EVERY
    )


def _too_small(outcomes: Sequence[Outcome], rule: Rule) -> Iterator[str]:
    protection = sum(o.contact.level is Level.CHILD_PROTECTION for o in outcomes)
    for found, needed, what in (
        (len(outcomes), rule.least.contacts, "locked contacts"),
        (protection, rule.least.protection, "locked contacts at child protection"),
    ):
        if found < needed:
            yield f"{found} {what}, {needed} needed: label more, and part them into another folder"


def _lost(each: Difference, rule: Rule) -> str:
    held = rule.measures if each.group == EVERY else rule.slices.measures
    because = next(measure.because for measure in held if measure.code == each.code)
    told = (
        f"{each.group} ({each.contacts}), {BY_CODE[each.code].title}: "
        f"{write_figure(each.in_service)} became {write_figure(each.candidate)}, "
        f"a change of {write_figure(each.difference, signed=True)}"
    )
    return f"{told}. {because}"


def _misbehaved(behaved: Sequence[Behaved], rule: Rule, *, whole_suite: bool) -> Iterator[str]:
    if rule.behaviour.whole and not whole_suite:
        yield "the behavioural suite was run in part: compare once more without --only"
    for each in behaved:
        if each.below_floor:
            yield (
                f"behaviour, {each.capability}, {each.check}: {each.candidate:.3f} is below its "
                f"floor of {each.floor:.2f} (in service: {each.in_service:.3f})"
            )
