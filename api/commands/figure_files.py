"""``figures export`` and ``figures reports``: published figures as a file, reports as PDF."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from tqdm import tqdm

from api.commands.own_store import Commands, own_store
from api.figures.dictionary import dictionary_rows
from api.figures.export import COLUMNS, Wanted, figure_rows
from api.figures.files import format_of, write_table
from api.figures.report import Report, compare_all, find_period, make_report
from api.figures.selection import LATEST, find_covered
from api.settings import Settings
from api.store.audit import record
from api.store.codes import Action
from api.store.opening import Store
from api.store.tables import Agency
from nlp.errors import UnknownChoiceError

OPERATOR = "system"


def add_figure_files(acts: Commands[argparse.ArgumentParser]) -> None:
    """Add both acts."""
    export = acts.add_parser("export", help="write every published figure to a file")
    export.add_argument("file", type=Path, help="ending in .csv, .xlsx, .parquet or .json")
    export.set_defaults(run=_export)
    reports = acts.add_parser("reports", help="write the report of every agency as PDF")
    reports.add_argument("--output", type=Path, required=True, metavar="FOLDER")
    reports.add_argument(
        "--period",
        default=LATEST,
        help="such as 2025/26 or 2026-Q1; the last whole quarter if not given",
    )
    reports.set_defaults(run=_reports)


def _export(options: argparse.Namespace) -> int:
    kind = format_of(options.file)
    with own_store() as store:
        with store.reading() as session:
            rows = figure_rows(session, Wanted())
            count = write_table(
                options.file, rows, COLUMNS, kind=kind, dictionary=dictionary_rows()
            )
        _note(store, "figures", {"format": kind.value, "rows": count})
    print(f"{count} figures were written to {options.file}.")
    return 0


def _reports(options: argparse.Namespace) -> int:
    # Only here: nothing else needs to write PDF.
    from api.figures.report_pdf import write_report

    options.output.mkdir(parents=True, exist_ok=True)
    council, count = Settings().council_name, 0
    with own_store() as store:
        for report in _all_reports(store, options.period):
            path = options.output / f"report-{report.agency}.pdf"
            path.write_bytes(write_report(report, council=council))
            count += 1
        _note(store, "reports", {"period": options.period, "reports": count})
    print(f"{count} reports were written to {options.output}.")
    return 0


def _all_reports(store: Store, period: str) -> Iterator[Report]:
    with store.reading() as session:
        covered = find_covered(session)
        if covered is None:
            raise UnknownChoiceError("No figures have been published; run figures publish first")
        period = find_period(period, covered)
        comparisons = compare_all(session, period, covered)
        known = select(Agency).where(Agency.id.in_(covered.agencies)).order_by(Agency.name)
        agencies = list(session.scalars(known))
        for agency in tqdm(agencies, desc="Reports", unit="report"):
            yield make_report(
                session, agency, period=period, covered=covered, comparisons=comparisons
            )


def _note(store: Store, target: str, details: dict[str, str | int]) -> None:
    with store.writing() as session:
        action = Action.EXPORTED
        record(session, actor=OPERATOR, action=action, target=target, details=details)
