"""Keep the monthly figures true: count anew what changed, or everything."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.facts import find_facts
from api.figures.measures import count
from api.store.opening import Store
from api.store.tables import Contact, MonthlyFigure, StaleMonth


def refresh(store: Store, *, at_most: int = 500) -> int:
    """Count anew the months that changed, each in its own transaction; give how many there were.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        stale = session.execute(select(StaleMonth.month, StaleMonth.agency_id).limit(at_most)).all()
    for month, agency_id in stale:
        recount(store, month=month, agency_id=agency_id)
    return len(stale)


def recount(store: Store, *, month: str, agency_id: str) -> None:
    """Count one month of one agency from its contacts.

    The mark goes first: a change that comes while we count waits, and marks the month again.
    """
    with store.writing() as session:
        session.execute(
            delete(StaleMonth).where(StaleMonth.month == month, StaleMonth.agency_id == agency_id)
        )
        session.execute(
            delete(MonthlyFigure).where(
                MonthlyFigure.month == month, MonthlyFigure.agency_id == agency_id
            )
        )
        session.add_all(_count(session, month=month, agency_id=agency_id))


def recount_all(store: Store) -> int:
    """Count anew every month in which a contact came; give how many there were.

    What is kept up is the same by construction: this is for after a repair of the database.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        covered = list(months_with_contacts(session))
    for month, agency_id in covered:
        recount(store, month=month, agency_id=agency_id)
    return len(covered)


def months_with_contacts(session: Session) -> Iterator[tuple[str, str]]:
    """Give every month and agency in which a contact came: what a full recount must cover."""
    for (agency_id,) in session.execute(select(Contact.agency_id).distinct()):
        first, last = session.execute(
            select(func.min(Contact.received_at), func.max(Contact.received_at)).where(
                Contact.agency_id == agency_id
            )
        ).one()
        month = clocks.month_of(first)
        while month <= clocks.month_of(last):
            yield month, agency_id
            month = clocks.month_of(clocks.month_bounds(month)[1])


def _count(session: Session, *, month: str, agency_id: str) -> Iterator[MonthlyFigure]:
    counted = count(find_facts(session, month=month, agency_id=agency_id))
    for (form, measure, category), number in counted.items():
        yield MonthlyFigure(
            measure=str(measure),
            month=month,
            agency_id=agency_id,
            form=form,
            category=category,
            count=number,
        )
