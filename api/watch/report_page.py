"""The monthly report as one file of HTML that needs nothing else."""

from __future__ import annotations

from markupsafe import Markup

from api.clocks import say_day
from api.page_rendering import TEMPLATES, render
from api.watch.observing import first_day
from api.watch.report import Report

STYLE = TEMPLATES.parent / "static" / "quality" / "quality.css"


def write_report(report: Report, *, council: str) -> str:
    """Give the report as a page."""
    return render(
        "watch/report.html",
        report=report,
        council=council,
        since=say_day(first_day(report.state.at, report.state.file)),
        style=Markup(STYLE.read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )
