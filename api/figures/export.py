"""Published figures as rows, for files and the API: the same that every page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from api.figures.axes import ALL, GROUP
from api.figures.files import Column, Row
from api.figures.measures import Measure
from api.figures.publishing import MEAN_SCORE, all_measures
from api.figures.selection import FORMS, Covered, refuse_unknown
from api.figures.shown import HIDDEN, PUBLISHED
from api.store.tables import Agency, PublishedFigure

COLUMNS = (
    Column("measure"),
    Column("category"),
    Column("period"),
    Column("period_kind"),
    Column("agency"),
    Column("agency_kind"),
    Column("agency_name"),
    Column("form"),
    Column("value", "number"),
    Column("symbol"),
)


@dataclass(frozen=True)
class Wanted:
    """What of the figures is wanted; empty is everything, sums and parts alike."""

    measure: str = ""
    period: str = ""
    agency: str = ""
    form: str = ""


def exported_measures() -> tuple[str, ...]:
    """Give every measure that a figure can be of."""
    return (Measure.CONTACTS, MEAN_SCORE, *all_measures())


def check_wanted(wanted: Wanted, covered: Covered) -> Wanted:
    """Give *wanted* if there is such a choice.

    Raises:
        UnknownChoiceError: If there is not; the message names the field and never its value.
    """
    for field, value, known in (
        ("measure", wanted.measure, exported_measures()),
        ("period", wanted.period, {*covered.periods, *covered.months}),
        ("agency", wanted.agency, covered.senders),
        ("form", wanted.form, FORMS),
    ):
        if value:
            refuse_unknown(field, value, known)
    return wanted


def figure_rows(session: Session, wanted: Wanted) -> Iterator[Row]:
    """Give the wanted figures as rows of `COLUMNS`, in one order every time."""
    names = {row.id: row.name for row in session.execute(select(Agency.id, Agency.name))}
    columns = (
        PublishedFigure.measure,
        PublishedFigure.period,
        PublishedFigure.agency,
        PublishedFigure.form,
        PublishedFigure.category,
    )
    found = (
        select(*columns, PublishedFigure.value)
        .where(*_conditions(wanted))
        .order_by(*columns)
        .execution_options(yield_per=5000)
    )
    for row in session.execute(found):
        yield {
            "measure": row.measure,
            "category": row.category,
            "period": row.period,
            "period_kind": period_kind(row.period),
            "agency": row.agency,
            "agency_kind": agency_kind(row.agency),
            "agency_name": names.get(row.agency, ""),
            "form": row.form,
            "value": _number(row.value),
            "symbol": HIDDEN if row.value is None else "",
        }


def period_kind(period: str) -> str:
    """Say whether a period is a month, a quarter or a financial year."""
    return "year" if "/" in period else "quarter" if "Q" in period else "month"


def agency_kind(agency: str) -> str:
    """Say whether it is one agency, a group or all of them."""
    if agency == ALL:
        return ALL
    return "group" if agency.startswith(GROUP) else "agency"


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield PUBLISHED
    for column, value in (
        (PublishedFigure.measure, wanted.measure),
        (PublishedFigure.period, wanted.period),
        (PublishedFigure.agency, wanted.agency),
        (PublishedFigure.form, wanted.form),
    ):
        if value:
            yield column == value


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value
