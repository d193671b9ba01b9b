"""How the watch does on simulated years, as two tables in Markdown (`measured.md`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from tqdm import tqdm

from api.figures.intervals import wilson
from api.watch.definitions import load_watch
from api.watch.simulation import YEAR, Noticed, Planted, load_simulation, notice, simulate

REFERENCES = (26, 52)  # weeks before a drift is planted


def measure_false_alarms(areas: int, *, seed: int) -> Iterator[str]:
    """Give the share of so many areas without drift in whose first and second years any alarms."""
    file = load_watch()
    yield f"{file.false_alarms:.0%} a year are allowed."
    yield "| without drift | series | years | with any alarm | share | 95% interval |"
    yield "|---|---|---|---|---|---|"
    for alike in (0.0, load_simulation().alike):
        alarms, watched = [0, 0], 0
        for each_seed in _seeds(seed, areas, "without drift"):
            made = simulate(each_seed, file, weeks=2 * YEAR, alike=alike)
            watched = max(watched, sum(each.chart is not None for each in made.series))
            for place in (0, 1):
                alarms[place] += bool(made.alarms(range(place * YEAR, (place + 1) * YEAR)))
        for year, number in zip(("first", "second"), alarms, strict=True):
            share = wilson(number, areas)
            what = f"{year} year, neighbouring weeks correlated {alike:g}"
            found = f"{number} | {share.estimate:.1%} | {share.low:.1%} to {share.high:.1%}"
            yield f"| {what} | {watched} | {areas} | {found} |"


def measure_notice(areas: int, *, seed: int) -> Iterator[str]:
    """Give by how many contacts half, and nine in ten, of so many areas' drifts are noticed."""
    yield "| planted | in contacts of | after weeks | noticed in a year | contacts | weeks |"
    yield "|---|---|---|---|---|---|"
    made, file = load_simulation(), load_watch()
    for drift, (agency, whose), since in product(made.drifts, made.tried.items(), REFERENCES):
        planted = Planted(drift, agency, since)
        seeds = _seeds(seed, areas, f"{drift.measure} of {agency}")
        found = [notice(each, file, planted) for each in seeds]
        yield f"| {drift.words} | {whose} | {since} | {_row(found)} |"


def _seeds(first: int, number: int, what: str) -> Iterator[int]:
    yield from tqdm(range(first, first + number), desc=what, unit="area")


def _row(found: Sequence[Noticed | None]) -> str:
    """Give how many were noticed, and by when half and nine in ten of all were."""
    share = f"{sum(each is not None for each in found)} of {len(found)}"
    contacts = _quantiles([each.contacts if each else np.inf for each in found])
    weeks = _quantiles([each.weeks if each else np.inf for each in found])
    return f"{share} | {contacts} | {weeks}"


def _quantiles(values: Sequence[float]) -> str:
    half, most = np.quantile(values, [0.5, 0.9], method="higher")
    return " / ".join("not" if np.isinf(each) else f"{each:,.0f}" for each in (half, most))
