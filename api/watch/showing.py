"""A series as a chart and a table: each batch, what was usual before it, how far chance goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from api.clocks import say_day
from api.figures.drawing import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Dot,
    Drawing,
    Line,
    Tick,
    nice_ticks,
    scale,
)
from api.watch.batches import monday_of
from api.watch.charts import Chart
from api.watch.definitions import Floats, Kind, Measure
from api.watch.family import OVERALL, Series

SHOWN = 53  # batches, the newest
REACH = 3.0  # standard deviations of a batch that limits are drawn at


@dataclass(frozen=True)
class Row:
    """One batch: from which Monday, how many contacts, and numbers in words."""

    week: str
    contacts: int
    value: str
    usual: str
    low: str
    high: str
    changed: bool


@dataclass(frozen=True)
class Shown:
    """A chart with the table behind it."""

    code: str
    name: str
    about: str
    drawing: Drawing | None
    rows: tuple[Row, ...]
    batches: int
    wanted: int
    alarmed: bool

    @property
    def watched(self) -> bool:
        """Is there enough to watch?"""
        return self.batches >= self.wanted


@dataclass(frozen=True)
class _Lines:
    """What is drawn, batch by batch, in the measure's own unit."""

    values: Floats
    usual: Floats
    low: Floats
    high: Floats


def show(series: Series, measure: Measure) -> Shown:
    """Give the last year of a series."""
    overall = series.key.agency == OVERALL
    write = measure.write_change if overall else measure.write
    rows, drawing = tuple[Row, ...](), None
    if series.chart:
        lines, changed = _lines(series, series.chart, measure), _changed(series)
        places = range(max(2, len(series.batches) - SHOWN), len(series.batches))
        rows = tuple(_row(series, lines, place, changed, write) for place in places)
        tick = partial(measure.write_tick, change=overall)
        drawing = _draw(lines, places, rows, tick)
    return Shown(
        series.key.measure,
        measure.name,
        measure.about,
        drawing,
        rows,
        len(series.batches),
        series.wanted,
        series.alarmed,
    )


def _changed(series: Series) -> int:
    """Give the place of the first batch after the change; past the end where there is none."""
    alarm = series.chart.alarm if series.chart else None
    return alarm.changed if alarm else len(series.batches)


def _lines(series: Series, chart: Chart, measure: Measure) -> _Lines:
    """From a change on, what was usual stays what it was before."""
    batches, end = series.batches, _changed(series)
    if series.key.agency == OVERALL:
        reach = np.full(len(batches), REACH * float(np.std(batches.means[:end])))
        return _Lines(batches.means, np.zeros(len(batches)), -reach, reach)
    middle, spread = chart.residuals.usual.copy(), chart.residuals.spread.copy()
    usual = batches.usual(measure)
    for line in (middle, spread, usual):
        line[end:] = line[end : end + 1]
    reach = REACH * spread / np.sqrt(batches.counts)
    low, high = middle - reach, middle + reach
    if measure.kind in {Kind.COUNT, Kind.SHARE}:
        low = np.maximum(low, 0.0)
    if measure.kind is Kind.SHARE:
        high = np.minimum(high, np.pi / 2)
    return _Lines(batches.means, usual, measure.plain(low), measure.plain(high))


def _row(
    series: Series, lines: _Lines, place: int, changed: int, write: Callable[[float], str]
) -> Row:
    usual, low, high = (write(float(each[place])) for each in (lines.usual, lines.low, lines.high))
    return Row(
        week=say_day(monday_of(int(series.batches.first[place]))),
        contacts=int(series.contacts[place]),
        value=write(float(lines.values[place])),
        usual=usual,
        low=low,
        high=high,
        changed=place >= changed,
    )


def _draw(
    lines: _Lines, places: range, rows: Sequence[Row], tick: Callable[[float], str]
) -> Drawing:
    kinds = {"values": lines.values, "mean": lines.usual, "lower": lines.low, "upper": lines.high}
    reached = [float(each) for line in kinds.values() for each in line[places.start :]]
    ticks = nice_ticks(min(reached), max(reached))
    up = scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    across = scale(0, max(1, len(places) - 1), LEFT + 8, WIDTH - RIGHT - 8)
    drawn = tuple(
        Line(
            kind,
            " ".join(f"{across(x):g},{up(float(line[p])):g}" for x, p in enumerate(places)),
        )
        for kind, line in kinds.items()
    )
    dots = tuple(
        Dot(
            across(x),
            up(float(lines.values[place])),
            "diamond" if row.changed else "circle",
            f"{row.week}: {row.value} of {row.contacts} contacts",
        )
        for x, (place, row) in enumerate(zip(places, rows, strict=True))
    )
    every = max(1, -(-len(rows) // 5))
    x_ticks = [
        Tick(across(x), " ".join(row.week.split()[:2]))
        for x, row in enumerate(rows)
        if x % every == 0
    ]
    return Drawing(drawn, dots, tuple(x_ticks), tuple(Tick(up(each), tick(each)) for each in ticks))
