"""``silent catch-up`` on contacts of before; ``silent report`` on what is known of a reader."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api.assessor import Assessor
from api.clocks import LONDON
from api.commands.own_store import Commands, own_store
from api.page_rendering import render
from api.settings import Settings
from api.silent.catching_up import SilentReaderError, catch_up
from api.silent.comparison import Comparison, compare, silent_readers
from api.silent.reading import open_silent_reader
from api.silent.rule import FILE, chance_of_showing, load_rule


def add_silent(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    silent = commands.add_parser("silent", help="a reader that reads unseen beside the service")
    acts = silent.add_subparsers(title="acts", required=True)
    behind = acts.add_parser("catch-up", help="read contacts that came before it began")
    behind.add_argument("--reader", type=Path, metavar="FOLDER", help="not RQ_SILENT_READER's")
    behind.add_argument("--since", type=_moment, metavar="DATE", help="received from this day on")
    behind.set_defaults(run=_catch_up)
    report = acts.add_parser("report", help="compare it with what staff decided")
    report.add_argument("--reader", metavar="NAME", help="the last to begin, if not given")
    report.add_argument("--since", type=_moment, metavar="DATE", help="decided from this day on")
    report.add_argument("--rule", type=Path, default=FILE, help="when enough has been seen")
    report.add_argument("--output", type=Path, metavar="FOLDER", help="for HTML and JSON")
    report.set_defaults(run=_report)


def write_report(comparison: Comparison, folder: Path) -> tuple[Path, Path]:
    """Write ``report.html`` and ``report.json`` into *folder*, made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "report.html", folder / "report.json"
    shown = render("silent/report.html", it=comparison, chance_of_showing=chance_of_showing)
    page.write_text(shown, encoding="utf-8")
    written = json.dumps(asdict(comparison), default=_plain, indent=2, ensure_ascii=False)
    data.write_text(written + "\n", encoding="utf-8")
    return page, data


def say_verdict(comparison: Comparison) -> list[str]:
    """Give the verdict in lines."""
    verdict, questions = comparison.verdict, comparison.rule.questions
    if not verdict.enough:
        return ["Not yet. Still to be seen:", *(f"- {each}" for each in verdict.lacking)]
    against = [
        f"- not shown to stay under {questions[code].limit:.0%}: {questions[code].name}"
        for code in verdict.against
    ]
    return ["Enough has been seen: decide.", *against]


def _catch_up(options: argparse.Namespace) -> int:
    settings = Settings()
    folder = options.reader or (Path(settings.silent_reader) if settings.silent_reader else None)
    if folder is None:
        raise SilentReaderError(
            "no silent reader is named: set RQ_SILENT_READER, or give --reader FOLDER"
        )
    guidance = Assessor.load(default_framework=settings.default_framework)
    with own_store() as store:
        done = catch_up(store, open_silent_reader(folder, guidance), since=options.since)
    print(f"{done.read} contacts read silently; {done.failed} could not be read.")
    return 0


def _report(options: argparse.Namespace) -> int:
    rule = load_rule(options.rule)
    with own_store() as store, store.reading() as session:
        readers = silent_readers(session)
        if not readers:
            raise SilentReaderError(
                "no reader has read silently yet: set RQ_SILENT_READER and serve, or catch up"
            )
        reader = options.reader or readers[0]
        comparison = compare(session, reader, since=options.since, rule=rule)
    print(f"{reader}: {comparison.seen.read} read, {comparison.seen.decided} decided.")
    print("\n".join(say_verdict(comparison)))
    if options.output:
        for path in write_report(comparison, options.output):
            print(path)
    return 0


def _moment(written: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(written), time(), tzinfo=LONDON)
    except ValueError:
        raise argparse.ArgumentTypeError("write a date as 2026-11-26") from None


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return value.isoformat()
