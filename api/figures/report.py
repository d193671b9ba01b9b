"""One agency's report: what it does well, what it could add, its trends, and what helps.

An agency is held against the funnel of all of them, as the page that compares them does; nobody is
ranked, and nothing of any contact is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from api.figures import overview
from api.figures.feedback import Effect, feedback_since, find_effect
from api.figures.funnel import Place, Plotted, score
from api.figures.indicators import Indicator, element_code, load_indicators
from api.figures.overview import Count, KeyFigure
from api.figures.report_words import Illustration, load_report_words
from api.figures.selection import LATEST, Covered, Selection
from api.figures.trends import Comparison, Trend, compare, find_trend
from api.figures.xmr import Direction
from api.store.tables import Agency
from nlp import domain
from nlp.domain import Element
from nlp.errors import UnknownChoiceError
from nlp.guidance import load_guidance

SHOWN = 3
CLOSE = 0.5  # standard errors from all agencies together that are no distance worth a word

Comparisons = Mapping[str, Comparison]


@dataclass(frozen=True)
class Standing:
    """An indicator of the agency beside all agencies; ``score`` above 0 is better than they are."""

    indicator: Indicator
    value: float
    overall: float
    score: float
    place: Place
    element: Element | None
    question: str

    @property
    def said(self) -> str:
        """What it is, and the agency's own share; an element as the share that tells it."""
        if self.element is None:
            return f"{self.indicator.name}: {self.indicator.write(self.value)}"
        label = load_guidance().prompts.elements[self.element].label
        return load_report_words().says.format(element=label, share=self._write(self.value))

    @property
    def said_of_all(self) -> str:
        """The share of all agencies together."""
        return self._write(self.overall)

    @property
    def words(self) -> str:
        """How it stands."""
        words = load_report_words().standing
        if self.place is Place.DIFFERENT:
            return words.better_different if self.score > 0 else words.behind_different
        if abs(self.score) < CLOSE:
            return words.alike
        return words.better if self.score > 0 else words.behind

    def _write(self, share: float) -> str:
        return self.indicator.write(1 - share if self.element else share)

    @property
    def gap(self) -> float:
        """How far it is from as good as it can be, from 0 to 1."""
        return self.value if self.indicator.direction is Direction.DOWN else 1 - self.value

    @property
    def illustration(self) -> Illustration | None:
        """A made-up example; only of elements."""
        return load_report_words().illustrations[self.element] if self.element else None

    @property
    def why(self) -> str:
        """Why it matters, as the rulebook says."""
        return load_guidance().prompts.elements[self.element].why if self.element else ""


@dataclass(frozen=True)
class Report:
    """Everything that is in the report of one agency and period."""

    agency: str
    name: str
    period: str
    key_figures: tuple[KeyFigure, ...]
    well: tuple[Standing, ...]
    improve: tuple[Standing, ...]
    trends: tuple[tuple[Indicator, Trend], ...]
    reasons: tuple[Count, ...]
    decided_higher: KeyFigure
    late: KeyFigure
    missing: KeyFigure
    effects: tuple[Effect, ...]
    feedback_since: date | None

    @property
    def opposite(self) -> str:
        """What must be read beside inappropriate ones: the errors that fewer would hide."""
        words = load_report_words()
        higher, late = self.decided_higher, self.late
        said = (
            words.opposite.format(share=higher.words) if higher.is_told else words.opposite_unknown,
            words.late.format(late=late.words) if late.is_told else words.late_unknown,
            words.missing.format(missing=self.missing.words),
        )
        return " ".join(said)

    @property
    def effects_in_words(self) -> tuple[str, ...]:
        """What may be said of the feedback's effects, nothing twice."""
        return tuple(dict.fromkeys(each.words for each in self.effects))


def candidates() -> list[tuple[Indicator, Element | None]]:
    """Give the indicators that an agency can do something about."""
    indicators = load_indicators()
    named = [(indicators[code], None) for code in load_report_words().candidates]
    return [*named, *((indicators[element_code(each)], each) for each in Element)]


