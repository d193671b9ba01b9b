"""An agency's report as PDF: the same words and the same charts as the page."""

from __future__ import annotations

from collections.abc import Sequence

from api.clocks import say_month
from api.figures.dictionary import Entry, load_dictionary
from api.figures.indicators import Indicator
from api.figures.overview import KeyFigure
from api.figures.paper import CHART_HEIGHT, QUIET, Paper, draw, plain
from api.figures.report import Report, Standing
from api.figures.report_words import load_report_words
from api.figures.signals import say
from api.figures.trends import Trend
from api.figures.words import load_words


def write_report(report: Report, *, council: str) -> bytes:
    """Give the report as PDF."""
    paper = Paper(f"{report.name}: {report.period}", council)
    paper.say("H1", f"Report for {report.name}", size=20, style="B")
    paper.say("P", f"{report.period}. {load_report_words().case_mix}", after=3)
    _write_standings(paper, "Done well", report.well)
    _write_standings(paper, "To improve", report.improve)
    _write_figures(paper, report.key_figures)
    _write_reasons(paper, report)
    _write_effects(paper, report)
    _write_trends(paper, report)
    return bytes(paper.output())


def _write_standings(paper: Paper, heading: str, standings: Sequence[Standing]) -> None:
    paper.head(heading)
    if not standings:
        paper.say("P", load_report_words().nothing)
    for place, each in enumerate(standings, start=1):
        paper.say("H3", f"{place}. {each.said}", style="B", after=0.5, keep=8)
        paper.say("P", f"All agencies together: {each.said_of_all}. {each.words}.", indent=5)
        if heading == "Done well" or each.illustration is None:
            continue
        paper.say("P", each.why, indent=5)
        paper.say("P", f"Ask yourself: {each.question}", indent=5)
        made_up, pair = load_report_words().made_up, each.illustration
        words = f'{made_up}. Instead of "{pair.instead}" write: {pair.write}'
        paper.say("P", words, indent=5, colour=QUIET, after=3)


def _write_figures(paper: Paper, figures: Sequence[KeyFigure]) -> None:
    paper.head("Key figures")
    for each in figures:
        paper.say("P", f"{each.indicator.name}: {each.words}{_interval(each)}", after=0.3)
    paper.say("P", f"[c]: {_symbol().words}.", size=9, colour=QUIET)


def _interval(figure: KeyFigure) -> str:
    rate = figure.rate
    if rate is None or rate.interval is None:
        return ""
    low, high = (figure.indicator.write(each) for each in (rate.interval.low, rate.interval.high))
    return f" (95% interval {low} to {high}; {rate.count} of {rate.total})"


def _symbol() -> Entry:
    return next(each for each in load_dictionary() if each.kind == "symbol")


def _write_trends(paper: Paper, report: Report) -> None:
    for place, (indicator, trend) in enumerate(report.trends):
        if place == 0:
            paper.head("Over time", keep=CHART_HEIGHT + 25)
        paper.say("H3", indicator.name, style="B", keep=CHART_HEIGHT + 12)
        if trend.drawing is None:
            paper.say("P", "There are too few months to draw. Small numbers are left out.")
            continue
        with paper.tagged("Figure", alt=_in_words(indicator, trend)):
            draw(paper, trend.drawing)
        paper.say("P", say(trend), size=9.5, after=3)
    if report.trends:
        key = (
            "Whole line: mean. Broken lines: limits that chance alone seldom passes. Circle: "
            "{common}. Triangle up: {improvement}. Triangle down: {concern}. Diamond: {change}."
        )
        names = {k.value: v.lower() for k, v in load_words().variations.items()}
        paper.say("P", key.format(**names), size=9, colour=QUIET)


def _in_words(indicator: Indicator, trend: Trend) -> str:
    numbers = ", ".join(f"{say_month(m.month)} {indicator.write(m.value)}" for m in trend.months)
    return plain(f"Chart of {indicator.name} by month. {numbers}.")


def _write_reasons(paper: Paper, report: Report) -> None:
    if not report.reasons:
        return
    paper.head("Why notifications were inappropriate")
    for each in report.reasons:
        paper.say("P", f"{each.name}: {each.words}", after=0.3)
    paper.say("P", report.opposite)


def _write_effects(paper: Paper, report: Report) -> None:
    if not report.effects:
        return
    paper.head("Since the feedback")
    for words in report.effects_in_words:
        paper.say("P", words)
    paper.say("P", report.effects[0].cannot)
