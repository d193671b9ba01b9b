"""Counts for leaders, kept up as contacts change: the same as a full recount, and quick to add."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.store.columns import Table, id_column, new_id, now
from nlp.domain import Form


class MonthlyFigure(Table):
    """How many contacts that one agency sent in a month, on one form, are of one category.

    ``month`` is like 2026-03, in London's calendar. The measures are those of
    `api.figures.measures`.
    """

    __tablename__ = "monthly_figures"

    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    form: Mapped[Form] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int]


class StaleMonth(Table):
    """A month of an agency in which a contact changed since it was last counted."""

    __tablename__ = "stale_months"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"), primary_key=True)


class Rebase(Table):
    """A decision that a process has changed, from which a chart's limits start anew."""

    __tablename__ = "rebases"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    measure: Mapped[str] = mapped_column(String(40))  # the code of an indicator
    agency_id: Mapped[str] = mapped_column(String(60))  # an agency, a group or all
    month: Mapped[str] = mapped_column(String(7))
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[str] = mapped_column(ForeignKey("users.id"))


class PublishedFigure(Table):
    """A figure as anybody is shown it, wherever it is shown: page, chart, table, file or API.

    ``period``, ``agency`` and ``form`` are leaves or sums (2026-03, 2026-Q1, a group's name, all).
    Those of a publication count once it is there, and for good. No ``value`` means that it is
    hidden, because it is small or would give a small one away. ``withheld`` is the number then, or
    what a mean is the mean of: nobody is shown it, and the sums of later publications need it.
    """

    __tablename__ = "published_figures"

    publication_id: Mapped[str] = mapped_column(id_column(), primary_key=True)
    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(12), primary_key=True)
    agency: Mapped[str] = mapped_column(String(60), primary_key=True)
    form: Mapped[str] = mapped_column(String(10), primary_key=True)
    category: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[float | None]
    withheld: Mapped[float | None]


class Publication(Table):
    """Months of one financial year, published once; written when all of their figures are there.

    ``groups`` gives the group, or none, of every agency that the figures are of.
    """

    __tablename__ = "publications"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    made_at: Mapped[datetime] = mapped_column(default=now)
    first_month: Mapped[str] = mapped_column(String(7), unique=True)
    last_month: Mapped[str] = mapped_column(String(7))
    groups: Mapped[dict[str, Any]] = mapped_column(JSON)
