"""Contacts gathered into batches of whole weeks, so that weekends and holidays are no drift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from api.watch.definitions import Floats, Integers, Kind, Measure


@dataclass(frozen=True)
class Observed:
    """Values of one measure, each with the number of the week that it is of."""

    weeks: Integers
    values: Floats

    def since(self, week: int) -> Observed:
        """Give what is of *week* and later."""
        kept = self.weeks >= week
        return Observed(self.weeks[kept], self.values[kept])

    def until(self, week: int) -> Observed:
        """Give what is from before *week*."""
        kept = self.weeks < week
        return Observed(self.weeks[kept], self.values[kept])


@dataclass(frozen=True)
class Batches:
    """Batches, oldest first: first and last week, contacts, and their mean.

    ``values`` are on the scale on which they are compared; ``means`` in the measure's own unit.
    """

    first: Integers
    last: Integers
    counts: Floats
    values: Floats
    means: Floats

    def __len__(self) -> int:
        return len(self.values)

    def usual(self, measure: Measure) -> Floats:
        """Give the mean of all batches before each, in the measure's own unit; first ``nan``."""
        ratio = measure.kind is Kind.RATIO
        plain = np.log(self.means) if ratio else self.means
        before = np.cumsum(self.counts * plain)[:-1] / np.cumsum(self.counts)[:-1]
        return np.concatenate(([np.nan], np.exp(before) if ratio else before))


def gather(observed: Observed, measure: Measure, *, fewest: int) -> Batches:
    """Give batches of whole weeks, each closed at the first week's end with *fewest* contacts.

    What is left at the end waits for its batch to be full.
    """
    if not len(observed.weeks):
        return _batches([], [], [], [], measure)
    log = measure.kind is Kind.RATIO
    values = np.log(np.maximum(observed.values, 1)) if log else observed.values
    start = int(observed.weeks.min())
    counts = np.bincount(observed.weeks - start)
    sums = np.bincount(observed.weeks - start, weights=values)
    first, last, numbers, means = list[int](), list[int](), list[int](), list[float]()
    begun, number, total = 0, 0, 0.0
    for week, (more, value) in enumerate(zip(counts.tolist(), sums.tolist(), strict=True)):
        if not number:
            begun = week  # weeks without a contact belong to no batch
        number, total = number + more, total + value
        if number >= fewest:
            first.append(start + begun)
            last.append(start + week)
            numbers.append(number)
            means.append(total / number)
            number, total = 0, 0.0
    return _batches(first, last, numbers, means, measure)


def week_of(day: date) -> int:
    """Give the number of the week, from Monday to Sunday, of *day*."""
    return (day.toordinal() - 1) // 7


def monday_of(week: int) -> date:
    """Give the first day of a week by its number."""
    return date.fromordinal(7 * int(week) + 1)


def _batches(
    first: list[int], last: list[int], numbers: list[int], means: list[float], measure: Measure
) -> Batches:
    counts, plain = np.array(numbers, dtype=np.float64), np.array(means, dtype=np.float64)
    return Batches(
        np.array(first, dtype=np.int64),
        np.array(last, dtype=np.int64),
        counts,
        measure.scaled(plain, counts),
        np.exp(plain) if measure.kind is Kind.RATIO else plain,
    )
