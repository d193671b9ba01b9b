"""Precision, recall and calibration of the matching, with intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.matching.searching import Pair

_RESAMPLES = 1_000


@dataclass(frozen=True)
class Figure:
    """A share with the ends of its 95 % interval, by bootstrap over the contacts asked about."""

    value: float
    low: float
    high: float
    of: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f}, of {self.of:,})"


@dataclass(frozen=True)
class Counts:
    """For each contact asked about: rightly shown, shown, and true (one column each)."""

    table: NDArray[np.int64]

    def precision(self) -> Figure:
        """Of what is shown, the share that is true."""
        return _share(self.table[:, 0], self.table[:, 1])

    def recall(self) -> Figure:
        """Of what is true, the share that is shown."""
        return _share(self.table[:, 0], self.table[:, 2])


def count(pairs: Iterable[Pair], *, what: str, threshold: float) -> Counts:
    """Count pairs where *what* (``same_child`` or ``same_family``) reaches *threshold*."""
    rows: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pair in pairs:
        shown, true = getattr(pair, what) >= threshold, getattr(pair, f"is_{what}")
        row = rows[pair.query]
        row[0] += shown and true
        row[1] += shown
        row[2] += true
    return Counts(np.array(list(rows.values()) or [[0, 0, 0]], dtype=np.int64))


def blocking_recall(pairs: Iterable[Pair], *, what: str) -> Figure:
    """Give the share of true pairs that blocking brought up."""
    rows: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        if getattr(pair, f"is_{what}"):
            rows[pair.query][0] += pair.found
            rows[pair.query][1] += 1
    table = np.array(list(rows.values()) or [[0, 0]], dtype=np.int64)
    return _share(table[:, 0], table[:, 1])


def choose_threshold(
    groups: Iterable[Sequence[Pair]], *, what: str, least_precision: float
) -> float:
    """Give the lowest threshold (of 0.05, 0.10 and so on) at which each group is precise enough.

    The highest is given where there is none.
    """
    steps = [round(0.05 * step, 2) for step in range(1, 20)]
    judged = [
        [(getattr(pair, what), getattr(pair, f"is_{what}")) for pair in group] for group in groups
    ]
    for threshold in steps:
        shown = [[true for believed, true in group if believed >= threshold] for group in judged]
        if all(each and sum(each) / len(each) >= least_precision for each in shown):
            return threshold
    return steps[-1]


def by_origin(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """Give the pairs of each origin of names."""
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[pair.origin].append(pair)
    return dict(found)


def calibration(pairs: Iterable[Pair], *, what: str) -> list[tuple[float, float, int]]:
    """Give mean probability, share true, and number of pairs, by tenths of probability."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair in pairs:
        if pair.found:
            believed = getattr(pair, what)
            bins[min(int(believed * 10), 9)].append((believed, getattr(pair, f"is_{what}")))
    return [
        (sum(p for p, _ in each) / len(each), sum(t for _, t in each) / len(each), len(each))
        for _, each in sorted(bins.items())
    ]


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Figure:
    total = int(whole.sum())
    if not total:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    draws = np.random.default_rng(len(whole)).multinomial(
        len(whole), np.full(len(whole), 1 / len(whole)), size=_RESAMPLES
    )
    wholes = draws @ whole
    shares = (draws @ part)[wholes > 0] / wholes[wholes > 0]
    low, high = np.percentile(shares, (2.5, 97.5))
    return Figure(int(part.sum()) / total, float(low), float(high), total)
