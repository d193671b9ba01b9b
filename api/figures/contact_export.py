"""Contacts one by one in the fields of ``ssd_contacts``: no name, no word, nobody's number.

Field names: Standard Safeguarding Dataset, https://data-to-insight.github.io/ssd-data-model/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.dictionary import contact_columns
from api.figures.facts import STANDS
from api.figures.files import Column, Row
from api.intake.importing.profiles import codes
from api.store.codes import Outcome
from api.store.tables import Agency, Contact, Decision

CONTACT_COLUMNS = tuple(Column(name) for name in contact_columns())
OTHER = "OTHER_OUTCOMES_EXIST_FLAG"  # where the data set has no outcome of its own


def contact_rows(session: Session, *, first: str, last: str) -> Iterator[Row]:
    """Give every contact of the months from *first* to *last*, erased ones left out."""
    start, end = clocks.month_bounds(first)[0], clocks.month_bounds(last)[1]
    within = (Contact.received_at >= start, Contact.received_at < end)
    outcomes = dict(_outcomes(session, within))
    found = (
        select(
            Contact.id,
            Contact.received_at,
            Contact.decided_elsewhere,
            Agency.source_code,
            Agency.name,
        )
        .join(Agency, Agency.id == Contact.agency_id)
        .where(*within, Contact.erased_at.is_(None))
        .order_by(Contact.received_at, Contact.id)
        .execution_options(yield_per=5000)
    )
    for row in session.execute(found):
        outcome = outcomes.get(row.id, row.decided_elsewhere)
        yield {
            "cont_contact_id": row.id,
            "cont_contact_date": row.received_at.astimezone(clocks.LONDON).date().isoformat(),
            "cont_contact_source_code": row.source_code,
            "cont_contact_source_desc": row.name,
            "cont_contact_outcome_json": write_outcome(outcome),
        }


def write_outcome(outcome: Outcome | None) -> str:
    """Give the flags of ``cont_contact_outcome_json``; empty where nothing is decided."""
    if outcome is None:
        return ""
    flags = {f"OUTCOME_{flag}": each for flag, each in codes().outcome_flags.items()}
    said = {flag: "Y" if each is outcome else "N" for flag, each in flags.items()}
    return json.dumps({**said, OTHER: "N" if outcome in flags.values() else "Y"})


def _outcomes(session: Session, within: tuple[object, ...]) -> Iterator[tuple[str, Outcome]]:
    """Give the outcome of each contact's last decision that needs no signature any more."""
    found = (
        select(Decision.contact_id, Decision.outcome)
        .join(Contact, Contact.id == Decision.contact_id)
        .where(
            *within,  # type: ignore[arg-type]
            *STANDS,
        )
        .order_by(Decision.made_at)
    )
    for row in session.execute(found):
        yield row.contact_id, row.outcome
