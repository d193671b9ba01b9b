"""Write what a simulation found: curves, JSON for machines, a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from evaluation.learning.figures import MEASURES, Learning, Place, matched_at
from evaluation.learning.plan import Choice, Start
from evaluation.pages import write_figure, write_page

HERE = Path(__file__).parent
JSON_NAME, HTML_NAME, CURVES_NAME = "learning.json", "learning.html", "curves.svg"
LATEST = HERE.parent / "reports" / "learning"

# Starts differ in colour and lightness, choices in line and mark.
_COLOURS = {Start.CORPUS: "#1d70b8", Start.NOTHING: "#b45309"}
_LINES = {Choice.ACTIVE: ("-", "o"), Choice.RANDOM: ("--", "D")}
_SHIFT = {Choice.ACTIVE: -0.5, Choice.RANDOM: 0.5}  # labels, so that intervals stand side by side
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "referral-quality",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def write_learning(learning: Learning, folder: Path) -> Path:
    """Write all files into *folder*; give the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    content = learning.model_dump_json(indent=1) + "\n"
    (folder / JSON_NAME).write_text(content, encoding="utf-8")
    draw_curves(learning, folder / CURVES_NAME)
    page = folder / HTML_NAME
    page.write_text(_write_page(learning), encoding="utf-8")
    return page


def write_table(learning: Learning) -> str:
    """Give a line for each place of each curve, in plain text."""
    titles = "".join(f"{measure.title:>32}" for measure, _ in MEASURES)
    return "\n".join([f"{'start':9}{'choice':8}{'labels':>6}{titles}", *_lines(learning)])


def _lines(learning: Learning) -> Iterator[str]:
    for place in learning.places:
        figures = (write_figure(place.figures[measure.code]) for measure, _ in MEASURES)
        told = "".join(f"{figure:>32}" for figure in figures)
        yield f"{place.start:9}{place.choice:8}{place.mean_labels:>6.0f}{told}"


def draw_curves(learning: Learning, path: Path) -> None:
    """Draw a panel for each measure: a line for each start and choice, with its intervals."""
    with matplotlib.rc_context(_STYLE):
        canvas = Canvas(figsize=(9, 7), layout="constrained")
        panels = canvas.subplots(2, 2)
        for axes, (measure, _) in zip(panels.flat, MEASURES, strict=True):
            for start in Start:
                for choice in Choice:
                    _draw_curve(axes, learning, measure.code, start, choice)
            axes.set_title(measure.title, loc="left", fontsize=11)
            axes.set_xlabel("Contacts labelled (mean over authors)")
            axes.set_ylim(top=1)
            axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        canvas.legend(
            *panels.flat[0].get_legend_handles_labels(),
            loc="outside upper center",
            ncols=2,
            frameon=False,
        )
        canvas.savefig(path, format="svg", metadata={"Date": None})


def _draw_curve(axes: Axes, learning: Learning, code: str, start: Start, choice: Choice) -> None:
    places = [p for p in learning.places if (p.start, p.choice) == (start, choice)]
    found = [(p.mean_labels, p.figures[code]) for p in places]
    known = [(x, f.low, f.value, f.high) for x, f in found if f.value is not None]
    labels, low, value, high = np.array(known, dtype=np.float64).reshape(-1, 4).T
    line, mark = _LINES[choice]
    axes.errorbar(
        labels + _SHIFT[choice],
        value,
        # A bootstrap's interval may, seldom, leave out the figure itself.
        yerr=np.maximum([value - low, high - value], 0),
        color=_COLOURS[start],
        linestyle=line,
        marker=mark,
        markersize=4,
        elinewidth=0.8,
        label=f"from {_STARTS[start]}, {_CHOICES[choice]}",
    )


_STARTS = {Start.CORPUS: "the corpus", Start.NOTHING: "nothing"}
_CHOICES = {Choice.ACTIVE: "chosen actively", Choice.RANDOM: "at random"}


def _write_page(learning: Learning) -> str:
    return write_page(
        HERE / "page.html",
        learning=learning,
        measures=[measure for measure, _ in MEASURES],
        matched={m.code: matched_at(learning, m.code) for m, _ in MEASURES},
        most={s: max((p.mean_labels for p in _of(learning, s)), default=0) for s in Start},
        starts=_STARTS,
        choices=_CHOICES,
        curves=CURVES_NAME,
    )


def _of(learning: Learning, start: Start) -> list[Place]:
    return [place for place in learning.places if place.start is start]
