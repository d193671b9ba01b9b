"""The monthly report as one file of HTML that needs nothing else."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from api.page_rendering import TEMPLATES, say_month
from api.watch.alerts import say_day
from api.watch.observing import first_day
from api.watch.report import Report

STYLE = TEMPLATES.parent / "static" / "quality" / "quality.css"


def write_report(report: Report, *, council: str) -> str:
    """Give the report as a page."""
    return (
        _environment()
        .get_template("watch/report.html")
        .render(
            report=report,
            council=council,
            since=say_day(first_day(report.state.at, report.state.file)),
            style=Markup(STYLE.read_text(encoding="utf-8")),  # noqa: S704 - our own file
        )
    )


@cache
def _environment() -> Environment:
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), macros]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["month"] = say_month
    return environment
