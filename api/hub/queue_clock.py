"""A moment in the words that people at a hub use for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.clocks import LONDON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JOIN = "\u00a0"  # a space at which no line ends


@dataclass(frozen=True)
class Clock:
    """How long there is, or how long it is overdue, and the moment itself."""

    words: str
    exact: str
    overdue: bool


def read_clock(due: datetime, *, at: datetime) -> Clock:
    """Say how *due* stands to *at*: 'Due in 2 h 10 min', 'Overdue by 1 day 3 h'."""
    overdue = at > due
    length = say_length(abs(due - at))
    words = f"Overdue by {length}" if overdue else f"Due in {length}"
    return Clock(words, say_moment(due, at=at), overdue)


def say_length(length: timedelta) -> str:
    """Say a length of time in its two largest units; a number and its unit stay together."""
    days, hours, minutes = (
        length // DAY,
        length % DAY // HOUR,
        length % HOUR // timedelta(minutes=1),
    )
    if days:
        unit = "day" if days == 1 else "days"
        parts = (f"{days}{JOIN}{unit}", f"{hours}{JOIN}h" if hours else "")
    elif hours:
        parts = (f"{hours}{JOIN}h", f"{minutes}{JOIN}min" if minutes else "")
    else:
        parts = (f"{minutes}{JOIN}min" if minutes else "less than a minute", "")
    return " ".join(parts).rstrip()


def say_moment(moment: datetime, *, at: datetime) -> str:
    """Say *moment* as it is spoken of at the hub *at* that time: 'today at 14:05'."""
    there, here = moment.astimezone(LONDON), at.astimezone(LONDON)
    days = (there.date() - here.date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if near is None:
        far = abs(days) > 180
        near = f"{there:%a} {there.day} {there:%b}" + (f" {there.year}" if far else "")
    return f"{near} at {there:%H:%M}"
