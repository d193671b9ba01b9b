"""Publish figures: everything that anybody is shown is written here once, small numbers hidden.

Closed months only, each once and for good (`api.figures.closing`); all measures are hidden as one
table, beside what was shown of the year before (`api.figures.relations`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import numpy as np
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from api.figures.axes import ALL, financial_year_of
from api.figures.closing import Year, due_months, find_year
from api.figures.counting import MEAN, Counted, count_year
from api.figures.measures import ELEMENT_PREFIX, SEVERAL_AT_ONCE, Measure
from api.figures.relations import CONTACTS, Cell, Related, relate
from api.figures.suppression import FEWEST_FOR_A_RATE, Axis, Counts, Mask, suppress
from api.store.columns import Table, new_id, now
from api.store.opening import Store
from api.store.tables import Publication, PublishedFigure
from nlp.domain import Element

ROWS_AT_ONCE = 2000
MEAN_SCORE = MEAN[0]

PublishedRow = Mapping[str, object]


def publish(store: Store, *, at: datetime | None = None) -> bool:
    """Publish the months that are closed at *at*, which is now if not given, and not published yet.

    Gives whether there were any. The monthly figures must have been refreshed.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        months = due_months(session, at or now())
    years = [list(few) for _, few in groupby(months, financial_year_of)]
    return sum(_publish_year(store, few) for few in years) > 0


def all_measures() -> tuple[str, ...]:
    """Give every measure that is published as counts, besides that of contacts itself."""
    counted = [str(each) for each in Measure if each not in {Measure.CONTACTS, Measure.SCORE}]
    return (*counted, *(f"{ELEMENT_PREFIX}{element}" for element in Element))


def _publish_year(store: Store, months: Sequence[str]) -> bool:
    with store.reading() as session:
        if not store.embedded:  # one state of everything, as a transaction of SQLite sees anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        year = find_year(session, months)
        rows = list(_rows(year, count_year(session, year))) if year else []
    if year is None:
        return False
    publication = Publication(
        id=new_id(), first_month=months[0], last_month=months[-1], groups=dict(year.groups)
    )
    return _write(store, rows, publication)


def _write(store: Store, rows: Sequence[PublishedRow], publication: Publication) -> bool:
    """Write figures a few at a time, then say that they count; give whether they do.

    Nobody who sends a contact must wait for all of them at once. Another server may be at it too:
    no month has two publications, and who comes second takes its figures back.
    """
    figures = Table.metadata.tables[PublishedFigure.__tablename__]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        few = [
            {**row, "publication_id": publication.id} for row in rows[start : start + ROWS_AT_ONCE]
        ]
        with store.writing() as session:
            session.connection().execute(insert(figures), few)
    try:
        with store.writing() as session:
            session.add(publication)
    except IntegrityError:
        with store.writing() as session:
            session.execute(delete(figures).where(figures.c.publication_id == publication.id))
        return False
    return True


def _rows(year: Year, counted: Counted) -> Iterator[PublishedRow]:
    """Give a row for each figure of the periods that are new; a nought that is shown has none."""
    contacts = counted.counts[CONTACTS]
    old = np.array([name in year.published for name in year.axes[0].names])[:, None, None]
    before = counted.hidden.get(CONTACTS, np.zeros(contacts.shape, bool))
    without = suppress(contacts, year.axes, shown=old & ~before, veiled=before)
    related = relate(counted.counts)
    hidden = _hide(year, counted, related, without, old)
    for place, cell in enumerate(related.names[: related.published]):
        counts = related.counts[place]
        yield from _cells(cell, year, ~old, counts, hidden[..., place], withheld=counts)
    scored, scores = counted.scored, counted.scores
    means = np.round(scores / np.maximum(scored, 1), 1)
    # Means of ten contacts or more, and only where their number is shown.
    few = (without & (scored > 0)) | ((scored > 0) & (scored < FEWEST_FOR_A_RATE))
    yield from _cells(MEAN, year, ~old, means, few, withheld=scores)


def _hide(year: Year, counted: Counted, related: Related, without: Mask, old: Mask) -> Mask:
    """Say what is hidden of every cell; *without* is where the number of contacts is."""
    counts = related.leaves
    published = np.arange(counts.shape[-1]) < related.published
    before = np.zeros(counts.shape, bool)
    shown = np.zeros(counts.shape, bool)
    for place, cell in enumerate(related.names[: related.published]):
        before[..., place] = counted.hidden.get(cell, False)
        if cell == CONTACTS or (cell[1] == ALL and cell[0] not in SEVERAL_AT_ONCE):
            shown[..., place] = ~without & (counts[..., place] == counted.counts[CONTACTS])
    shown |= _plain_noughts(counted.counts[CONTACTS], related, without) & published
    shown |= (old[..., None] & ~before) & published
    # Where the number of contacts is hidden, its parts are too: they would add up to it.
    veiled = (before | without[..., None]) & ~shown
    beyond = np.broadcast_to(~published, counts.shape)
    axes: tuple[Axis, ...] = (*year.axes, related.axis)
    return suppress(counts, axes, shown=shown, veiled=veiled, unpublished=beyond, by_bounds=True)


def _plain_noughts(contacts: Counts, related: Related, without: Mask) -> Mask:
    """Say which noughts are no secret and cover nothing: no contact on the form is ever so.

    Or none came on it at all, which is shown; others may have expected one of the agency then.
    """
    counts = related.leaves
    expected = np.array([measure == Measure.EXPECTED for measure, _ in related.names])
    none = ((contacts == 0) & ~without)[..., None] & ~expected
    plain: Mask = (~counts.any(axis=(0, 1), keepdims=True) | none) & (counts == 0)
    plain[:, :, 2] = plain[:, :, 0] & plain[:, :, 1]  # both forms
    return plain


def _cells(
    cell: Cell, year: Year, new: Mask, values: np.ndarray, hidden: Mask, *, withheld: Counts
) -> Iterator[PublishedRow]:
    """Give the rows of one cell; a mean keeps what it is made of, for those of longer periods."""
    names = [axis.names for axis in year.axes]
    for place in zip(*np.nonzero(new & ((values != 0) | hidden)), strict=True):
        period, agency, form = (known[at] for known, at in zip(names, place, strict=True))
        veiled = bool(hidden[place])
        yield {
            "measure": cell[0],
            "category": cell[1],
            "period": period,
            "agency": agency,
            "form": form,
            "value": None if veiled else float(values[place]),
            "withheld": float(withheld[place]) if veiled or cell == MEAN else None,
        }
