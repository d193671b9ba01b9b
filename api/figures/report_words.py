"""The words of an agency's report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from api.figures.interruption import Conclusion
from nlp.domain import Element
from nlp.rule_files import RuleFile, loader_of


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


def _with_all(*wanted: str) -> AfterValidator:
    def check(given: Mapping[str, object]) -> Mapping[str, object]:
        absent = [str(each) for each in wanted if each not in given]
        if absent:
            raise ValueError(f"lacks {', '.join(absent)}; give each its words")
        return given

    return AfterValidator(check)


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
    feedback: Annotated[Mapping[str, str], _with_all(*Conclusion, "cannot")]
    illustrations: Annotated[Mapping[Element, Illustration], _with_all(*Element)]


load_report_words = loader_of(Path(__file__).parent / "report.yaml", ReportWords)
