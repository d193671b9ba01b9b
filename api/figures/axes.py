"""The ways that published figures are broken down: fixed, so that nobody can carve out a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from api.figures.suppression import Axis
from nlp.domain import Form

ALL = "all"


def months_axis(months: Sequence[str]) -> Axis:
    """Give months, calendar quarters, financial years (April to March) and all of them."""
    return _tree(months, [quarter_of, financial_year_of])


def agencies_axis(groups: Mapping[str, str | None]) -> Axis:
    """Give agencies, the groups that some belong to, and all of them."""
    agencies = sorted(groups)
    named = sorted({group for group in groups.values() if group})
    names = [*agencies, *(f"group:{group}" for group in named), ALL]
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


def categories_axis(categories: Iterable[str], *, total: bool) -> Axis:
    """Give a measure's categories, with their total where each contact is of just one."""
    names = sorted(categories)
    if not total:
        return Axis(tuple(names), {})
    return Axis((*names, ALL), {len(names): tuple(range(len(names)))})


def quarter_of(month: str) -> str:
    """Give the calendar quarter of 2026-03: 2026-Q1."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def financial_year_of(month: str) -> str:
    """Give the financial year of 2026-03, which began in April before it: 2025/26."""
    year = int(month[:4]) - (int(month[5:]) < 4)
    return f"{year}/{(year + 1) % 100:02}"


def _tree(leaves: Sequence[str], levels: Sequence[Callable[[str], str]]) -> Axis:
    """Give sums of *leaves* by each of *levels* in turn, and of everything."""
    names, parents = list(leaves), dict[int, tuple[int, ...]]()
    below = [(place, leaf) for place, leaf in enumerate(leaves)]
    for level in levels:
        above = []
        for name, members in groupby(below, key=lambda member: level(member[1])):
            held = list(members)
            parents[len(names)] = tuple(place for place, _leaf in held)
            above.append((len(names), held[0][1]))
            names.append(name)
        below = above
    parents[len(names)] = tuple(place for place, _leaf in below)
    return Axis((*names, ALL), parents)
