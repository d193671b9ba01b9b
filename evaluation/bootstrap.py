"""How sure a figure is: the percentile bootstrap over contacts (Efron and Tibshirani 1993).

Counts of a resample are the contacts' counts times how often each was drawn, so a thousand
resamples are one product of matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics import Counts

SEED = 20261126
RESAMPLES = 2_000
# The ends of a 95 % interval, in per cent.
_ENDS = (2.5, 97.5)

Score = Callable[[Counts], Counts]


@dataclass(frozen=True)
class Figure:
    """A score with its 95 % interval; all ``None`` where there was nothing to score."""

    value: float | None
    low: float | None
    high: float | None


def draw(contacts: int, *, resamples: int = RESAMPLES, seed: int = SEED) -> NDArray[np.float64]:
    """Give how often each contact is drawn in each resample: ``[resample, contact]``.

    Contestants on the same contacts are compared on the same draws, which makes the comparison
    paired.
    """
    chance = np.full(contacts, 1 / contacts)
    draws = np.random.default_rng(seed).multinomial(contacts, chance, size=resamples)
    return draws.astype(np.float64)


def score_with_interval(counts: Counts, score: Score, draws: NDArray[np.float64]) -> Figure:
    """Give the score of all contacts together, with its interval.

    Args:
        counts: ``[contact, ...]``.
        score: From totals, with or without a leading axis for resamples.
        draws: As `draw` gives them for these contacts.
    """
    return to_figure(float(score(counts.sum(axis=0))), score(_resample(counts, draws)))


def difference_with_interval(
    ours: Counts, theirs: Counts, score: Score, draws: NDArray[np.float64]
) -> Figure:
    """Give our score minus theirs, with its interval, both on the same draws."""
    value = float(score(ours.sum(axis=0)) - score(theirs.sum(axis=0)))
    return to_figure(value, score(_resample(ours, draws)) - score(_resample(theirs, draws)))


def _resample(counts: Counts, draws: NDArray[np.float64]) -> Counts:
    totals = draws @ counts.reshape(len(counts), -1)
    return totals.reshape(len(draws), *counts.shape[1:])


def to_figure(value: float, resampled: Counts) -> Figure:
    """Give a figure with the interval of what the resamples gave; ``nan`` is nothing to score."""
    defined = resampled[~np.isnan(resampled)]
    if np.isnan(value) or not defined.size:
        return Figure(None, None, None)
    low, high = np.percentile(defined, _ENDS)
    return Figure(value, float(low), float(high))
