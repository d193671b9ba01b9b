"""Which levels are plausible: sets that hold the true level as often as promised.

Split conformal prediction with the probability of the label as its score (Sadinle, Lei and
Wasserman 2019): a level belongs where its probability reaches the value that all but a share of
past contacts of known level reached. ``child_protection`` has its own value, from contacts at that
level alone, for a set that leaves it out wrongly is the mistake that matters most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.heads import Floats
from nlp.domain import LEVELS, Level


@dataclass(frozen=True)
class LevelSets:
    """The least probability with which a level belongs to the set."""

    any_level: float
    child_protection: float

    def plausible(self, probabilities: Floats) -> tuple[Level, ...]:
        """Give the set for one contact, contiguous, lowest first; never empty."""
        least = np.full(len(LEVELS), self.any_level)
        least[-1] = self.child_protection
        inside = np.flatnonzero(np.asarray(probabilities) >= least)
        likely = int(np.argmax(probabilities))
        first = min([likely, *inside.tolist()])
        last = max([likely, *inside.tolist()])
        return LEVELS[first : last + 1]


def fit_level_sets(
    probabilities: Floats,
    levels: npt.NDArray[np.int64],
    *,
    coverage: float,
    coverage_protection: float,
) -> LevelSets:
    """Give the least probabilities from out-of-fold probabilities of contacts of known level.

    Args:
        probabilities: n x 4.
        levels: the true level of each, 0 to 3.
        coverage: the share of all contacts whose set shall hold the true level.
        coverage_protection: the same, among contacts at ``child_protection``.
    """
    true = probabilities[np.arange(len(levels)), levels]
    return LevelSets(
        any_level=_least(true, coverage),
        child_protection=_least(true[levels == len(LEVELS) - 1], coverage_protection),
    )


def _least(true: Floats, coverage: float) -> float:
    """The finite-sample quantile: floor((n + 1)(1 - coverage)) of n may fall below it."""
    rank = int(np.floor((len(true) + 1) * (1 - coverage)))
    return float(np.sort(true)[rank - 1]) if rank >= 1 else 0.0