def find_period(period: str, covered: Covered) -> str:
    """Give the period of a report, the latest by its name.

    Raises:
        UnknownChoiceError: If *period* is none that reports are of.
    """
    if period == LATEST:
        return covered.latest
    if period not in covered.periods:
        raise UnknownChoiceError(
            f"the period is not one that was published; choose from {', '.join(covered.periods)}"
        )
    return period


def compare_all(session: Session, period: str, covered: Covered) -> Comparisons:
    """Compare all agencies by every candidate: once for all reports of a period."""
    chosen = Selection(period=period)
    return {each.code: compare(session, each, chosen, covered) for each, _ in candidates()}


def make_report(
    session: Session,
    agency: Agency,
    *,
    period: str,
    covered: Covered,
    comparisons: Comparisons,
) -> Report:
    """Make the report of one agency."""
    chosen = Selection(period=period, agency=agency.id)
    well, improve = choose(list(_standings(agency, comparisons)))
    figures = {each.indicator.code: each for each in overview.key_figures(session, chosen)}
    since = feedback_since(session, agency.id)
    return Report(
        agency=agency.id,
        name=agency.name,
        period=covered.periods[period],
        key_figures=tuple(each for each in figures.values() if _applies(each)),
        well=well,
        improve=improve,
        trends=tuple(_trends(session, chosen, covered, improve)),
        reasons=tuple(overview.reasons(session, chosen)),
        decided_higher=figures["decided_higher"],
        late=figures["late_notifications"],
        missing=figures["missing_notifications"],
        effects=tuple(_effects(session, chosen, covered, since)),
        feedback_since=since,
    )


def _applies(figure: KeyFigure) -> bool:
    """Is there anything to take a figure of? Schools, for one, owe no notifications."""
    return figure.value != 0 if figure.rate is None else figure.rate.total != 0


def choose(
    standings: Sequence[Standing],
) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """Choose what is done well and what to improve, three each where there are as many.

    First what lies on either side of the rest, the farthest first; then, of what is left, what
    comes nearest to, or is farthest from, as good as it can be.
    """
    ahead = sorted((s for s in standings if s.score > CLOSE), key=lambda s: -s.score)[:SHOWN]
    behind = sorted((s for s in standings if s.score < -CLOSE), key=lambda s: s.score)[:SHOWN]
    left = sorted((s for s in standings if s not in ahead and s not in behind), key=lambda s: s.gap)
    well = (*ahead, *left[: SHOWN - len(ahead)])
    left = [each for each in left if each not in well]
    more = left[::-1][: SHOWN - len(behind)]
    return well, (*behind, *more)


def _standings(agency: Agency, comparisons: Comparisons) -> Iterator[Standing]:
    for indicator, element in candidates():
        found = comparisons[indicator.code].funnel
        point = next((p for p in found.points if p.share.id == agency.id), None) if found else None
        if found and point:
            yield Standing(
                indicator,
                point.share.value,
                found.overall,
                _score(found.overall, point, indicator),
                point.place,
                element,
                _question(element, agency.kind),
            )


def _score(overall: float, point: Plotted, indicator: Indicator) -> float:
    """Standard errors above all agencies together, after the funnel's own transformation.

    Only to choose by: whether it is more than chance, the funnel says, which knows that agencies
    differ.
    """
    better = -1 if indicator.direction is Direction.DOWN else 1
    return better * score(point.share, overall)


def _question(element: Element | None, kind: domain.Agency) -> str:
    return load_guidance().prompts.question(element, kind) if element else ""


def _trends(
    session: Session, chosen: Selection, covered: Covered, improve: Sequence[Standing]
) -> Iterator[tuple[Indicator, Trend]]:
    indicators = load_indicators()
    wanted = [indicators[code] for code in load_report_words().trends]
    for indicator in (*wanted, *(each.indicator for each in improve)):
        yield indicator, find_trend(session, indicator, chosen, covered)


def _effects(
    session: Session, chosen: Selection, covered: Covered, since: date | None
) -> Iterator[Effect]:
    for code in load_report_words().effects if since else ():
        indicator = load_indicators()[code]
        months = find_trend(session, indicator, chosen, covered).months
        effect = find_effect(indicator, months, since)
        if effect:
            yield effect
