"""The plots of the report, as SVG pictures that stand beside their tables."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from evaluation.bootstrap import Figure
from evaluation.calibration import Bin
from evaluation.figures import Confusion, Group, Row, SplitFigures
from evaluation.risk import Covered, Risk

# Colours that differ in lightness as well as hue, so that print and colour blindness keep them.
_FIRST, _SECOND, _THIRD = "#1d70b8", "#b45309", "#00703c"
# Told apart by shape as well as by colour.
_LINES = ((_FIRST, "o"), (_SECOND, "D"), (_THIRD, "s"))
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "referral-quality",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_ROW_HEIGHT = 0.32  # inches

Series = Sequence[tuple[str, str, Sequence[Figure]]]


def draw_plots(split: SplitFigures) -> dict[str, str]:
    """Give each plot's picture as a ``data:`` address, by its name."""
    elements = split.labels["elements"]
    plots = {
        "level": draw_confusion(split.level),
        "reliability": draw_reliability(split.reliability),
        "risk": draw_risk(split.risks),
        "elements": draw_rows(elements),
        "flags": draw_rows([row for row in split.labels["flags"] if row.labelled]),
    }
    plots |= {by: draw_groups(groups) for by, groups in split.groups.items() if groups}
    return plots


def draw_confusion(confusion: Confusion) -> str:
    """Draw labels down, predictions across; the darker, the more of the label's contacts."""
    names = [code.replace("_", " ") for code in confusion.codes]
    counts = np.asarray(confusion.counts, dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with matplotlib.rc_context(_STYLE):
        canvas, axes = _blank(5.6, 4.2)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (row, column), count in np.ndenumerate(counts):
            ink = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, f"{count:.0f}", ha="center", va="center", color=ink)
        axes.set_xticks(range(len(names)), names, rotation=20, ha="right")
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("Called")
        axes.set_ylabel("Labelled")
        return _address(canvas)


def draw_reliability(bins: Sequence[Bin]) -> str:
    """Draw how often the likely level is right against its probability; size is contacts."""
    with matplotlib.rc_context(_STYLE):
        canvas, axes = _blank(4.6, 4.2)
        axes.plot([0, 1], [0, 1], color="#6f777b", linestyle="--", linewidth=1)
        axes.plot([b.probability for b in bins], [b.right for b in bins], color=_FIRST)
        axes.scatter(
            [b.probability for b in bins],
            [b.right for b in bins],
            s=[20 + b.contacts for b in bins],
            color=_FIRST,
        )
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("Probability of the likely level")
        axes.set_ylabel("Share right")
        return _address(canvas)


def draw_risk(risks: Mapping[str, Risk]) -> str:
    """Draw the share wrong against the share of answers, the surest first, with intervals."""
    with matplotlib.rc_context(_STYLE):
        canvas, axes = _blank(5.6, 3.8)
        for (name, risk), (colour, marker) in zip(risks.items(), _LINES, strict=False):
            shares = [covered.answers / risk.answers for covered in risk.covered]
            known = [_ends(covered) for covered in risk.covered]
            lows, values, highs = zip(*known, strict=True)
            axes.fill_between(shares, lows, highs, color=colour, alpha=0.15, linewidth=0)
            axes.plot(shares, values, color=colour, marker=marker, label=name)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("Share of answers, the surest first")
        axes.set_ylabel("Share wrong")
        if risks:
            axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
        return _address(canvas)


def draw_rows(rows: Sequence[Row]) -> str:
    """Draw precision and recall of each label with their intervals."""
    return _draw_intervals(
        [f"{row.code.replace('_', ' ')} ({row.labelled})" for row in rows],
        [
            ("precision", _FIRST, [row.precision for row in rows]),
            ("recall", _SECOND, [row.recall for row in rows]),
        ],
    )


def draw_groups(groups: Sequence[Group]) -> str:
    """Draw two figures of each group with their intervals."""
    return _draw_intervals(
        [f"{group.name.replace('_', ' ')} ({group.contacts})" for group in groups],
        [
            ("level, exact", _FIRST, [g.figures["level_accuracy"] for g in groups]),
            ("element status, macro-F1", _SECOND, [g.figures["status_macro_f1"] for g in groups]),
        ],
    )


def _draw_intervals(names: Sequence[str], series: Series) -> str:
    with matplotlib.rc_context(_STYLE):
        canvas, axes = _blank(7.2, 1.2 + _ROW_HEIGHT * len(names))
        for place, (label, colour, figures) in enumerate(series):
            _draw_series(axes, label, colour, figures, shift=0.2 * (2 * place - 1))
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(0, 1.02)
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
        return _address(canvas)


def _draw_series(
    axes: Axes, label: str, colour: str, figures: Sequence[Figure], *, shift: float
) -> None:
    shown = [
        (row + shift, figure.value, figure.low, figure.high)
        for row, figure in enumerate(figures)
        if figure.value is not None
    ]
    rows, values, lows, highs = zip(*shown, strict=True) if shown else ((), (), (), ())
    axes.hlines(rows, lows, highs, color=colour, linewidth=1.5)
    # Told apart by shape as well as by colour.
    axes.scatter(values, rows, color=colour, marker="o" if shift < 0 else "D", s=28, label=label)


def _ends(covered: Covered) -> tuple[float, float, float]:
    """The share wrong between its ends; not a number where there is none."""
    found = covered.wrong
    low, value, high = (
        np.nan if end is None else end for end in (found.low, found.value, found.high)
    )
    return low, value, high


def _blank(width: float, height: float) -> tuple[Canvas, Axes]:
    canvas = Canvas(figsize=(width, height), layout="constrained")
    return canvas, canvas.add_subplot()


def _address(canvas: Canvas) -> str:
    picture = io.BytesIO()
    canvas.savefig(picture, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
