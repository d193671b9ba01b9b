"""Which contact is read next: found by an index, so that however many wait, none is sorted."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.store.codes import Channel, Stage
from api.store.tables import Contact

_SENT, _OPEN = (Channel.PAGE, Channel.API), (Stage.WAITING, Stage.AWAITING_SIGN_OFF)
# What people wait for comes first: what was sent, then imports, then history.
_TURNS = (
    tuple(product(_SENT, _OPEN)),
    tuple(product([Channel.IMPORT], _OPEN)),
    tuple(product(Channel, [Stage.DECIDED])),
)
_UNREAD = Contact.scored.is_(False) & Contact.erased_at.is_(None)
_NEW = Contact.read_again_at.is_(None)

_First = tuple[datetime, str]


def find_next(session: Session, *, at: datetime, new_only: bool = False) -> str | None:
    """Give the contact to read next, if any; in each turn first the oldest that nobody has taken.

    Those that are to be read again come after them in their turn, unless it is *new_only*.
    """
    for kinds in _TURNS:
        firsts = [_first(session, kind, _NEW, Contact.received_at) for kind in kinds]
        if not any(firsts) and not new_only:
            again = Contact.read_again_at
            firsts = [_first(session, kind, again <= at, again) for kind in kinds]
        if found := [each for each in firsts if each]:
            return min(found)[1]
    return None


def may_be_taken(at: datetime) -> ColumnElement[bool]:
    """Give the condition that a contact waits to be read and no server has it at the moment."""
    return _UNREAD & (_NEW | (Contact.read_again_at <= at))


def _first(
    session: Session,
    kind: tuple[Channel, Stage],
    condition: ColumnElement[bool],
    by: InstrumentedAttribute[Any],
) -> _First | None:
    """The first of a kind *by* a column that follows what is asked for in ix_contacts_to_read."""
    channel, stage = kind
    asked = _UNREAD & (Contact.channel == channel) & (Contact.stage == stage) & condition
    row = session.execute(select(by, Contact.id).where(asked).order_by(by).limit(1)).first()
    return (row[0], row[1]) if row else None
