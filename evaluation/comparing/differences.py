"""What a candidate wins and loses against the reader in service, measure by measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from evaluation.bootstrap import (
    RESAMPLES,
    Figure,
    difference_with_interval,
    draw,
    score_with_interval,
)
from evaluation.comparing.rule import MeasureRule, Rule
from evaluation.measures import BY_CODE
from evaluation.measuring import Better, Measure, Tally
from evaluation.outcomes import Outcome
from evaluation.parts import Draws, Part
from evaluation.slices import SLICES, part

# Differences of counts divided by one number are seldom exactly what they are on paper.
_TINY = 1e-9

EVERY = "all contacts"


class Finding(StrEnum):
    """What a difference says; ``rule.toml`` defines each."""

    BETTER = "better"
    NO_WORSE = "no_worse"
    WORSE = "worse"
    TOO_FEW = "too_few"


class Difference(Part):
    """One measure of one group of contacts: the candidate's less that in service, paired."""

    group: str
    contacts: int
    code: str
    candidate: Figure
    in_service: Figure
    difference: Figure
    margin: float
    finding: Finding


def compare_outcomes(
    ours: Sequence[Outcome],
    theirs: Sequence[Outcome],
    rule: Rule,
    *,
    resamples: int = RESAMPLES,
) -> tuple[Difference, ...]:
    """Give the differences of all contacts, then those of every slice that is large enough.

    Args:
        ours: The candidate's outcomes.
        theirs: Those of the reader in service, over the same contacts in the same order.
        rule: Which measures count, and by how much.
        resamples: Of the bootstrap.
    """
    tallies = Tally(ours), Tally(theirs)
    every = tuple(range(len(ours)))
    found = list(_differences(EVERY, every, tallies, rule.measures, resamples))
    held = rule.slices.measures
    for by in rule.slices.by:
        for name, rows in part(ours, SLICES[by]).items():
            if len(rows) >= rule.least.group:
                found += _differences(f"{by}: {name}", rows, tallies, held, resamples)
    return tuple(found)


def find(difference: Figure, better: Better, *, margin: float, strict: bool) -> Finding:
    """Say what a difference means; see ``rule.toml``."""
    if difference.value is None or difference.low is None or difference.high is None:
        return Finding.TOO_FEW
    gain, low, high = difference.value, difference.low, difference.high
    if better is Better.LOWER:
        gain, low, high = -gain, -high, -low
    if gain < -margin - _TINY and (strict or high < -_TINY):
        return Finding.WORSE
    if low > _TINY:
        return Finding.BETTER
    return Finding.NO_WORSE if low >= -margin - _TINY else Finding.TOO_FEW


def _differences(
    group: str,
    rows: Sequence[int],
    tallies: tuple[Tally, Tally],
    held: Sequence[MeasureRule],
    resamples: int,
) -> Iterator[Difference]:
    draws = draw(len(rows), resamples=resamples)
    for each in held:
        yield _difference(group, rows, tallies, BY_CODE[each.code], each, draws)


def _difference(
    group: str,
    rows: Sequence[int],
    tallies: tuple[Tally, Tally],
    measure: Measure,
    held: MeasureRule,
    draws: Draws,
) -> Difference:
    ours, theirs = (tally.of(measure.count)[list(rows)] for tally in tallies)
    difference = difference_with_interval(ours, theirs, measure.score, draws)
    return Difference(
        group=group,
        contacts=len(rows),
        code=measure.code,
        candidate=score_with_interval(ours, measure.score, draws),
        in_service=score_with_interval(theirs, measure.score, draws),
        difference=difference,
        margin=held.margin,
        finding=find(difference, measure.better, margin=held.margin, strict=held.strict),
    )
