"""A decision that a measure of an agency starts anew, because a process has changed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.store.audit import record
from api.store.codes import Action
from api.store.tables import Rebase
from nlp.errors import UnknownChoiceError

REASON_LENGTH = 300


def rebase_from(
    session: Session, month: str, *, measure: str, agency: str, reason: str, by: Identity
) -> None:
    """Record that *measure* starts anew from *month*, and why; it is in the audit log.

    The caller has checked the month, the measure and the agency.

    Raises:
        UnknownChoiceError: If no reason is given.
    """
    if not reason.strip():
        raise UnknownChoiceError("reason is empty; say what changed")
    row = Rebase(
        measure=measure, agency_id=agency, month=month, reason=reason.strip(), made_by=by.id
    )
    session.add(row)
    session.flush()
    record(session, actor=by.actor, action=Action.REBASED, target=f"rebase:{row.id}")
