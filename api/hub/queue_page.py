"""One page of the queue: what a person needs to choose whom to see next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from api.hub.claims import is_stale
from api.hub.notifications import Answer, answers, count_to_check
from api.hub.order import by_order
from api.hub.queue_children import name_children
from api.hub.queue_clock import Clock, read_clock, say_moment
from api.hub.queue_filters import QueueFilters
from api.store.codes import Stage
from api.store.references import reference_of
from api.store.tables import Agency, AuditRow, Contact, User
from nlp.domain import Form, Level, Urgency

PAGE = 25
# Counting and paging end here: what lies further is found by a filter or a search.
MOST_COUNTED = 2_000

_COLUMNS = (
    Contact.id,
    Contact.version,
    Contact.form,
    Contact.stage,
    Contact.received_at,
    Contact.due_at,
    Contact.scored,
    Contact.failed_at,
    Contact.urgency,
    Contact.level,
    Contact.lowest_level,
    Contact.highest_level,
    Contact.missing,
    Contact.flags,
    Contact.vulnerabilities,
    Contact.looks_inappropriate,
    Contact.claimed_by,
    Contact.claimed_at,
    Agency.name.label("agency"),
    User.name.label("holder"),
)


@dataclass(frozen=True)
class QueueRow:
    """A contact as its card shows it. ``level`` and the two ends are ``None`` until it is read."""

    id: str
    version: int
    reference: str
    children: str
    agency: str
    form: Form
    stage: Stage
    received: str
    clock: Clock
    scored: bool
    failed: bool
    urgency: Urgency | None
    level: Level | None
    lowest: Level | None
    highest: Level | None
    missing: int | None
    flags: Sequence[str]
    vulnerabilities: Sequence[str]
    notification: Answer | None
    holder_id: str | None
    holder: str | None
    held_since: str | None
    stale: bool
    mine: bool


@dataclass(frozen=True)
class QueuePage:
    """A page of rows; ``total`` stops at `MOST_COUNTED`. ``seen`` is how far the log went then."""

    rows: Sequence[QueueRow]
    total: int
    page: int
    seen: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at the least."""
        return max(1, -(-self.total // PAGE))

    @property
    def more(self) -> bool:
        """Are there more than are counted?"""
        return self.total >= MOST_COUNTED


@dataclass(frozen=True)
class Summary:
    """What waits for a decision, in counts."""

    waiting: int
    overdue: int
    unscored: int
    mine: int
    sign_off: int
    notifications: int


def read_queue(
    session: Session, filters: QueueFilters, *, me: str, at: datetime, page: int = 1
) -> QueuePage:
    """Give one page of the contacts that *filters* leave, for the person *me*."""
    conditions = list(filters.conditions(me=me, at=at))
    seen = session.scalar(select(func.max(AuditRow.number))) or 0
    counted = select(Contact.id).where(*conditions).limit(MOST_COUNTED).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    newest = (Contact.received_at.desc(), Contact.id)
    order = newest if filters.stage is Stage.DECIDED else by_order()
    query = _rows(conditions).order_by(*order).limit(PAGE).offset(PAGE * (page - 1))
    return QueuePage(_make(session, query, me=me, at=at), total, page, seen)


def read_rows(session: Session, ids: Iterable[str], *, me: str, at: datetime) -> list[QueueRow]:
    """Give the contacts of these *ids* in the order of the queue, open ones before decided."""
    query = _rows([Contact.id.in_(list(ids)), Contact.erased_at.is_(None)])
    decided = case((Contact.stage == Stage.DECIDED, 1), else_=0)
    return _make(session, query.order_by(decided, *by_order()), me=me, at=at)


def read_summary(session: Session, *, me: str, at: datetime) -> Summary:
    """Count what is open."""
    waiting = Contact.stage == Stage.WAITING
    found = session.execute(
        select(
            _count(waiting),
            _count(waiting & (Contact.due_at < at)),
            _count(waiting & Contact.scored.is_(False)),
            _count(waiting & (Contact.claimed_by == me)),
            _count(Contact.stage == Stage.AWAITING_SIGN_OFF),
        ).where(
            Contact.stage.in_([Stage.WAITING, Stage.AWAITING_SIGN_OFF]), Contact.erased_at.is_(None)
        )
    ).one()
    return Summary(*found, notifications=count_to_check(session))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _rows(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Agency, Agency.id == Contact.agency_id)
        .outerjoin(User, User.id == Contact.claimed_by)
        .where(*conditions)
    )


def _make(session: Session, query: Select[Any], *, me: str, at: datetime) -> list[QueueRow]:
    found = session.execute(query).all()
    ids = [each.id for each in found]
    children, said = name_children(session, ids, on=at.date()), answers(session, ids)
    return [_row(each, children.get(each.id, ""), said.get(each.id), me, at) for each in found]


def _row(found: Any, children: str, said: Answer | None, me: str, at: datetime) -> QueueRow:
    doubted = found.looks_inappropriate and found.stage is Stage.WAITING
    return QueueRow(
        id=found.id,
        version=found.version,
        reference=reference_of(found.id),
        children=children,
        agency=found.agency,
        form=found.form,
        stage=found.stage,
        received=say_moment(found.received_at, at=at),
        clock=read_clock(found.due_at, at=at),
        scored=found.scored,
        failed=found.failed_at is not None,
        urgency=found.urgency,
        level=found.level,
        lowest=found.lowest_level,
        highest=found.highest_level,
        missing=found.missing,
        flags=found.flags,
        vulnerabilities=found.vulnerabilities,
        notification=said or (Answer.OPEN if doubted else None),
        holder_id=found.claimed_by,
        holder=found.holder,
        held_since=say_moment(found.claimed_at, at=at) if found.claimed_at else None,
        stale=is_stale(found.claimed_at, at=at),
        mine=found.claimed_by == me,
    )
