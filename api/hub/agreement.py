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

Tables = NDArray[np.int64]
Doubles = NDArray[np.float64]


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
    table = _count(levels)
    kappa = _kappa(table) if len(levels) >= FEWEST else None
    return Agreement(
        len(levels),
        Figure(float(_exact(table)), *_interval(table, _exact)),
        None
        if kappa is None or np.isnan(kappa)
        else Figure(float(kappa), *_interval(table, _kappa)),
    )


def _count(levels: Sequence[tuple[Level, Level]]) -> Tables:
    """How many pairs there are of each first and second level."""
    table = np.zeros((len(LEVELS), len(LEVELS)), dtype=np.int64)
    for first, second in levels:
        table[LEVELS.index(first), LEVELS.index(second)] += 1
    return table


def _exact(tables: Tables) -> Doubles:
    same: Doubles = np.trace(tables, axis1=-2, axis2=-1) / tables.sum(axis=(-2, -1))
    return same


def _kappa(tables: Tables) -> Doubles:
    """Cohen's kappa of each table with quadratic weights (Cohen 1968, doi 10.1037/h0026256).

    Not a number where both people gave one and the same level to all: chance then agrees fully.
    """
    places = np.arange(tables.shape[-1])
    weights = np.subtract.outer(places, places) ** 2
    observed = (weights * tables).sum(axis=(-2, -1)) * tables.sum(axis=(-2, -1))
    expected = np.einsum("...i,...j->...ij", tables.sum(axis=-1), tables.sum(axis=-2))
    by_chance = (weights * expected).sum(axis=(-2, -1))
    kappa: Doubles = 1 - np.divide(
        observed, by_chance, out=np.full(by_chance.shape, np.nan), where=by_chance > 0
    )
    return kappa


def _interval(
    table: Tables, measure: Callable[[Tables], Doubles]
) -> tuple[float, float] | tuple[None, None]:
    """Pairs drawn with replacement are a multinomial draw of the table, however many they are."""
    pairs = int(table.sum())
    if pairs < FEWEST:
        return None, None
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(pairs, table.ravel() / pairs, size=DRAWS)
    low, high = np.nanpercentile(measure(drawn.reshape(DRAWS, *table.shape)), [2.5, 97.5])
    return float(low), float(high)
