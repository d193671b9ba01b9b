"""The words of an agency's report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from api.figures.interruption import Conclusion
from nlp.domain import Element
from nlp.rule_files import RuleFile, load_rule_file


class Illustration(RuleFile):
    """A made-up pair: what helps little, and what helps."""

    instead: str
    write: str


class Standings(RuleFile):
    """How an agency stands beside the rest."""

    better_different: str
    better: str
    alike: str
    behind: str
    behind_different: str


def _for_every_element(given: Mapping[Element, Illustration]) -> Mapping[Element, Illustration]:
    absent = [each.value for each in Element if each not in given]
    if absent:
        raise ValueError(f"lacks {', '.join(absent)}; give every element an illustration")
    return given


class ReportWords(RuleFile):
    """``report.yaml``."""

    candidates: tuple[str, ...]
    trends: tuple[str, ...]
    effects: tuple[str, ...]
    says: str
    standing: Standings
    nothing: str
    case_mix: str
    opposite: str
    opposite_unknown: str
    late: str
    late_unknown: str
    missing: str
    made_up: str
    feedback: Mapping[str, str]
    illustrations: Annotated[Mapping[Element, Illustration], AfterValidator(_for_every_element)]


@cache
def load_report_words() -> ReportWords:
    """Give the words.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    found = load_rule_file(Path(__file__).parent / "report.yaml", ReportWords)
    assert {*Conclusion, "cannot"} <= set(found.feedback)  # noqa: S101 - a mistake of the release
    return found
