"""What happened to the queue since a page of it was shown, in ids and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.hub.queue_filters import QueueFilters
from api.store.codes import Action, Stage
from api.store.tables import AuditRow, Contact

# Acts by which a card that is on a page is no longer as it was shown.
CHANGES = (
    Action.CONTACT_SCORED,
    Action.CONTACT_CLAIMED,
    Action.CONTACT_RELEASED,
    Action.CONTACT_DECIDED,
    Action.NOTIFICATION_CONFIRMED,
    Action.SIGNED_OFF,
    Action.SENT_BACK,
)
MOST = 500  # acts looked at: a page that is older than these is simply out of date
TARGET = "contact:"


@dataclass(frozen=True)
class Changes:
    """How many new contacts the filters leave, which others changed, how many are overdue."""

    new: int
    changed: list[str]
    overdue: int


def read_changes(
    session: Session, filters: QueueFilters, *, after: int, actor: str, me: str, at: datetime
) -> Changes:
    """Give what came after row *after* of the log; what *actor* did they know already."""
    acts = session.execute(
        select(AuditRow.action, AuditRow.target, AuditRow.actor)
        .where(AuditRow.number > after, AuditRow.action.in_([Action.CONTACT_SENT, *CHANGES]))
        .order_by(AuditRow.number.desc())
        .limit(MOST)
    ).all()
    sent = {act.target.removeprefix(TARGET) for act in acts if act.action is Action.CONTACT_SENT}
    others = {act.target.removeprefix(TARGET) for act in acts if act.actor != actor} - sent
    overdue = select(func.count()).where(
        Contact.stage == Stage.WAITING, Contact.due_at < at, Contact.erased_at.is_(None)
    )
    return Changes(
        new=_count(session, sent, filters, me=me, at=at),
        changed=sorted(others),
        overdue=session.scalar(overdue) or 0,
    )


def _count(
    session: Session, sent: set[str], filters: QueueFilters, *, me: str, at: datetime
) -> int:
    if not sent:
        return 0
    left = select(func.count()).where(Contact.id.in_(sent), *filters.conditions(me=me, at=at))
    return session.scalar(left) or 0
