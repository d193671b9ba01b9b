"""Dates of birth as forms write them, and the slips that writers make."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"([0-9]{1,4})[\s./-]+([0-9]{1,2})[\s./-]+([0-9]{2,4})")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[\s./-]+([a-z]{3})[a-z]*[\s,./-]+([0-9]{2,4})")


def parse_birth_date(text: str, *, today: date) -> date | None:
    """Give the date that *text* writes, day before month as in England; ``None`` if it is none.

    ``2015-04-03``, ``3/4/2015``, ``03.04.15`` and ``3rd April 2015`` are all read. Where the
    second number cannot be a month but the first can, the two were swapped. A year of two
    digits is the latest that is not after *today*'s year but one (an unborn child is due next
    year at the latest).
    """
    words = text.strip().lower()
    if named := _NAMED.fullmatch(words):
        day, month, year = named.groups()
        if month in _MONTHS:
            return _date(_full_year(year, today), _MONTHS.index(month) + 1, int(day))
    if numbers := _NUMBERS.fullmatch(words):
        first, second, third = numbers.groups()
        if len(first) == 4:
            return _date(int(first), int(second), int(third))
        year = _full_year(third, today)
        return _date(year, int(second), int(first)) or _date(year, int(first), int(second))
    return None


def is_slip(one: date, other: date) -> bool:
    """Whether two different dates are one slip apart.

    That is day and month swapped, one digit wrong, two neighbouring digits swapped, or the
    year before or after.
    """
    if swapped(one) == other:
        return True
    if (one.day, one.month) == (other.day, other.month) and abs(one.year - other.year) == 1:
        return True
    left, right = one.strftime("%Y%m%d"), other.strftime("%Y%m%d")
    wrong = [place for place in range(8) if left[place] != right[place]]
    if len(wrong) == 1:
        return True
    return (
        len(wrong) == 2
        and wrong[1] - wrong[0] == 1
        and left[wrong[0]] == right[wrong[1]]
        and left[wrong[1]] == right[wrong[0]]
    )


def swapped(born: date) -> date | None:
    """Give the date with day and month swapped, if there is such a date."""
    return _date(born.year, born.day, born.month)


def _full_year(digits: str, today: date) -> int:
    if len(digits) > 2:
        return int(digits)
    latest = today.year + 1
    year = latest - latest % 100 + int(digits)
    return year if year <= latest else year - 100


def _date(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day)
    return None
