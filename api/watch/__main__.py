"""Say how the watch does: ``python -m api.watch simulate`` (many minutes for the numbers below).

Prints two tables in Markdown: the share of simulated years without drift in which anything alarms,
and by how many contacts half, and nine in ten, of planted drifts are noticed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np
from tqdm import tqdm

from api.figures.intervals import wilson
from api.watch.definitions import WatchFile, load_watch
from api.watch.simulation import YEAR, Noticed, Planted, load_simulation, notice, simulate
from nlp.errors import ReferralQualityError

REFERENCES = (26, 52)  # weeks before a drift is planted


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* name; give its exit status."""
    parser = argparse.ArgumentParser(prog="python -m api.watch", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    simulation = verbs.add_parser("simulate", help="measure false alarms and how soon it notices")
    simulation.add_argument("--seed", type=int, default=1)
    simulation.add_argument("--quiet", type=int, default=500, help="areas of two years, no drift")
    simulation.add_argument("--drifts", type=int, default=100, help="areas for each drift")
    simulation.set_defaults(run=_simulate)
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _simulate(options: argparse.Namespace) -> None:
    file = load_watch()
    for line in _without_drift(options, file):
        print(line)
    print()
    for line in _with_drift(options, file):
        print(line)


def _without_drift(options: argparse.Namespace, file: WatchFile) -> Iterator[str]:
    yield f"{file.false_alarms:.0%} a year are allowed."
    yield "| without drift | series | years | with any alarm | share | 95% interval |"
    yield "|---|---|---|---|---|---|"
    for alike in (0.0, load_simulation().alike):
        alarms, watched = [0, 0], 0
        for seed in _seeds(options, options.quiet, "without drift"):
            made = simulate(seed, file, weeks=2 * YEAR, alike=alike)
            watched = max(watched, sum(each.chart is not None for each in made.series))
            for place in (0, 1):
                alarms[place] += bool(made.alarms(range(place * YEAR, (place + 1) * YEAR)))
        for year, number in zip(("first", "second"), alarms, strict=True):
            share = wilson(number, options.quiet)
            what = f"{year} year, neighbouring weeks correlated {alike:g}"
            found = f"{number} | {share.estimate:.1%} | {share.low:.1%} to {share.high:.1%}"
            yield f"| {what} | {watched} | {options.quiet} | {found} |"


def _with_drift(options: argparse.Namespace, file: WatchFile) -> Iterator[str]:
    yield "| planted | in contacts of | after weeks | noticed in a year | contacts | weeks |"
    yield "|---|---|---|---|---|---|"
    made = load_simulation()
    for drift, (agency, whose), since in product(made.drifts, made.tried.items(), REFERENCES):
        planted = Planted(drift, agency, since)
        seeds = _seeds(options, options.drifts, f"{drift.measure} of {agency}")
        found = [notice(seed, file, planted) for seed in seeds]
        yield f"| {drift.words} | {whose} | {since} | {_row(found)} |"


def _seeds(options: argparse.Namespace, number: int, what: str) -> Iterable[int]:
    return tqdm(range(options.seed, options.seed + number), desc=what, unit="area")


def _row(found: Sequence[Noticed | None]) -> str:
    """Give how many were noticed, and by when half and nine in ten of all were."""
    share = f"{sum(each is not None for each in found)} of {len(found)}"
    contacts = _quantiles([each.contacts if each else np.inf for each in found])
    weeks = _quantiles([each.weeks if each else np.inf for each in found])
    return f"{share} | {contacts} | {weeks}"


def _quantiles(values: Sequence[float]) -> str:
    half, most = np.quantile(values, [0.5, 0.9], method="higher")
    return " / ".join("not" if np.isinf(each) else f"{each:,.0f}" for each in (half, most))


if __name__ == "__main__":
    sys.exit(main())
