"""What the papers say in numbers and names, gathered from the files that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evaluation.bars import load_bars, write_bar
from evaluation.behaviour.suite import load_floors
from evaluation.bootstrap import Figure
from evaluation.gate import COUNTED
from evaluation.pages import write_figure
from evaluation.report import AUTHORS_LEFT_OUT, DEV, LATEST, UNREAD, Report, load_report
from models.predict import load_reader
from nlp.domain import Element, NeedDomain, SafetyFlag
from nlp.rule_files import RuleFile, load_rule_file
from nlp.rules import load_rulebook

HAZARDS = Path(__file__).with_name("hazards.yaml")
# Groups with fewer contacts say too little for a gap between them to mean anything.
SMALLEST_GROUP = 20
SPLITS = {"left_out": AUTHORS_LEFT_OUT, "unread": UNREAD, "dev": DEV}


class Hazard(RuleFile):
    """One thing that could harm a child or a family, and what stands against it."""

    id: str
    hazard: str
    causes: tuple[str, ...]
    controls: tuple[str, ...]
    evidence: tuple[str, ...]
    remains: str


class HazardFile(RuleFile):
    """The hazards, in order; ``evidence`` names tests as pytest does."""

    hazards: tuple[Hazard, ...]


@dataclass(frozen=True)
class Group:
    """The figures of contacts of one agency, form or length, authors left out."""

    name: str
    contacts: int
    figures: Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """Everything that a template may ask for."""

    report: Report
    served: str
    rulebook: str
    hazards: tuple[Hazard, ...]
    kept: Mapping[str, Mapping[str, float]]
    bars: Mapping[str, float]

    @property
    def measured_on(self) -> str:
        """The day of the report, as 26 November 2026."""
        made = datetime.fromisoformat(self.report.made)
        return f"{made.day} {made:%B %Y}"

    @property
    def is_current(self) -> bool:
        """Whether the report is of the reader and rulebook that are here now."""
        return (self.report.reader, self.report.rulebook) == (self.served, self.rulebook)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many labels of each set there are."""
        return {"elements": len(Element), "domains": len(NeedDomain), "flags": len(SafetyFlag)}

    def contacts(self, split: str) -> int:
        """How many contacts a split has: ``left_out``, ``unread`` or ``dev``."""
        return self.report.splits[SPLITS[split]].contacts

    def figure(self, code: str, split: str = "left_out", *, of: str = "") -> str:
        """A measure of the reader, or of another contestant, with its interval."""
        return _said(self._figure(code, split, of), is_count=code in COUNTED)

    def row(self, codes: Sequence[str], split: str, *, of: str = "") -> str:
        """Measures of one contestant in short; those of the reader with the first one's interval.

        'none' stands where the contestant says nothing of it.
        """
        first, *others = (self._figure(code, split, of) for code in codes)
        is_count = codes[0] in COUNTED
        told = _short(first, is_count=is_count) if of or is_count else write_figure(first)
        return ", ".join([told, *(_short(each) for each in others)])

    def bar(self, codes: Sequence[str]) -> str:
        """The bars of measures on dev, and which of them the reader does not meet."""
        return ", ".join(
            write_bar(self.bars, code, self._figure(code, "dev").value) for code in codes
        )

    def in_hundred(self, code: str, split: str = "left_out") -> str:
        """A measure of the reader as '85 in 100'."""
        value = self._figure(code, split).value
        return "not measured" if value is None else f"{100 * value:.0f} in 100"

    def _figure(self, code: str, split: str, of: str = "") -> Figure:
        figures = self.report.splits[SPLITS[split]].figures[of or self.report.reader_code]
        return figures.get(code, Figure(None, None, None))

    def groups(self, kind: str) -> tuple[Group, ...]:
        """The groups of one kind that are large enough, the largest first."""
        return tuple(
            Group(
                group.name.replace("_", " "),
                group.contacts,
                {code: _said(figure) for code, figure in group.figures.items()},
            )
            for group in self.report.splits[AUTHORS_LEFT_OUT].groups[kind]
            if group.contacts >= SMALLEST_GROUP
        )


def gather() -> Facts:
    """Give the facts as they are now.

    Raises:
        ReferralQualityError: If the report, a released reader or a file of rules cannot be read.
    """
    return Facts(
        report=load_report(LATEST),
        served=load_reader().name,
        rulebook=load_rulebook().version,
        hazards=load_rule_file(HAZARDS, HazardFile).hazards,
        kept=load_floors().floors,
        bars=load_bars(),
    )


def _short(figure: Figure, *, is_count: bool = False) -> str:
    return "none" if figure.value is None else f"{figure.value:.{0 if is_count else 2}f}"


def _said(figure: Figure, *, is_count: bool = False) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "not measured"
    if is_count:
        return f"{figure.value:.0f}"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
