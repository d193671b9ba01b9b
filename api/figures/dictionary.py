"""The data dictionary: every column, measure, category and symbol of the figures, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from api.figures.indicators import load_indicators
from api.figures.measures import ELEMENT_PREFIX
from api.figures.timeliness import load_timeliness
from api.outcomes import load_outcomes
from nlp.domain import Element
from nlp.guidance import load_guidance
from nlp.rule_files import RuleFile, loader_of

Codes = Literal["flags", "levels", "outcomes", "ratings", "reasons", "statuses"]


class _Measured(RuleFile):
    """A measure; ``codes`` names a closed set that its categories are of, besides its own."""

    name: str
    about: str
    codes: Codes | None = None
    categories: Mapping[str, str] = {}


class _Dictionary(RuleFile):
    columns: Mapping[str, str]
    contact_columns: Mapping[str, str]
    symbols: Mapping[str, str]
    measures: Mapping[str, _Measured]
    element: _Measured


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary; ``of`` is the measure that a category belongs to."""

    kind: Literal["column", "symbol", "measure", "category", "indicator"]
    of: str
    code: str
    words: str
    about: str = ""


@cache
def load_dictionary() -> tuple[Entry, ...]:
    """Give every line: columns, symbols, measures with their categories, and indicators.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return tuple(_entries(_load()))


def dictionary_rows() -> list[dict[str, str]]:
    """Give the dictionary as rows of a table."""
    return [asdict(each) for each in load_dictionary()]


def measure_name(measure: str) -> str:
    """Give what a measure is called."""
    return next(e.words for e in load_dictionary() if e.kind == "measure" and e.code == measure)


def category_names(measure: str) -> Mapping[str, str]:
    """Give what the categories of a measure are called, in the order of the dictionary."""
    return {e.code: e.words for e in load_dictionary() if e.kind == "category" and e.of == measure}


def contact_columns() -> Mapping[str, str]:
    """Give what the columns of the contacts' file hold."""
    return _load().contact_columns


def _entries(file: _Dictionary) -> Iterator[Entry]:
    yield from (Entry("column", "", code, words) for code, words in file.columns.items())
    yield from (Entry("symbol", "", code, words) for code, words in file.symbols.items())
    for code, measure in file.measures.items():
        yield from _measure(code, measure)
    labels = load_guidance().prompts.elements
    for element in Element:
        label = labels[element].label
        named = file.element.model_copy(update={"name": file.element.name.format(element=label)})
        yield from _measure(f"{ELEMENT_PREFIX}{element}", named)
    for code, indicator in load_indicators().items():
        yield Entry("indicator", indicator.measure, code, indicator.name, indicator.note)


def _measure(code: str, measure: _Measured) -> Iterator[Entry]:
    yield Entry("measure", "", code, measure.name, load_timeliness().say(measure.about))
    named = {**(_codes(measure.codes) if measure.codes else {}), **measure.categories}
    yield from (Entry("category", code, each, words) for each, words in named.items())


def _codes(which: Codes) -> Mapping[str, str]:
    guidance = load_guidance()
    names = guidance.wording.names
    if which == "outcomes":
        return {code.value: text.name for code, text in load_outcomes().outcomes.items()}
    if which == "flags":
        return {code.value: text.name for code, text in names.flags.items()}
    if which == "reasons":
        return {code.value: text.name for code, text in guidance.reasons.reasons.items()}
    found: Mapping[str, str] = getattr(names, which)
    return {str(code): words for code, words in found.items()}


_load = loader_of(Path(__file__).with_suffix(".yaml"), _Dictionary)
