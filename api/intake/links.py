"""Which contacts are linked as being about one child, and what follows from that."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from api.store.codes import LinkState
from api.store.tables import Contact, SameChild

# The cumulative rule counts twelve months back from when the contact came.
TWELVE_MONTHS = timedelta(days=365)
# A suggested link counts from this probability on, until staff say otherwise. One that counts
# wrongly keeps a notification from being called inappropriate: the safe way to be wrong.
COUNTS_FROM = 0.9


def count_earlier(session: Session, contact: Contact) -> int:
    """Give the number of earlier contacts in twelve months that are linked to *contact*.

    Contacts about another child of the family are not counted.
    """
    since = contact.received_at - TWELVE_MONTHS
    counted = (
        select(func.count())
        .select_from(SameChild)
        .join(Contact, Contact.id == SameChild.earlier_id)
        .where(SameChild.later_id == contact.id, Contact.received_at >= since, _counts())
    )
    return session.scalar(counted) or 0


def _counts() -> ColumnElement[bool]:
    likely = and_(SameChild.state == LinkState.SUGGESTED, SameChild.probability >= COUNTS_FROM)
    return and_(
        SameChild.family_only.is_(False), or_(SameChild.state == LinkState.CONFIRMED, likely)
    )
