"""Pages of PDF on which every piece of text has its tag, and charts are drawn as on the page.

Text is tagged as headings and paragraphs in the order of reading, and each chart as a figure; the
document has a title, a language and an outline of its headings, so that a screen reader reads what
the page shows. It is not PDF/UA, which fpdf2 cannot write: no font is embedded, the tags are not
nested, and nothing declares the standard. The fonts are those that every reader of PDF has, which
hold the letters of Western Europe: from others, accents are dropped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from fpdf import FPDF, ViewerPreferences

from api.clocks import LONDON
from api.figures.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Dot, Drawing, Line

Places = Callable[[float, float], tuple[float, float]]

FONT, MARGIN, LINE = "helvetica", 18, 5.2  # mm
INK, QUIET, GRID = (11, 12, 12), (72, 73, 73), (210, 214, 216)
CHART_WIDTH = 150  # mm
CHART_HEIGHT = CHART_WIDTH * HEIGHT / WIDTH
HEADINGS = ("H1", "H2", "H3")
BRAND = (0, 90, 112)

# Corners of each shape around its middle, in units of the drawing; they say what colour says.
SHAPES = {
    "up": ((0, -7), (7, 5), (-7, 5)),
    "down": ((0, 7), (7, -5), (-7, -5)),
    "diamond": ((0, -7), (7, 0), (0, 7), (-7, 0)),
    "square": ((-5, -5), (5, -5), (5, 5), (-5, 5)),
}
COLOURS = {"circle": (99, 107, 112), "up": (0, 94, 165), "down": (181, 71, 10)}


class Paper(FPDF):
    """A4 pages on which every piece of text has its tag."""

    def __init__(self, title: str, council: str) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = "cp1252"
        self._foot = plain(f"{council} - {title}")
        self.set_title(plain(title))
        self.set_author(plain(council))
        self.set_lang("en-GB")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_creation_date(datetime.now(LONDON))
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.add_page()

    def footer(self) -> None:
        """The line at the foot of each page, which is no part of what is read."""
        self.set_y(-12)
        self.set_font(FONT, size=8)
        self.set_text_color(*QUIET)
        self._out("/Artifact BMC")
        self.cell(0, 4, f"{self._foot}  |  page {self.page_no()}", align="R")
        self._out("EMC")

    def say(
        self,
        tag: str,
        words: str,
        *,
        size: float = 10.5,
        style: str = "",
        colour: Sequence[int] = INK,
        indent: float = 0,
        after: float = 1.5,
        keep: float = 0,
    ) -> None:
        """Write *words*, on the next page where they, and *keep* mm after them, do not fit."""
        self.set_font(FONT, style, size)
        self.set_text_color(*colour)
        given: dict[str, Any] = {"h": size * LINE / 10.5, "align": "L", "text": plain(words)}
        self.set_x(MARGIN + indent)
        height = self.multi_cell(0, dry_run=True, output="HEIGHT", **given)
        assert isinstance(height, float)  # noqa: S101 - what output="HEIGHT" gives
        if self.will_page_break(height + keep):
            self.add_page()
        self.set_x(MARGIN + indent)
        if tag in HEADINGS:
            self.start_section(plain(words), level=HEADINGS.index(tag))
        with self.tagged(tag):
            self.multi_cell(0, new_x="LMARGIN", new_y="NEXT", **given)
        self.ln(after)

    def head(self, words: str, *, keep: float = 30) -> None:
        """Write a heading of a part, never the last thing on a page."""
        self.ln(2)
        self.say("H2", words, size=14, style="B", colour=BRAND, after=2, keep=keep)

    @contextmanager
    def tagged(self, tag: str, *, alt: str | None = None) -> Iterator[None]:
        """Mark what is drawn in the block, which must stay on one page, as a *tag*."""
        mcid = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{tag}", mcid=mcid, alt_text=alt)
        self._out(f"/{tag} <</MCID {mcid}>> BDC")
        yield
        self._out("EMC")


def plain(words: str) -> str:
    """Give *words* in the letters of the fonts; an accent that they lack is dropped."""
    return "".join(each if _held(each) else _without_accent(each) for each in words)


def _held(letter: str) -> bool:
    return letter.encode("cp1252", errors="ignore") != b""


def _without_accent(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", letter).encode("cp1252", errors="ignore").decode("cp1252")
    return bare or "?"


def draw(paper: Paper, drawing: Drawing) -> None:
    """Draw a chart with its left edge at the margin, and go on below it."""
    unit, top = CHART_WIDTH / WIDTH, paper.get_y()

    def at(x: float, y: float) -> tuple[float, float]:
        return MARGIN + x * unit, top + y * unit

    paper.set_font(FONT, size=7)
    paper.set_text_color(*QUIET)
    paper.set_line_width(0.15)
    paper.set_draw_color(*GRID)
    for tick in drawing.y_ticks:
        paper.line(*at(LEFT, tick.at), *at(WIDTH - RIGHT, tick.at))
        x, y = at(LEFT - 6, tick.at + 4)
        paper.text(x - paper.get_string_width(tick.label), y, tick.label)
    for tick in drawing.x_ticks:
        x, y = at(tick.at, HEIGHT - BOTTOM + 20)
        paper.text(x - paper.get_string_width(tick.label) / 2, y, tick.label)
    for line in drawing.lines:
        _draw_line(paper, line, at)
    for dot in drawing.dots:
        _draw_dot(paper, dot, at)
    paper.set_y(top + (HEIGHT - 10) * unit)


def _draw_line(paper: Paper, line: Line, at: Places) -> None:
    dashes = {"lower": (1.8, 1), "upper": (1.8, 1)}.get(line.kind, (0, 0))
    paper.set_draw_color(*((118, 118, 118) if line.kind == "values" else QUIET))
    paper.set_line_width(0.45 if line.kind in {"values", "mean"} else 0.3)
    with paper.local_context():
        paper.set_dash_pattern(*dashes)
        places = (pair.split(",") for pair in line.points.split())
        paper.polyline([at(float(x), float(y)) for x, y in places])


def _draw_dot(paper: Paper, dot: Dot, at: Places) -> None:
    paper.set_fill_color(*COLOURS.get(dot.shape, (73, 0, 146)))
    paper.set_draw_color(255, 255, 255)
    paper.set_line_width(0.15)
    if dot.shape == "circle":
        x, y = at(dot.x, dot.y)
        paper.circle(x, y, 0.95, style="FD")
        return
    corners = [at(dot.x + x, dot.y + y) for x, y in SHAPES[dot.shape]]
    paper.polygon(corners, style="FD")
