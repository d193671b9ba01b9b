"""Write the comparison: JSON for machines, Markdown and one HTML page for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evaluation.measures import BY_CODE
from evaluation.other_tools.figures import Comparison
from evaluation.pages import write_page

HERE = Path(__file__).parent
REPORTS = HERE.parent / "reports"
JSON_NAME, PAGES = "other_tools.json", ("other_tools.md", "other_tools.html")
# What the tables show of all that is in the JSON, with a heading that is short.
SHOWN = {
    "level_kappa": "Level, kappa",
    "level_or_alternative": "Level or alternative",
    "protection_recall": "Child protection, recall",
    "status_macro_f1": "Element status",
    "evidence_f1": "Evidence",
    "domains_f1": "Needs",
    "urgency_macro_f1": "Urgency",
    "inappropriate_f1": "PPN inappropriate",
}


def write_comparison(comparison: Comparison, folder: Path = REPORTS) -> Iterator[Path]:
    """Write the three files into *folder*, and give the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / JSON_NAME
    path.write_text(comparison.model_dump_json(indent=1) + "\n", encoding="utf-8")
    yield path
    for name in PAGES:
        path = folder / name
        page = write_page(
            HERE / "templates" / name,
            filters={"size": write_size},
            comparison=comparison,
            shown=SHOWN,
            measures=BY_CODE,
        )
        path.write_text(page, encoding="utf-8")
        yield path


def write_size(number: float) -> str:
    """Give milliseconds or megabytes as people read them: ``0.2``, ``7.5``, ``180``."""
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"
