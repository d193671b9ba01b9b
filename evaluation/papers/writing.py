"""Write the papers into ``docs/papers``, each from its template."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluation.pages import write_page
from evaluation.papers.facts import Facts

TEMPLATES = Path(__file__).with_name("templates")
PAPERS = Path(__file__).parents[2] / "docs" / "papers"


def make_papers(facts: Facts) -> Mapping[str, str]:
    """Give every paper by the name of its file."""
    return {path.name: write_page(path, facts=facts) for path in sorted(TEMPLATES.glob("[!_]*.md"))}


def write_papers(facts: Facts, folder: Path = PAPERS) -> tuple[Path, ...]:
    """Write the papers; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in make_papers(facts).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return tuple(written)
