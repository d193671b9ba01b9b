"""The ways that published figures are broken down: fixed, so that nobody can carve out a few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from api.figures.suppression import Axis
from nlp.domain import Form

ALL, GROUP = "all", "group:"


def months_axis(months: Sequence[str]) -> Axis:
    """Give the months of one financial year, and the quarters and the year that they make whole.

    Part of a quarter has no sum: taken from the whole one later, it would tell the rest.
    """
    names, parents = list(months), dict[int, tuple[int, ...]]()
    below = months
    for name_of, size in ((quarter_of, 3), (_year_of, 4)):
        whole = [
            (name, parts)
            for name, group in groupby(below, key=name_of)
            if len(parts := tuple(names.index(each) for each in group)) == size
        ]
        for name, parts in whole:
            parents[len(names)] = parts
            names.append(name)
        below = [name for name, _ in whole]
    return Axis(tuple(names), parents)


def agencies_axis(groups: Mapping[str, str | None]) -> Axis:
    """Give agencies, the groups that some belong to, and all of them."""
    agencies = sorted(groups)
    named = sorted({group for group in groups.values() if group})
    names = [*agencies, *(f"{GROUP}{group}" for group in named), ALL]
    parents = {
        len(agencies) + place: tuple(
            agencies.index(each) for each in agencies if groups[each] == group
        )
        for place, group in enumerate(named)
    }
    loose = [agencies.index(each) for each in agencies if not groups[each]]
    return Axis(tuple(names), {**parents, len(names) - 1: (*parents, *loose)})


def forms_axis() -> Axis:
    """Give the two forms and both."""
    return Axis((Form.REFERRAL, Form.PPN, ALL), {2: (0, 1)})


def quarter_of(month: str) -> str:
    """Give the calendar quarter of 2026-03: 2026-Q1."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def financial_year_of(month: str) -> str:
    """Give the financial year of 2026-03, which began in April before it: 2025/26."""
    year = int(month[:4]) - (int(month[5:]) < 4)
    return f"{year}/{(year + 1) % 100:02}"


def last_month_of(period: str) -> str:
    """Give the month with which a month, quarter or financial year ends."""
    if "/" in period:
        return f"{int(period[:4]) + 1}-03"
    return f"{period[:4]}-{3 * int(period[-1]):02}" if "Q" in period else period


def _year_of(quarter: str) -> str:
    return financial_year_of(last_month_of(quarter))
