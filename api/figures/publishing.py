"""Publish figures: everything that anybody is shown is written here once, small numbers hidden.

Complete months only: a month that grows from day to day would give each new contact away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

import numpy as np
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.axes import ALL, agencies_axis, categories_axis, forms_axis, months_axis
from api.figures.measures import ELEMENT_PREFIX, SEVERAL_AT_ONCE, Measure
from api.figures.suppression import (
    FEWEST_FOR_A_RATE,
    Axis,
    Counts,
    Mask,
    add_sums,
    suppress,
)
from api.store.columns import Table, new_id, now
from api.store.opening import Store
from api.store.tables import Agency, MonthlyFigure, Publication, PublishedFigure
from nlp.domain import Element

MONTHS_SHOWN = 24
ROWS_AT_ONCE = 2000
MEAN_SCORE = "mean_score"

_GROUPS = select(Agency.id, Agency.group)


@dataclass(frozen=True)
class Breakdown:
    """The axes that every measure shares, and which totals of contacts are hidden."""

    periods: Axis
    agencies: Axis
    forms: Axis
    hidden: Mask

    @property
    def axes(self) -> tuple[Axis, Axis, Axis]:
        """Period, agency, form."""
        return self.periods, self.agencies, self.forms


def publish(store: Store, *, at: datetime | None = None) -> bool:
    """Publish every measure up to the last complete month before *at*, which is now if not given.

    Gives whether there was anything to publish. The monthly figures must have been refreshed.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        months = _complete_months(session, at or now())
        groups = {each.id: each.group for each in session.execute(_GROUPS)}
        if not months or not groups:
            return False
        axes = (months_axis(months), agencies_axis(groups), forms_axis())
        contacts = add_sums(_read(session, Measure.CONTACTS, axes, [ALL])[..., 0], axes)
        breakdown = Breakdown(*axes, suppress(contacts, axes))
        one, hidden = (*axes, Axis((ALL,), {})), breakdown.hidden[..., None]
        rows = list(_rows(Measure.CONTACTS, contacts[..., None].astype(float), hidden, one))
        for measure in all_measures():
            rows.extend(_published(session, measure, breakdown))
        rows.extend(_mean_scores(session, breakdown))
    _write(store, rows, Publication(id=new_id(), first_month=months[0], last_month=months[-1]))
    return True


def _write(store: Store, rows: Sequence[Mapping[str, object]], publication: Publication) -> None:
    """Write figures a few at a time, then say that they count, then let the former ones go.

    Nobody who sends a contact must wait for all of them at once. Another server may be at it too:
    only figures of publications made before this one are let go.
    """
    figures = Table.metadata.tables[PublishedFigure.__tablename__]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        few = [
            {**row, "publication_id": publication.id} for row in rows[start : start + ROWS_AT_ONCE]
        ]
        with store.writing() as session:
            session.connection().execute(insert(figures), few)
    with store.writing() as session:
        session.add(publication)
    former = select(Publication.id).where(Publication.made_at < publication.made_at)
    for measure in sorted({str(row["measure"]) for row in rows}):
        with store.writing() as session:
            session.connection().execute(
                delete(figures).where(
                    figures.c.measure == measure, figures.c.publication_id.in_(former)
                )
            )


def all_measures() -> tuple[str, ...]:
    """Give every measure that is published as counts, besides that of contacts itself."""
    counted = [str(each) for each in Measure if each not in {Measure.CONTACTS, Measure.SCORE}]
    return (*counted, *(f"{ELEMENT_PREFIX}{element}" for element in Element))


def _published(
    session: Session, measure: str, breakdown: Breakdown
) -> Iterator[Mapping[str, object]]:
    categories = list(
        session.scalars(
            select(MonthlyFigure.category).where(MonthlyFigure.measure == measure).distinct()
        )
    )
    if not categories:
        return
    total = measure not in SEVERAL_AT_ONCE
    axis = categories_axis(categories, total=total)
    axes = (*breakdown.axes, axis)
    counts = add_sums(_read(session, measure, breakdown.axes, axis.names[: axis.leaves]), axes)
    shown = np.zeros(counts.shape, bool)
    if total:
        shown[..., -1] = ~breakdown.hidden
    # Where the number of contacts is hidden, its parts are too: they would add up to it.
    veiled = np.broadcast_to(breakdown.hidden[..., None], counts.shape)
    hidden = suppress(counts, axes, shown=shown, veiled=veiled)
    yield from _rows(measure, counts.astype(float), hidden, axes)


def _mean_scores(session: Session, breakdown: Breakdown) -> Iterator[Mapping[str, object]]:
    """Means of ten contacts or more, and only where their number is shown."""
    names = ("scored", "sum")
    sums = add_sums(
        _read(session, Measure.SCORE, breakdown.axes, names),
        (*breakdown.axes, categories_axis(names, total=False)),
    )
    scored, total = sums[..., 0], sums[..., 1]
    means = np.round(total / np.maximum(scored, 1), 1)[..., None]
    hidden = (breakdown.hidden | (scored < FEWEST_FOR_A_RATE))[..., None]
    yield from _rows(MEAN_SCORE, means, hidden, (*breakdown.axes, Axis(("mean",), {})))


def _rows(
    measure: str, values: np.ndarray, hidden: Mask, axes: tuple[Axis, ...]
) -> Iterator[Mapping[str, object]]:
    """Give a row for each figure; a nought that may be shown has none."""
    for cell in product(*(range(len(axis.names)) for axis in axes)):
        if values[cell] == 0 and not hidden[cell]:
            continue
        period, agency, form, category = (
            axis.names[place] for axis, place in zip(axes, cell, strict=True)
        )
        yield {
            "measure": measure,
            "period": period,
            "agency": agency,
            "form": form,
            "category": category,
            "value": None if hidden[cell] else float(values[cell]),
        }


def _read(
    session: Session,
    measure: str,
    axes: tuple[Axis, Axis, Axis],
    categories: tuple[str, ...] | list[str],
) -> Counts:
    """Give the monthly figures of one measure as leaves: month, agency, form, category."""
    places = [
        {name: place for place, name in enumerate(axis.names[: axis.leaves])} for axis in axes
    ]
    columns = {name: place for place, name in enumerate(categories)}
    leaves = np.zeros((*(axis.leaves for axis in axes), len(categories)), dtype=np.int64)
    found = session.execute(
        select(
            MonthlyFigure.month,
            MonthlyFigure.agency_id,
            MonthlyFigure.form,
            MonthlyFigure.category,
            MonthlyFigure.count,
        ).where(MonthlyFigure.measure == measure, MonthlyFigure.month.in_(list(places[0])))
    )
    for month, agency, form, category, count in found:
        leaves[places[0][month], places[1][agency], places[2][form], columns[category]] = count
    return leaves


def _complete_months(session: Session, at: datetime) -> list[str]:
    """Give every month from the first contact to the last whole month, 24 at most."""
    current = clocks.month_of(at)
    first = session.scalars(
        select(MonthlyFigure.month).order_by(MonthlyFigure.month).limit(1)
    ).first()
    months = []
    while first is not None and first < current:
        months.append(first)
        first = clocks.month_of(clocks.month_bounds(first)[1])
    return months[-MONTHS_SHOWN:]
