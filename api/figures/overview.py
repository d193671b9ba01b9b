"""The first page that leaders see: key figures, what each agency leaves out, and both errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from api.figures.dictionary import category_names
from api.figures.indicators import Indicator, element_code, load_indicators, measures_of
from api.figures.measures import Measure
from api.figures.selection import Covered, Selection
from api.figures.shown import HIDDEN, Figures, Rate
from nlp.domain import Element, Form

KEY_FIGURES = (
    "contacts",
    "score",
    "inadequate",
    "draft_improved",
    "decided_higher",
    "decided_lower",
    "inappropriate",
    "late_notifications",
    "missing_notifications",
    "in_a_day",
    "replied",
    "flagged",
    "repeat",
)


@dataclass(frozen=True)
class KeyFigure:
    """One indicator of the selection, with its interval where it is a share."""

    indicator: Indicator
    value: float | None
    rate: Rate | None

    @property
    def is_told(self) -> bool:
        """Is it hidden, or is there enough to take a share of? Else there is nothing to tell."""
        return self.rate is None or self.rate.hidden or self.rate.interval is not None

    @property
    def words(self) -> str:
        """The figure in words."""
        if not self.is_told:
            return "too few" if self.rate and self.rate.total else "nothing to count"
        return self.indicator.write(self.value)


@dataclass(frozen=True)
class HeatRow:
    """One agency's shares of contacts that lack each element."""

    agency: str
    name: str
    contacts: int | None
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class Count:
    """A named count; ``None`` is hidden."""

    code: str
    name: str
    count: int | None

    @property
    def words(self) -> str:
        """The count in words."""
        return HIDDEN if self.count is None else str(self.count)


def key_figures(session: Session, chosen: Selection) -> list[KeyFigure]:
    """Give the key figures of one selection."""
    indicators = [load_indicators()[code] for code in KEY_FIGURES]
    figures = Figures.load(
        session,
        measures_of(indicators),
        agencies=[chosen.agency],
        periods=[chosen.period],
        form=chosen.form,
    )
    place = {"period": chosen.period, "agency": chosen.agency, "form": chosen.form}
    return [
        KeyFigure(
            each,
            each.value(figures, **place),
            each.rate(figures, **place) if each.kind == "share" else None,
        )
        for each in indicators
    ]


def heat_map(session: Session, chosen: Selection, covered: Covered) -> list[HeatRow]:
    """Give what each agency leaves out, of a chosen group or of all, the largest first."""
    agencies = covered.beside(chosen.agency)
    indicators = [load_indicators()[element_code(element)] for element in Element]
    figures = Figures.load(
        session,
        [Measure.CONTACTS, *measures_of(indicators)],
        agencies=list(agencies),
        periods=[chosen.period],
        form=chosen.form,
    )
    rows = [
        HeatRow(
            agency,
            name,
            figures.count(Measure.CONTACTS, period=chosen.period, agency=agency, form=chosen.form),
            tuple(
                each.rate(figures, period=chosen.period, agency=agency, form=chosen.form)
                for each in indicators
            ),
        )
        for agency, name in agencies.items()
    ]
    return sorted(rows, key=lambda row: (row.contacts is None, -(row.contacts or 0), row.name))


def reasons(session: Session, chosen: Selection) -> list[Count]:
    """Give why people found police notifications inappropriate, the most frequent first."""
    return _most_first(counts_of(session, Measure.REASON, replace(chosen, form=Form.PPN)))


def late_or_missing(session: Session, chosen: Selection) -> list[Count]:
    """Give how many police notifications came late or never: the error that fewer would hide."""
    notified = replace(chosen, form=Form.PPN)
    timely = counts_of(session, Measure.TIMELINESS, notified)
    expected = counts_of(session, Measure.EXPECTED, notified)
    return [
        *(each for each in timely if each.code != "not_a_notification"),
        *(replace(each, name=f"Expected by staff: {each.name.lower()}") for each in expected),
    ]


def flags(session: Session, chosen: Selection) -> list[Count]:
    """Give how many contacts had each safety flag, the most frequent first."""
    return _most_first(counts_of(session, Measure.FLAG, chosen))


def counts_of(session: Session, measure: Measure, chosen: Selection) -> list[Count]:
    """Give every category of one measure that has a figure, in the order of the dictionary."""
    place = {"period": chosen.period, "agency": chosen.agency, "form": chosen.form}
    figures = Figures.load(
        session, [measure], agencies=[chosen.agency], periods=[chosen.period], form=chosen.form
    )
    shown = figures.categories(measure)
    return [
        Count(code, name, figures.count(measure, code, **place))
        for code, name in category_names(measure).items()
        if code in shown
    ]


def _most_first(counts: Sequence[Count]) -> list[Count]:
    return sorted(counts, key=lambda each: (each.count is None, -(each.count or 0), each.code))
