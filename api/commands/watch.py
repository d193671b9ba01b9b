"""``watch alerts`` prints what moved, ``report`` writes a month's, ``simulate`` tries the watch."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from api import clocks
from api.commands.own_store import Commands, own_store
from api.settings import Settings
from api.store.columns import now
from api.watch.measuring import measure_false_alarms, measure_notice
from api.watch.report import as_json, make_report
from api.watch.report_page import write_report
from api.watch.state import find_state

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def add_watch(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    watch = commands.add_parser("watch", help="whether texts, readings or decisions have moved")
    acts = watch.add_subparsers(title="acts", required=True)
    alerts = acts.add_parser("alerts", help="print the open alerts; exit status 1 if there are any")
    alerts.set_defaults(run=_alerts)
    report = acts.add_parser("report", help="write the monitoring report of a month")
    report.add_argument("--month", type=_month, required=True, help="such as 2026-10")
    report.add_argument("--output", type=Path, default=Path(), metavar="FOLDER")
    report.set_defaults(run=_report)
    simulate = acts.add_parser("simulate", help="measure false alarms and how soon it notices")
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--quiet", type=int, default=500, help="areas of two years, no drift")
    simulate.add_argument("--drifts", type=int, default=100, help="areas for each drift")
    simulate.set_defaults(run=_simulate)


def _month(written: str) -> str:
    if not MONTH.fullmatch(written):
        raise argparse.ArgumentTypeError("a month is written like 2026-10")
    return written


def _alerts(_options: argparse.Namespace) -> int:
    with own_store() as store, store.reading() as session:
        state = find_state(session, at=now())
    print(f"{len(state.watched)} series watched, {len(state.waiting)} not yet.")
    for each in state.alerts:
        print(f"\n{each.who}, {each.form.lower()}. {each.says}")
        for line in (each.reader_changed, each.may_mean, *(f"- {step}" for step in each.next)):
            if line:
                print(f"  {line}")
    print(f"\nOpen alerts: {len(state.alerts)}.")
    return 1 if state.alerts else 0


def _report(options: argparse.Namespace) -> int:
    at = min(clocks.month_bounds(options.month)[1], now())
    with own_store() as store, store.reading() as session:
        report = make_report(find_state(session, at=at), options.month)
    options.output.mkdir(parents=True, exist_ok=True)
    page = options.output / f"watch-{options.month}.html"
    page.write_text(write_report(report, council=Settings().council_name), encoding="utf-8")
    data = json.dumps(as_json(report), indent=2, ensure_ascii=False)
    page.with_suffix(".json").write_text(data + "\n", encoding="utf-8")
    print(f"The report was written to {page} and {page.with_suffix('.json').name}.")
    return 0


def _simulate(options: argparse.Namespace) -> int:
    for line in measure_false_alarms(options.quiet, seed=options.seed):
        print(line)
    print()
    for line in measure_notice(options.drifts, seed=options.seed):
        print(line)
    return 0
