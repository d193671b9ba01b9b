"""The log of overrides: decisions above or below the levels that the reading found plausible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import clocks
from api.outcomes import Way
from api.store.tables import Contact, Decision
from nlp.domain import LEVELS, Level

MONTHS = 12


@dataclass(frozen=True)
class MonthOfOverrides:
    """Of one month: decisions on contacts that were read, and those above and below."""

    month: str
    decisions: int
    higher: int
    lower: int


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason was given, each way."""

    reason: str
    higher: int
    lower: int


@dataclass(frozen=True)
class OverrideLog:
    """The last twelve months, the newest first, and the reasons, the most frequent first."""

    months: tuple[MonthOfOverrides, ...]
    reasons: tuple[ReasonCount, ...]


def find_overrides(session: Session, *, at: datetime) -> OverrideLog:
    """Count every decision of twelve months that was not sent back."""
    months = _months(at)
    start, _ = clocks.month_bounds(months[-1])
    rows = session.execute(
        select(Decision.made_at, Decision.level, Decision.override_reason, Contact.level)
        .join(Contact, Contact.id == Decision.contact_id)
        .where(
            Decision.made_at >= start,
            Decision.sent_back_by.is_(None),
            Decision.assessment_id.is_not(None),
        )
    )
    decisions: Counter[str] = Counter()
    ways: Counter[tuple[str, Way]] = Counter()
    reasons: Counter[tuple[str, Way]] = Counter()
    for made_at, level, reason, read in rows:
        month = clocks.month_of(made_at)
        decisions[month] += 1
        if reason is not None:
            way = _way(level, read)
            ways[month, way] += 1
            reasons[reason, way] += 1
    return OverrideLog(
        tuple(
            MonthOfOverrides(each, decisions[each], ways[each, Way.HIGHER], ways[each, Way.LOWER])
            for each in months
        ),
        _by_frequency(reasons),
    )


def _way(decided: Level, read: Level | None) -> Way:
    """Which way: a level outside the plausible ones lies on one side of the likely one too."""
    higher = read is not None and LEVELS.index(decided) > LEVELS.index(read)
    return Way.HIGHER if higher else Way.LOWER


def _by_frequency(counted: Counter[tuple[str, Way]]) -> tuple[ReasonCount, ...]:
    codes = {code for code, _ in counted}
    found = [
        ReasonCount(code, counted[code, Way.HIGHER], counted[code, Way.LOWER]) for code in codes
    ]
    return tuple(sorted(found, key=lambda each: (-each.higher - each.lower, each.reason)))


def _months(at: datetime) -> list[str]:
    local = at.astimezone(clocks.LONDON)
    last = local.year * 12 + local.month - 1
    return [f"{each // 12}-{each % 12 + 1:02}" for each in range(last, last - MONTHS, -1)]
