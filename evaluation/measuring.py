"""What a measure is: numbers counted on each contact, and a score made of their sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evaluation.metrics import Counts
from evaluation.outcomes import Outcome

Count = Callable[[Outcome], Counts]


class Better(StrEnum):
    """Which way a measure should go."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True)
class Measure:
    """One figure of the report.

    ``count`` gives numbers that may be summed over contacts; ``score`` turns the sum into the
    figure.
    """

    code: str
    title: str
    meaning: str
    count: Count
    score: Callable[[Counts], Counts]
    better: Better = Better.HIGHER

    def is_worse(self, value: float, limit: float) -> bool:
        """Is *value* worse than *limit*, whichever way the measure should go?"""
        return value > limit if self.better is Better.LOWER else value < limit


class Tally:
    """The counts of some outcomes, each kind counted once however many measures use it."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._outcomes = outcomes
        self._counted: dict[Count, Counts] = {}

    def of(self, count: Count) -> Counts:
        """Give the counts of each contact: ``[contact, ...]``."""
        if count not in self._counted:
            self._counted[count] = np.stack([count(outcome) for outcome in self._outcomes])
        return self._counted[count]
