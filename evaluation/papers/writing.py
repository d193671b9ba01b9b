"""Write the papers into ``docs/papers``, each from its template."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation.papers.facts import Facts

TEMPLATES = Path(__file__).with_name("templates")
PAPERS = Path(__file__).parents[2] / "docs" / "papers"


def make_papers(facts: Facts) -> Mapping[str, str]:
    """Give every paper by the name of its file."""
    # Markdown of our own files: nothing of it comes from outside, and no browser reads it.
    templates = Environment(  # noqa: S701
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return {
        path.name: templates.get_template(path.name).render(facts=facts)
        for path in sorted(TEMPLATES.glob("[!_]*.md"))
    }


def write_papers(facts: Facts, folder: Path = PAPERS) -> tuple[Path, ...]:
    """Write the papers; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in make_papers(facts).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return tuple(written)
