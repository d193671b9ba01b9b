"""One indicator month by month, and across agencies: an XmR chart, a funnel, and their tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.figures.drawing import Drawing, draw_funnel, draw_xmr
from api.figures.funnel import Funnel, Place, Share, funnel
from api.figures.indicators import Indicator, measures_of
from api.figures.selection import Covered, Selection
from api.figures.shown import Figures, Rate
from api.figures.xmr import Point, Variation, chart
from api.store.tables import Rebase

FEWEST_AGENCIES = 3
FEWEST_MONTHS = 6  # fewer tell nothing of what is usual, and limits made of them mislead


@dataclass(frozen=True)
class Month:
    """One month of a chart; ``point`` is ``None`` where the figure is hidden or there is none."""

    month: str
    value: float | None
    point: Point | None


@dataclass(frozen=True)
class Trend:
    """An indicator over time; ``drawing`` is ``None`` with too few months to draw."""

    months: tuple[Month, ...]
    rebases: tuple[Rebase, ...]
    drawing: Drawing | None

    @property
    def trial(self) -> bool:
        """Are the limits made of fewer than twelve points?"""
        return any(each.point.limits.trial for each in self.months if each.point)

    @property
    def special(self) -> tuple[Month, ...]:
        """Give the months in which something other than chance shows."""
        return tuple(
            each
            for each in self.months
            if each.point and each.point.variation is not Variation.COMMON
        )


@dataclass(frozen=True)
class Comparison:
    """Agencies beside each other; those whose figure is hidden or of fewer than ten are named."""

    funnel: Funnel | None
    drawing: Drawing | None
    rates: tuple[tuple[str, Rate], ...]
    left_out: tuple[str, ...]

    @property
    def different(self) -> tuple[str, ...]:
        """Give the agencies outside the outer limits."""
        points = self.funnel.points if self.funnel else ()
        return tuple(each.share.id for each in points if each.place is Place.DIFFERENT)


def find_trend(
    session: Session, indicator: Indicator, chosen: Selection, covered: Covered
) -> Trend:
    """Give an indicator month by month, for one agency, group or all, on one form or both."""
    return find_trends(session, [indicator], chosen, covered)[0]


def find_trends(
    session: Session, indicators: Sequence[Indicator], chosen: Selection, covered: Covered
) -> list[Trend]:
    """Give several indicators month by month, as `find_trend` gives one."""
    figures = Figures.load(
        session,
        measures_of(indicators),
        agencies=[chosen.agency],
        periods=list(covered.months),
        form=chosen.form,
    )
    rebases = find_rebases(session, chosen.agency)
    return [
        _trend(figures, each, chosen, covered, [r for r in rebases if r.measure == each.code])
        for each in indicators
    ]


def _trend(
    figures: Figures,
    indicator: Indicator,
    chosen: Selection,
    covered: Covered,
    rebases: Sequence[Rebase],
) -> Trend:
    values = [
        indicator.value(figures, period=month, agency=chosen.agency, form=chosen.form)
        for month in covered.months
    ]
    known = [(m, v) for m, v in zip(covered.months, values, strict=True) if v is not None]
    points = dict(zip((m for m, _ in known), _points(indicator, known, rebases), strict=True))
    months = tuple(
        Month(month, value, points.get(month))
        for month, value in zip(covered.months, values, strict=True)
    )
    return Trend(months, tuple(rebases), _draw(indicator, months))


def compare(
    session: Session, indicator: Indicator, chosen: Selection, covered: Covered
) -> Comparison:
    """Give an indicator that is a share, agency by agency, within the funnel of all of them.

    Where a group is chosen, it is the funnel of the group's.
    """
    agencies = covered.beside(chosen.agency)
    figures = Figures.load(
        session,
        [indicator.measure],
        agencies=list(agencies),
        periods=[chosen.period],
        form=chosen.form,
    )
    rates = tuple(
        (
            agency,
            indicator.rate(figures, period=chosen.period, agency=agency, form=chosen.form),
        )
        for agency in agencies
    )
    shares = list(_shares(rates))
    left_out = tuple(agency for agency, rate in rates if rate.interval is None)
    if len(shares) < FEWEST_AGENCIES:
        return Comparison(None, None, rates, left_out)
    found = funnel(shares)
    drawing = draw_funnel(found, dict(covered.agencies), write=indicator.write)
    return Comparison(found, drawing, rates, left_out)


def find_rebases(session: Session, agency: str) -> tuple[Rebase, ...]:
    """Give the recorded decisions to start limits of an agency's indicators anew, oldest first."""
    found = select(Rebase).where(Rebase.agency_id == agency)
    return tuple(session.scalars(found.order_by(Rebase.month)))


def _points(
    indicator: Indicator, known: Sequence[tuple[str, float]], rebases: Sequence[Rebase]
) -> Sequence[Point]:
    starts = [
        next((place for place, (month, _) in enumerate(known) if month >= each.month), 0)
        for each in rebases
    ]
    if not known:
        return ()
    return chart(
        [value for _, value in known],
        direction=indicator.direction,
        rebased_at=starts,
        floor=0,
        ceiling=1 if indicator.kind == "share" else None,
    )


def _draw(indicator: Indicator, months: Sequence[Month]) -> Drawing | None:
    if sum(each.point is not None for each in months) < FEWEST_MONTHS:
        return None
    points, names = [each.point for each in months], [each.month for each in months]
    return draw_xmr(points, names, write=indicator.write)


def _shares(rates: Sequence[tuple[str, Rate]]) -> Iterator[Share]:
    for agency, rate in rates:
        if rate.interval is not None and rate.count is not None and rate.total is not None:
            yield Share(agency, rate.count, rate.total)
