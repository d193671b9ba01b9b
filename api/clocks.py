"""When a contact must be answered: hours and working days of an English hub.

Red is four hours by the clock, at any hour. Amber and green count working days from when the hub
is next open, weekends and bank holidays of England left out; a contact that comes while the hub
is shut counts from its opening. Sources: the London continuum of need for red and amber; Working
Together 2026 for one working day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from nlp.domain import Urgency

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = time(9), time(17)
RED = timedelta(hours=4)
WORKING_DAYS: Mapping[Urgency, int] = {Urgency.AMBER: 1, Urgency.GREEN: 3}
REPLY_WORKING_DAYS = 1


def due_at(received: datetime, urgency: Urgency | None) -> datetime:
    """Give when a decision is due; a contact that was not scored is as urgent as red."""
    if urgency is None or urgency is Urgency.RED:
        # By the clock of the world: on the night that London's go back, four hours are four.
        return (received.astimezone(UTC) + RED).astimezone(received.tzinfo)
    return add_working_days(received, WORKING_DAYS[urgency])


def reply_due_at(received: datetime) -> datetime:
    """Give when the referrer must have heard: one working day after the contact came."""
    return add_working_days(received, REPLY_WORKING_DAYS)


def add_working_days(start: datetime, days: int) -> datetime:
    """Give the same time of day *days* working days after *start*, or after the next opening."""
    opening = next_open(start.astimezone(LONDON))
    day = opening.date()
    for _ in range(days):
        day = _next_working_day(day)
    return datetime.combine(day, opening.timetz()).astimezone(start.tzinfo)


def next_open(at: datetime) -> datetime:
    """Give *at* itself if the hub is open then, else its next opening; *at* in London time."""
    if is_working_day(at.date()) and at.time() < CLOSES:
        return max(at, at.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0))
    return datetime.combine(_next_working_day(at.date()), OPENS, tzinfo=LONDON)


def is_working_day(day: date) -> bool:
    """Is *day* neither a weekend nor a bank holiday of England?"""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def month_of(at: datetime) -> str:
    """Give the month of *at* in London, as 2026-03."""
    return at.astimezone(LONDON).strftime("%Y-%m")


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Give the first moment of a month in London, and of the next one."""
    year, number = (int(part) for part in month.split("-"))
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=LONDON), datetime(*following, 1, tzinfo=LONDON)


def month_after(month: str) -> str:
    """Give the month that follows."""
    return month_of(month_bounds(month)[1])


def months_between(first: str, last: str) -> Iterator[str]:
    """Give every month from *first* to *last*, both among them; none if *last* is before."""
    while first <= last:
        yield first
        first = month_after(first)


def say_day(day: date) -> str:
    """Say a day as people in England write it: 5 October 2026."""
    return f"{day.day} {day:%B %Y}"


def say_month(month: str) -> str:
    """Say 2026-03 in words: March 2026."""
    return f"{month_bounds(month)[0]:%B %Y}"
