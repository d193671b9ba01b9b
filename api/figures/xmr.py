"""XmR charts (individual values and moving range) as NHS Making Data Count draws them.

Limits are the mean and 2.66 mean moving ranges each way; 2.66 is 3 / 1.128, the constant d2 of a
range of two. Source: NHS England, Making Data Count, as coded in NHSRplotthedots 0.2.2; Wheeler,
Understanding Variation (1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

LIMIT, CLOSE, SCREEN = 2.66, 2.66 * 2 / 3, 3.267
RUN = 7  # points on one side of the mean, or all rising or falling, that are no accident
BASELINE = 12  # points that the limits are made of; with fewer they are trial limits


class Rule(StrEnum):
    """Why a point is special cause variation."""

    OUTSIDE = "outside"
    SHIFT = "shift"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"


class Direction(StrEnum):
    """Which way is better; volume is neither."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class Variation(StrEnum):
    """How a point is drawn."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    CHANGE = "change"  # special cause where neither way is better


@dataclass(frozen=True)
class Limits:
    """The lines of one stretch of a chart, between two recorded changes of the process."""

    mean: float
    lower: float
    upper: float
    lower_close: float
    upper_close: float
    trial: bool


@dataclass(frozen=True)
class Point:
    """A value, the rules it breaks, and what that means."""

    value: float
    limits: Limits
    rules: frozenset[Rule]
    variation: Variation


def chart(
    values: Sequence[float],
    *,
    direction: Direction,
    rebased_at: Sequence[int] = (),
    screen: bool = True,
    floor: float | None = None,
    ceiling: float | None = None,
) -> tuple[Point, ...]:
    """Give every point of an XmR chart.

    Args:
        values: One value a period, oldest first.
        direction: Which way is better.
        rebased_at: Places where limits start anew, each a recorded decision.
        screen: Leave out moving ranges of 3.267 means or more, once, as the R package does.
        floor: No limit is drawn below it; 0 for a rate.
        ceiling: No limit is drawn above it; 1 for a proportion.
    """
    starts = sorted({0, *(place for place in rebased_at if 0 < place < len(values))})
    points: list[Point] = []
    for start, end in pairwise([*starts, len(values)]):
        stretch = values[start:end]
        limits = make_limits(stretch, screen=screen, floor=floor, ceiling=ceiling)
        points.extend(
            Point(value, limits, rules, _variation(rules, value, limits, direction))
            for value, rules in zip(stretch, find_rules(stretch, limits), strict=True)
        )
    return tuple(points)


def make_limits(
    values: Sequence[float],
    *,
    screen: bool = True,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Limits:
    """Give the limits that the first twelve *values* make."""
    base = values[:BASELINE]
    mean = sum(base) / len(base)
    spread = _mean_moving_range(base, screen=screen)

    def line(distance: float) -> float:
        at = mean + distance * spread
        at = at if floor is None else max(at, floor)
        return at if ceiling is None else min(at, ceiling)

    return Limits(
        mean, line(-LIMIT), line(LIMIT), line(-CLOSE), line(CLOSE), trial=len(values) < BASELINE
    )


def find_rules(values: Sequence[float], limits: Limits) -> tuple[frozenset[Rule], ...]:
    """Give which rules each value breaks."""
    broken: list[set[Rule]] = [set() for _ in values]
    for rule, places in (
        (Rule.OUTSIDE, _outside(values, limits)),
        (Rule.SHIFT, _shifts(values, limits.mean)),
        (Rule.TREND, _trends(values)),
        (Rule.TWO_OF_THREE, _two_of_three(values, limits)),
    ):
        for place in places:
            broken[place].add(rule)
    return tuple(frozenset(rules) for rules in broken)


def _mean_moving_range(values: Sequence[float], *, screen: bool) -> float:
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    if not ranges:
        return 0.0
    mean = sum(ranges) / len(ranges)
    kept = [each for each in ranges if each < SCREEN * mean] if screen else ranges
    return sum(kept) / len(kept) if kept else mean


def _outside(values: Sequence[float], limits: Limits) -> set[int]:
    return {
        place for place, value in enumerate(values) if value > limits.upper or value < limits.lower
    }


def _shifts(values: Sequence[float], mean: float) -> set[int]:
    return _runs([(value > mean) - (value < mean) for value in values], RUN)


def _trends(values: Sequence[float]) -> set[int]:
    """Seven points all rising have six steps; the point before the first step belongs to them."""
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
    return {place + more for place in _runs(steps, RUN - 1) for more in (0, 1)}


def _runs(signs: Sequence[int], length: int) -> set[int]:
    """Give the places in runs of at least *length* equal signs; zeros make none."""
    found: set[int] = set()
    start = 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[start]:
            if signs[start] != 0 and place - start >= length:
                found.update(range(start, place))
            start = place
    return found


def _two_of_three(values: Sequence[float], limits: Limits) -> set[int]:
    """Two of three in a row between a close line and its limit, all three on that side."""
    found: set[int] = set()
    for start in range(len(values) - 2):
        three = range(start, start + 3)
        for side, close in ((1, limits.upper_close), (-1, limits.lower_close)):
            near = {place for place in three if side * (values[place] - close) > 0}
            if len(near) >= 2 and all(side * (values[p] - limits.mean) > 0 for p in three):
                found |= near
    return found


def _variation(
    rules: frozenset[Rule], value: float, limits: Limits, direction: Direction
) -> Variation:
    if not rules:
        return Variation.COMMON
    if direction is Direction.NEUTRAL:
        return Variation.CHANGE
    higher = value > limits.mean
    return Variation.IMPROVEMENT if higher == (direction is Direction.UP) else Variation.CONCERN
