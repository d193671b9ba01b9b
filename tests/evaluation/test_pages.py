"""Pages stand in one frame, hostile words do no harm, and figures are written for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.bootstrap import Figure
from evaluation.pages import is_clear, write_figure, write_page

PAGE = """{% extends "frame.html" %}
{% block title %}A trial{% endblock %}
{% block main %}
<p>{{ said }}</p>
{% endblock %}
"""


def test_a_page_stands_in_the_frame_and_what_is_said_is_escaped(tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text(PAGE, encoding="utf-8")
    page = write_page(template, said="<b>bold</b>")
    assert page.startswith("<!doctype html>")
    assert "<title>A trial</title>" in page
    assert "<main>\n<p>&lt;b&gt;bold&lt;/b&gt;</p>\n</main>" in page


def test_markdown_is_written_as_it_is(tmp_path: Path) -> None:
    template = tmp_path / "page.md"
    template.write_text("{{ figure|figure }} & {{ code|words }}\n", encoding="utf-8")
    page = write_page(template, figure=Figure(0.5, 0.4, 0.6), code="child_voice")
    assert page == "0.50 (0.40 to 0.60) & Child voice\n"


@pytest.mark.parametrize(
    ("low", "high", "clear"),
    [
        (0.1, 0.2, True),
        (-0.2, -0.1, True),
        (-0.1, 0.1, False),
        (0.0, 0.1, False),
        (None, None, False),
    ],
)
def test_a_difference_is_clear_where_its_interval_leaves_out_zero(
    *, low: float | None, high: float | None, clear: bool
) -> None:
    assert is_clear(Figure(0.1, low, high)) is clear


@pytest.mark.parametrize(
    ("figure", "signed", "expected"),
    [
        pytest.param(Figure(0.8, 0.75, 0.851), False, "0.80 (0.75 to 0.85)", id="a share"),
        pytest.param(Figure(0.1, -0.02, 0.2), True, "+0.10 (-0.02 to +0.20)", id="a difference"),
        pytest.param(Figure(12.0, 7.0, 18.0), False, "12 (7 to 18)", id="a count"),
        pytest.param(Figure(None, None, None), False, "not scored", id="nothing"),
    ],
)
def test_figures_are_written_for_people(figure: Figure, signed: bool, expected: str) -> None:  # noqa: FBT001 - a table's column
    assert write_figure(figure, signed=signed) == expected
