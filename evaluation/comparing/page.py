"""Write a comparison: a few lines for the terminal, JSON for machines, a page for people."""

from __future__ import annotations

from pathlib import Path

from evaluation.behaviour.page import write_rate
from evaluation.comparing.comparison import Comparison
from evaluation.comparing.differences import EVERY
from evaluation.measures import BY_CODE
from evaluation.pages import write_figure, write_page, write_words
from models.gate_record import write_gate

JSON_NAME, HTML_NAME = "comparison.json", "comparison.html"


def write_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write verdict, figures and page into the candidate's *folder*; give the path of the page."""
    content = comparison.model_dump_json(indent=1) + "\n"
    (folder / JSON_NAME).write_text(content, encoding="utf-8")
    page = folder / HTML_NAME
    page.write_text(_write_page(comparison), encoding="utf-8")
    write_gate(comparison.verdict, folder)  # last, so that there is no verdict without its figures
    return page


def write_summary(comparison: Comparison) -> str:
    """Give the measures over all contacts, and the verdict with its reasons."""
    verdict = comparison.verdict
    lines = [f"{'':58}{'in service':>22}{'candidate':>22}  difference"]
    lines += [
        f"{BY_CODE[each.code].title:58}{write_figure(each.in_service):>22}"
        f"{write_figure(each.candidate):>22}  {write_figure(each.difference, signed=True)}"
        f" {write_words(each.finding).lower()}"
        for each in comparison.differences
        if each.group == EVERY
    ]
    lines += [f"too few to say: {each}" for each in verdict.unsure]
    lines += [f"refused: {reason}" for reason in verdict.reasons]
    lines += [f"nobody knows what {name} has learnt from" for name in comparison.unknown]
    lines.append(f"the gate is {'open' if verdict.opened else 'shut'}: {verdict.candidate.name}")
    return "\n".join(lines)


def _write_page(comparison: Comparison) -> str:
    return write_page(
        Path(__file__).with_name("page.html"),
        filters={"rate": write_rate, "title_of": lambda code: BY_CODE[code].title},
        verdict=comparison.verdict,
        unknown=comparison.unknown,
        differences=comparison.differences,
        behaviour=comparison.behaviour,
    )
