"""A self-starting CUSUM over batches: each is held against all before it.

The deviation of a batch from the mean of those before, divided by its spread as those before show
it, is a recursive residual (Brown, Durbin and Evans 1975) with a t distribution; put through the
normal quantile it is exactly standard normal and independent while nothing changes, however few
batches there are (Hawkins 1987, The Statistician 36; Hawkins and Olwell, Cumulative Sum Charts,
1998, chapter 7). So limits need no long reference, and whatever varies more between weeks of an
agency than chance alone would is in its own spread. Marks are cut off at three, so that no single
batch alarms (Hawkins 1993, Robustification of cumulative sum charts by Winsorization), and made
smaller where batches are like those before them.

What is seen of a change shrinks as its batches join those before. Keeping them out while a sum is
high was tried and raises false alarms many times over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtr

from api.watch.batches import Batches
from api.watch.definitions import Floats, Side
from api.watch.run_lengths import limit_for

CUT = 3.0
LEAST_SPREAD = 1e-9
LEAST_SLACK, MOST_SLACK = 0.25, 1.0  # with more, two odd batches would alarm
STEP = 0.05  # of slacks, so that few limits are worked out
WEEKS = 52
DELAY = 6  # batches by which the estimate of their correlation lags
DRAWN = 10.0  # batches without correlation that count beside those seen
MOST_ALIKE = 0.8


@dataclass(frozen=True)
class Residuals:
    """Of each batch: the mean of all before, the spread of one contact, and the normal mark.

    The first two batches have no mark: it is 0.
    """

    usual: Floats
    spread: Floats
    marks: Floats


@dataclass(frozen=True)
class Alarm:
    """Which way, the place of the batch that raised it, and of the first after the change."""

    side: Side
    raised: int
    changed: int


@dataclass(frozen=True)
class Chart:
    """A CUSUM of both sides; it stands still from an alarm on."""

    batches: Batches
    residuals: Residuals
    upper: Floats
    lower: Floats
    slack: float
    limit: float
    alarm: Alarm | None


def find_residuals(batches: Batches, *, centred: bool = False) -> Residuals:
    """Hold each batch against all before it, those of more contacts weighing more.

    *centred* batches are known to have a mean of 0 while nothing changes; only their spread is not.
    """
    counts, values = batches.counts, batches.values
    before = np.cumsum(counts)[:-1]
    usual = np.concatenate(([np.nan], np.cumsum(counts * values)[:-1] / before))
    residuals = (values[1:] - usual[1:]) / np.sqrt(1 / counts[1:] + 1 / before)
    if centred:
        usual, residuals = np.zeros(len(values)), (values * np.sqrt(counts))[1:]
    known = np.arange(1.0, len(residuals))  # residuals that a spread is made of
    spread = np.sqrt(np.cumsum(residuals**2)[:-1] / known)
    marks = np.zeros(len(values))
    marks[2:] = _normal(residuals[1:], spread, known)
    marks *= _for_autocorrelation(marks)
    return Residuals(usual, np.concatenate(([np.nan, np.nan], spread)), marks)


def make_chart(
    batches: Batches, *, worth: float, chance: float, reference: int, centred: bool = False
) -> Chart:
    """Give the chart of at least *reference* and one more batches.

    Args:
        batches: Oldest first.
        worth: The smallest change worth noticing, on the batches' scale.
        chance: Of a false alarm of this series within a year.
        reference: Batches that are only looked at.
        centred: As in `find_residuals`.
    """
    residuals = find_residuals(batches, centred=centred)
    slack = _slack(worth, float(residuals.spread[reference]), batches.counts[:reference])
    limit = limit_for(chance, slack=slack, values=_a_year(batches))
    marks = residuals.marks[reference:]
    upper, lower = (_sums(way * marks - slack, limit) for way in (1, -1))
    end = min(len(upper), len(lower))  # where the first of both alarmed
    alarmed = end > 0 and max(upper[end - 1], lower[end - 1]) > limit
    above, below = (_padded(each[:end], reference, len(batches)) for each in (upper, lower))
    stop = reference + end
    alarm = _alarm(above[:stop], below[:stop]) if alarmed else None
    return Chart(batches, residuals, above, below, slack, limit, alarm)


def _sums(steps: Floats, limit: float) -> list[float]:
    """Give cumulative sums that never fall below zero, until one passes *limit*."""
    found, total = list[float](), 0.0
    for step in steps.tolist():
        total = max(0.0, total + step)
        found.append(total)
        if total > limit:
            break
    return found


def _padded(sums: list[float], before: int, size: int) -> Floats:
    padded = np.zeros(size)
    padded[before : before + len(sums)] = sums
    return padded


def _slack(worth: float, spread: float, counts: Floats) -> float:
    """Half of the change to notice is the best slack for it (Hawkins and Olwell, chapter 3)."""
    half = worth * float(np.sqrt(counts.mean())) / max(spread, LEAST_SPREAD) / 2
    return round(round(min(max(half, LEAST_SLACK), MOST_SLACK) / STEP) * STEP, 2)


def _a_year(batches: Batches) -> int:
    """Give how many batches a year holds, in steps of a quarter of the weeks."""
    weeks = int(batches.last[-1] - batches.first[0]) + 1
    rate = len(batches) / weeks * WEEKS
    return int(np.clip(np.ceil(rate / 13) * 13, 13, WEEKS))


def _alarm(upper: Floats, lower: Floats) -> Alarm:
    """Tell the alarm at the end of a chart: the change came after it last stood at zero."""
    side, sums = (Side.UP, upper) if upper[-1] >= lower[-1] else (Side.DOWN, lower)
    return Alarm(side, raised=len(sums) - 1, changed=int(np.flatnonzero(sums == 0)[-1]) + 1)


def _for_autocorrelation(marks: Floats) -> Floats:
    """Give what to multiply each mark by, where weeks are like those before them.

    The sum of values with correlation r between neighbours varies (1 + r) / (1 - r) times as much
    (Johnson and Bagshaw 1974, Technometrics 16). It is estimated from marks some
    time before, so that a change does not pass for correlation, and drawn towards 0.
    """
    products = np.concatenate(([0.0], np.cumsum(marks[1:] * marks[:-1])))
    shares = np.clip(products / (np.cumsum(marks**2) + DRAWN), 0, MOST_ALIKE)
    alike = np.concatenate((np.zeros(DELAY), shares))[: len(marks)]
    return np.sqrt((1 - alike) / (1 + alike))


def _normal(residuals: Floats, spread: Floats, known: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.nan_to_num(residuals / spread, nan=0.0, posinf=1e9, neginf=-1e9)
    return np.asarray(np.clip(ndtri(stdtr(known, ratios)), -CUT, CUT))
