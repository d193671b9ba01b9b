"""Note which months of which agencies a change touches, so that leaders' counts are made anew.

Noted in the transaction of the change itself, whoever makes it: nobody can forget to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from api import clocks
from api.store.tables import Contact, Decision, Reply, StaleMonth, StoredAssessment

OF_A_CONTACT = (Decision, Reply, StoredAssessment)
NOTED = "stale_months"


def note_stale_months(sessions: sessionmaker[Session]) -> None:
    """Have every session of *sessions* note what its changes touch."""
    event.listen(sessions, "before_flush", _note)
    event.listen(sessions, "before_commit", _keep)


def _note(session: Session, _context: Any, _instances: Any) -> None:
    session.info.setdefault(NOTED, set()).update(_touched(session))


def _touched(session: Session) -> Iterator[tuple[str, str]]:
    with session.no_autoflush:
        for each in [*session.new, *session.dirty]:
            contact: object = each
            if isinstance(each, OF_A_CONTACT) and each.contact_id is not None:
                contact = session.get(Contact, each.contact_id)
            if isinstance(contact, Contact) and contact.received_at is not None:
                month = clocks.month_of(contact.received_at)
                yield month, contact.agency_id
                if isinstance(each, Decision):
                    yield from ((month, agency) for agency in _expected_from(session, each))


def _expected_from(session: Session, decision: Decision) -> set[str]:
    """Give who owed a notification by this decision, or by one that it may stand in place of."""
    earlier = select(Decision.expected_from).where(Decision.contact_id == decision.contact_id)
    named = {*session.scalars(earlier), decision.expected_from}
    return {each for each in named if each is not None}


def _keep(session: Session) -> None:
    """Write the marks last and in order, so that two transactions never wait for each other.

    A mark that is there is written again: that holds its row, so that who counts the month waits
    for this change.
    """
    session.flush()
    noted = session.info.pop(NOTED, set())
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for month, agency_id in sorted(noted):
        mark = dialect.insert(StaleMonth).values(month=month, agency_id=agency_id)
        session.execute(
            mark.on_conflict_do_update(
                index_elements=["month", "agency_id"], set_={"month": mark.excluded.month}
            )
        )
