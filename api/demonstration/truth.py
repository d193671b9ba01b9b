"""Read what the demonstration plants, and when: ``truth.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field

from api import clocks
from nlp.domain import Element
from nlp.rule_files import RuleFile, loader_of

DAYS_KEPT = 45  # and the rest of that month: sixty days in the mean
MONTHS_AFTER_MARCH = 7  # so many points on one side of the mean make a shift in an XmR chart


class Shift(RuleFile):
    """An element that an agency leaves out more or less often from a month on."""

    agency: str
    element: Element
    start: Literal["feedback", "march"] = Field(alias="from")
    before: float
    after: float


class Outlier(RuleFile):
    """An agency that leaves an element out far more often than all others do."""

    agency: str
    element: Element
    missing: float
    others: float


class Holiday(RuleFile):
    """The share of a group's usual contacts that come in one month of the year."""

    group: str
    month: int
    share: float


class StaffTruth(RuleFile):
    """How often staff do what; shares."""

    above: float
    below: float
    late: float
    agrees_inappropriate: float
    finds_inappropriate: float
    consent_overridden: float
    reply_late: float
    reply_never: float


class NotificationTruth(RuleFile):
    """How often notifications come late or never, and who owes those that do not come."""

    owed_by: str
    day_told: float
    late: float
    came_late: float
    never_came: float


class DraftTruth(RuleFile):
    """How often drafts are checked and improved, before and since an agency uses the feedback."""

    checked_before: float
    checked_since: float
    improved_before: float
    improved_since: float


class Truth(RuleFile):
    """Everything that is planted."""

    monthly: Mapping[str, int]
    shifts: tuple[Shift, ...]
    outlier: Outlier
    holiday: Holiday
    staff: StaffTruth
    notifications: NotificationTruth
    drafts: DraftTruth
    repeats: float


load_truth = loader_of(Path(__file__).with_suffix(".yaml"), Truth)


def first_day(at: datetime) -> date:
    """Give the day from which contacts are kept: the first of the month of 45 days before.

    A month is kept whole, or leaders' counts of it would show a fall that was none.
    """
    return (at.astimezone(clocks.LONDON) - timedelta(days=DAYS_KEPT)).date().replace(day=1)


def month_before(day: date, months: int) -> date:
    """Give the first day of the month that is *months* before that of *day*."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def start_of(shift: Shift, *, first: date, feedback_since: date | None) -> date:
    """Give the first day of the month from which *shift* holds; *first* as `first_day` gives."""
    if shift.start == "feedback":
        return (feedback_since or first).replace(day=1)
    latest = month_before(first, MONTHS_AFTER_MARCH)
    year = latest.year if latest.month >= 3 else latest.year - 1
    return date(year, 3, 1)
