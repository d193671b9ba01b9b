"""Write what the suite found: a table for the terminal, JSON for machines, a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from evaluation.behaviour.schemas import FloorFile
from evaluation.behaviour.trials import Behaviour, Row
from evaluation.pages import write_page

HERE = Path(__file__).parent
JSON_NAME, HTML_NAME = "behaviour.json", "behaviour.html"
LATEST = HERE.parent / "reports" / "behaviour"
FLOORS_HEAD = (
    "# Pass rates that must not fall, by capability and check. Raised by\n"
    "# `python -m evaluation behaviour --pin`; lower one by hand, and say why beside the change.\n"
)


def write_behaviour(behaviour: Behaviour, folder: Path) -> Path:
    """Write both files into *folder*; give the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    content = behaviour.model_dump_json(indent=1) + "\n"
    (folder / JSON_NAME).write_text(content, encoding="utf-8")
    page = folder / HTML_NAME
    page.write_text(_write_page(behaviour), encoding="utf-8")
    return page


def write_table(behaviour: Behaviour) -> str:
    """Give a line for each check of each capability, and mark what is below floor or bar."""
    head = f"{'capability':30}{'check':20}{'tests':>7}{'pass rate':>11}{'floor':>9}{'bar':>9}"
    return "\n".join([head, *(_write_line(row) for row in behaviour.rows)])


def _write_line(row: Row) -> str:
    floor, bar = write_rate(row.floor), write_rate(row.bar)
    figures = f"{row.tests:>7}{write_rate(row.rate):>11}{floor:>9}{bar:>9}"
    return f"{row.capability:30}{row.check:20}{figures}  {mark(row)}".rstrip()


def complain(behaviour: Behaviour) -> Iterator[str]:
    """Name every check that is below its floor, or has none."""
    for row in behaviour.rows:
        named = f"{row.capability}, {row.check}"
        if row.floor is None:
            yield f"{named}: no floor; pin one with: python -m evaluation behaviour --pin"
        elif row.below_floor:
            yield f"{named}: {row.rate:.3f} is below its floor of {row.floor:.2f}"


def mark(row: Row) -> str:
    """Say in words where a row falls short."""
    if row.below_floor:
        return "BELOW FLOOR"
    return "below bar" if row.below_bar else ""


def write_rate(rate: float | None) -> str:
    """Give a rate as people read it: ``97.5 %``; a dash where there is none."""
    return "-" if rate is None else f"{100 * rate:.1f} %"


def save_floors(floors: FloorFile, path: Path) -> None:
    """Write the floors to *path*."""
    content = yaml.safe_dump(floors.model_dump(mode="json"), sort_keys=True)
    path.write_text(FLOORS_HEAD + content, encoding="utf-8")


def _write_page(behaviour: Behaviour) -> str:
    return write_page(
        HERE / "page.html", filters={"rate": write_rate, "mark": mark}, behaviour=behaviour
    )
