"""The indicators that leaders see: what each is made of, which way is better, what it can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from api.figures.axes import ALL
from api.figures.measures import ELEMENT_PREFIX
from api.figures.shown import HIDDEN, Figures, Rate
from api.figures.timeliness import load_timeliness
from api.figures.xmr import Direction
from nlp.domain import Element
from nlp.guidance import load_guidance
from nlp.rule_files import RuleFile, load_rule_file

_FILE = Path(__file__).parent / "indicators.yaml"
_DIRECTIONS = {"up": Direction.UP, "down": Direction.DOWN, "neither": Direction.NEUTRAL}

Better = Literal["up", "down", "neither"]


class _Written(RuleFile):
    name: str
    note: str
    better: Better
    categories: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    kind: Literal["count", "mean", "share"] = "share"
    measure: str = ""


class _IndicatorFile(RuleFile):
    indicators: Mapping[str, _Written]
    element: _Written


@dataclass(frozen=True)
class Indicator:
    """One figure that can be followed over time and compared between agencies."""

    code: str
    name: str
    note: str
    kind: Literal["count", "mean", "share"]
    measure: str
    categories: tuple[str, ...]
    of: tuple[str, ...]
    direction: Direction

    def value(self, figures: Figures, *, period: str, agency: str, form: str) -> float | None:
        """Give the figure: a share from 0 to 1, a mean or a count; ``None`` if it is hidden."""
        if self.kind == "share":
            found = self.rate(figures, period=period, agency=agency, form=form).interval
            return found.estimate if found else None
        category = self.categories[0] if self.categories else ALL
        value = figures.value(self.measure, category, period=period, agency=agency, form=form)
        # No row for a mean says that there was nothing to take one of.
        return None if self.kind == "mean" and not value else value

    def rate(self, figures: Figures, *, period: str, agency: str, form: str) -> Rate:
        """Give the share with its counts and interval; only of an indicator that is a share."""
        return figures.rate(
            self.measure, self.categories, of=self.of, period=period, agency=agency, form=form
        )

    def write(self, value: float | None) -> str:
        """Say a value in words."""
        if value is None:
            return HIDDEN
        if self.kind == "share":
            return f"{100 * value:.0f}%"
        return f"{value:.1f}" if self.kind == "mean" else f"{value:,.0f}"


@cache
def load_indicators() -> Mapping[str, Indicator]:
    """Give every indicator by its code, those of the elements last.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    written = load_rule_file(_FILE, _IndicatorFile)
    labels = load_guidance().prompts.elements
    found = {code: _make(code, each, each.measure) for code, each in written.indicators.items()}
    for element in Element:
        named = written.element.model_copy(
            update={"name": written.element.name.format(element=labels[element].label.lower())}
        )
        code = element_code(element)
        found[code] = _make(code, named, f"{ELEMENT_PREFIX}{element}")
    return found


def element_code(element: Element) -> str:
    """Give the code of the indicator of one element."""
    return f"missing_{element}"


def measures_of(indicators: Sequence[Indicator]) -> list[str]:
    """Give the measures that *indicators* are made of."""
    return sorted({each.measure for each in indicators})


def _make(code: str, written: _Written, measure: str) -> Indicator:
    return Indicator(
        code=code,
        name=written.name,
        note=load_timeliness().say(written.note),
        kind=written.kind,
        measure=measure,
        categories=written.categories,
        of=written.of,
        direction=_DIRECTIONS[written.better],
    )
