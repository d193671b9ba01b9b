"""Keep the monthly figures true: count anew what changed, or everything."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.facts import find_expected, find_facts
from api.figures.measures import Measure, count
from api.store.opening import Store
from api.store.tables import Contact, Decision, MonthlyFigure, StaleMonth
from nlp.domain import Form


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
    """Give the months from the first contact to the last, for each agency that had one or owed one.

    It is what a full recount must cover.
    """
    first, last = session.execute(
        select(func.min(Contact.received_at), func.max(Contact.received_at))
    ).one()
    owing = select(Decision.expected_from).where(Decision.expected_from.is_not(None))
    agencies = {*session.scalars(select(Contact.agency_id).distinct())}
    agencies.update(each for each in session.scalars(owing.distinct()) if each is not None)
    if agencies:
        for month in clocks.months_between(clocks.month_of(first), clocks.month_of(last)):
            yield from ((month, each) for each in sorted(agencies))


def _count(session: Session, *, month: str, agency_id: str) -> Iterator[MonthlyFigure]:
    counted = count(find_facts(session, month=month, agency_id=agency_id))
    for expected in find_expected(session, month=month, agency_id=agency_id):
        counted[Form.PPN, Measure.EXPECTED, expected] += 1
    for (form, measure, category), number in counted.items():
        yield MonthlyFigure(
            measure=str(measure),
            month=month,
            agency_id=agency_id,
            form=form,
            category=category,
            count=number,
        )
