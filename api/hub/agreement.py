"""How far two people agree: exactly, and beyond chance with levels apart counting for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.domain import LEVELS, Level

DRAWS = 1000
SEED = 1
FEWEST = 10  # pairs, for a kappa or an interval that says anything

Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval, which is ``None`` for fewer than ten pairs."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """The number of pairs, the share of equal ones, and kappa.

    Kappa is ``None`` for fewer than ten pairs, and where it is not defined.
    """

    pairs: int
    exact: Figure
    kappa: Figure | None


def agreement(levels: Sequence[tuple[Level, Level]]) -> Agreement | None:
    """Give how far first and second levels agree; ``None`` without any.

    Intervals are percentiles of a bootstrap over the contacts, with a fixed seed (Efron and
    Tibshirani 1993, An Introduction to the Bootstrap, chapter 13).
    """
    if not levels:
        return None
    numbers = [[LEVELS.index(first), LEVELS.index(second)] for first, second in levels]
    pairs = np.array(numbers, dtype=np.int64)
    kappa = weighted_kappa(pairs) if len(pairs) >= FEWEST else None
    return Agreement(
        len(pairs),
        Figure(exact_share(pairs), *_interval(pairs, exact_share)),
        None if kappa is None else Figure(kappa, *_interval(pairs, weighted_kappa)),
    )


def exact_share(pairs: Pairs) -> float:
    """Give the share of *pairs* whose two are the same."""
    return float(np.mean(pairs[:, 0] == pairs[:, 1]))


def weighted_kappa(pairs: Pairs) -> float | None:
    """Give Cohen's kappa with quadratic weights (Cohen 1968, doi 10.1037/h0026256).

    *pairs* has two columns of category numbers. ``None`` where both people gave one and the same
    category to all: chance alone then agrees fully.
    """
    first, second = pairs[:, 0], pairs[:, 1]
    observed = float(np.mean((first - second) ** 2))
    by_chance = float(np.mean((first[:, None] - second[None, :]) ** 2))
    return None if by_chance == 0 else 1 - observed / by_chance


def _interval(
    pairs: Pairs, measure: Callable[[Pairs], float | None]
) -> tuple[float, float] | tuple[None, None]:
    if len(pairs) < FEWEST:
        return None, None
    random = np.random.default_rng(SEED)
    drawn = (measure(pairs[random.integers(len(pairs), size=len(pairs))]) for _ in range(DRAWS))
    low, high = np.percentile([each for each in drawn if each is not None], [2.5, 97.5])
    return float(low), float(high)
