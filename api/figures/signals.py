"""What changed by more than chance: for one choice, the indicators in which something shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from api.clocks import say_month
from api.figures.indicators import Indicator, load_indicators
from api.figures.selection import Covered, Selection
from api.figures.trends import Month, Trend, find_trends
from api.figures.words import load_words
from api.figures.xmr import Variation

ORDER = (Variation.CONCERN, Variation.IMPROVEMENT, Variation.CHANGE)


@dataclass(frozen=True)
class Signal:
    """An indicator, and the last stretch of months in which more than chance shows."""

    indicator: Indicator
    variation: Variation
    months: tuple[Month, ...]


def find_signals(session: Session, chosen: Selection, covered: Covered) -> list[Signal]:
    """Give what changed, concerns first; each a reason to ask, none a verdict."""
    indicators = list(load_indicators().values())
    found = find_trends(session, indicators, chosen, covered)
    signals = [
        signal
        for indicator, trend in zip(indicators, found, strict=True)
        if (signal := _signal(indicator, trend))
    ]
    return sorted(signals, key=lambda each: ORDER.index(each.variation))


def stretches(trend: Trend) -> list[tuple[Variation, tuple[Month, ...]]]:
    """Give the months that show more than chance, those that follow each other together."""
    found = list[tuple[Variation, tuple[Month, ...]]]()
    shown = [each for each in trend.months if each.point is not None]
    for variation, group in groupby(shown, key=lambda each: each.point and each.point.variation):
        if variation is not None and variation is not Variation.COMMON:
            found.append((variation, tuple(group)))
    return found


def say(trend: Trend) -> str:
    """Say what of a chart is more than chance, in a sentence or two."""
    names = load_words().variations
    told = "; ".join(
        f"{_span(months)} ({names[variation].lower()})" for variation, months in stretches(trend)
    )
    said = f"More than chance: {told}." if told else "No month shows more than chance gives."
    return f"{said} Trial limits: fewer than twelve months." if trend.trial else said


def _span(months: tuple[Month, ...]) -> str:
    first, last = (say_month(months[end].month) for end in (0, -1))
    return first if first == last else f"{first} to {last}"


def _signal(indicator: Indicator, trend: Trend) -> Signal | None:
    """Give the last stretch."""
    found = stretches(trend)
    return Signal(indicator, *found[-1]) if found else None
