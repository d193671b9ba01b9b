"""When a month is published, once and for good, and what of its year was published before.

A month is closed a week after its end, which leaves a week to decide on its last contact. Its
figures and what is hidden of them stay as they were then: a contact or decision that comes later
changes nothing, since the difference would tell of one child. Groups stay for a financial year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.axes import agencies_axis, financial_year_of, forms_axis, months_axis
from api.figures.shown import find_publications, months_of
from api.figures.suppression import Axis
from api.store.tables import Agency, MonthlyFigure, PublishedFigure

CLOSING = timedelta(days=7)
MONTHS_AT_FIRST = 24

Before = Row[*tuple[Any, ...]]

_BEFORE = select(
    PublishedFigure.measure,
    PublishedFigure.category,
    PublishedFigure.period,
    PublishedFigure.agency,
    PublishedFigure.form,
    PublishedFigure.value,
    PublishedFigure.withheld,
)


@dataclass(frozen=True)
class Year:
    """A financial year: its months, those of them that come now, and what was published before.

    ``axes`` are of periods, agencies and forms; ``groups`` gives each agency's group in that year.
    """

    months: tuple[str, ...]
    new: tuple[str, ...]
    groups: Mapping[str, str | None]
    before: Sequence[Before]
    axes: tuple[Axis, Axis, Axis]

    @property
    def published(self) -> frozenset[str]:
        """The months, quarters and year that were published before."""
        return frozenset(months_axis([each for each in self.months if each not in self.new]).names)


def due_months(session: Session, at: datetime) -> list[str]:
    """Give the closed months that are still to be published, oldest first.

    They follow those that were published; at first they are the last 24 from the first contact on.
    """
    published = list(chain.from_iterable(months_of(each) for each in find_publications(session)))
    start = clocks.month_after(published[-1]) if published else session.scalar(_FIRST)
    if start is None:
        return []
    open_month = clocks.month_of(at - CLOSING)
    months = [each for each in clocks.months_between(start, open_month) if each != open_month]
    return months if published else months[-MONTHS_AT_FIRST:]


def find_year(session: Session, new: Sequence[str]) -> Year | None:
    """Give the financial year of the *new* months; ``None`` while there is no agency."""
    earlier = [
        each
        for each in find_publications(session)
        if financial_year_of(each.first_month) == financial_year_of(new[0])
    ]
    groups = {each.id: each.group for each in session.execute(select(Agency.id, Agency.group))}
    for each in earlier:
        groups |= each.groups
    if not groups:
        return None
    months = (*chain.from_iterable(months_of(each) for each in earlier), *new)
    ids = [each.id for each in earlier]
    return Year(
        months=months,
        new=tuple(new),
        groups=groups,
        before=session.execute(_BEFORE.where(PublishedFigure.publication_id.in_(ids))).all(),
        axes=(months_axis(months), agencies_axis(groups), forms_axis()),
    )


_FIRST = select(func.min(MonthlyFigure.month))
