"""The counts of a financial year with every sum: months before as published, new ones as kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.figures.axes import ALL
from api.figures.closing import Year
from api.figures.measures import SEVERAL_AT_ONCE, Measure
from api.figures.relations import CONTACTS, Cell
from api.figures.suppression import Axis, Counts, Mask, add_sums
from api.store.tables import MonthlyFigure

MEAN: Cell = ("mean_score", "mean")
SCORED: Cell = (Measure.SCORE, "scored")
SCORES: Cell = (Measure.SCORE, "sum")
NOT_READ: Cell = (Measure.RATING, "not_read")

Told = tuple[Cell, str, str, str, float]  # month, agency, form, and what is added there


@dataclass(frozen=True)
class Counted:
    """Every cell by period, agency and form; ``hidden`` is what was hidden of it before."""

    counts: Mapping[Cell, Counts]
    scored: Counts
    scores: Counts  # their sum
    hidden: Mapping[Cell, Mask]


def count_year(session: Session, year: Year) -> Counted:
    """Count the year, each measure's total among the cells."""
    leaves = _leaves([*_told_before(year), *_told_now(session, year)], year.axes)
    counts = {cell: add_sums(each, year.axes) for cell, each in sorted(leaves.items())}
    nothing = np.zeros([len(axis.names) for axis in year.axes], dtype=np.int64)
    scored, scores = counts.pop(SCORED, nothing), counts.pop(SCORES, nothing)
    counts.setdefault(CONTACTS, nothing)
    return Counted(counts | _totals(counts), scored, scores, _hidden_before(year))


def _told_before(year: Year) -> Iterator[Told]:
    """Tell what was published of the months before; how many were scored, those read tell."""
    months = set(year.months)
    for row in year.before:
        cell, place = (row.measure, row.category), (row.period, row.agency, row.form)
        if row.period not in months:
            continue
        number = row.withheld if row.value is None or cell == MEAN else row.value
        if cell == MEAN:
            yield SCORES, *place, number or 0
        elif cell == CONTACTS or row.category != ALL:
            yield cell, *place, number or 0
        if cell in {CONTACTS, NOT_READ}:
            yield SCORED, *place, (number or 0) * (1 if cell == CONTACTS else -1)


def _told_now(session: Session, year: Year) -> Iterator[Told]:
    for each in session.execute(_MONTHLY.where(MonthlyFigure.month.in_(year.new))):
        yield (each.measure, each.category), each.month, each.agency_id, each.form, each.number


_MONTHLY = select(
    MonthlyFigure.measure,
    MonthlyFigure.category,
    MonthlyFigure.month,
    MonthlyFigure.agency_id,
    MonthlyFigure.form,
    MonthlyFigure.count.label("number"),
)


def _leaves(told: Iterable[Told], axes: tuple[Axis, Axis, Axis]) -> dict[Cell, Counts]:
    """Give the leaves of every cell; what is told of sums is left out."""
    places = [{name: i for i, name in enumerate(axis.names[: axis.leaves])} for axis in axes]
    shape = [axis.leaves for axis in axes]
    found: defaultdict[Cell, Counts] = defaultdict(lambda: np.zeros(shape, dtype=np.int64))
    for cell, *names, number in told:
        at = tuple(known.get(str(name)) for known, name in zip(places, names, strict=True))
        if None not in at:
            found[cell][at] += round(number)
    return dict(found)


def _totals(counts: Mapping[Cell, Counts]) -> dict[Cell, Counts]:
    totals: dict[Cell, Counts] = {}
    for (measure, _category), each in counts.items():
        if measure not in {*SEVERAL_AT_ONCE, Measure.CONTACTS}:
            total = (measure, ALL)
            totals[total] = totals[total] + each if total in totals else each
    return totals


def _hidden_before(year: Year) -> dict[Cell, Mask]:
    places = [{name: i for i, name in enumerate(axis.names)} for axis in year.axes]
    shape = [len(axis.names) for axis in year.axes]
    found: defaultdict[Cell, Mask] = defaultdict(lambda: np.zeros(shape, bool))
    for row in year.before:
        if row.value is None:
            names = (row.period, row.agency, row.form)
            at = tuple(known[name] for known, name in zip(places, names, strict=True))
            found[row.measure, row.category][at] = True
    return found
