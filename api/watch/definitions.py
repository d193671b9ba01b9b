"""What is watched, from ``watch.yaml``, and the scale on which each measure is compared."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nlp.domain import Form
from nlp.rule_files import RuleFile, loader_of
from nlp.rule_schemas import RulePart, SomePhrases, Words

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Positive = Annotated[float, Field(gt=0)]
Number = Annotated[int, Field(ge=2)]


class Kind(StrEnum):
    """What a measure is of, which decides how it varies."""

    MEAN = "mean"
    COUNT = "count"
    SHARE = "share"
    RATIO = "ratio"


class Side(StrEnum):
    """Which way a measure moved."""

    UP = "up"
    DOWN = "down"


class Measure(RulePart):
    """One thing that is watched, with what its moving may mean and what to do then."""

    group: Words
    name: Words
    about: Words
    kind: Kind
    worth: Positive
    percent: bool = False
    unit: str = ""
    forms: tuple[Form, ...] = tuple(Form)
    may_mean: Mapping[Side, Words]
    next: SomePhrases

    def mean(self, values: Floats, weights: Floats | None = None) -> float:
        """Give the mean as it is taken of this measure: of a ratio, the geometric one."""
        if self.kind is Kind.RATIO:
            return float(np.exp(np.average(np.log(np.maximum(values, 1)), weights=weights)))
        return float(np.average(values, weights=weights))

    def scaled(self, means: Floats, counts: Floats | int) -> Floats:
        """Give means of so many contacts on a scale on which they vary alike, whatever they are.

        The logarithm of a ratio is taken of each contact, before the mean. Source of the others:
        Anscombe 1948, doi 10.1093/biomet/35.3-4.246.
        """
        if self.kind is Kind.COUNT:
            return np.sqrt(means + 0.375 / counts)
        if self.kind is Kind.SHARE:
            shares = (means * counts + 0.375) / (counts + 0.75)
            return np.asarray(np.arcsin(np.sqrt(shares)))
        return means

    def plain(self, scaled: Floats) -> Floats:
        """Give what was scaled in the measure's own unit again."""
        match self.kind:
            case Kind.COUNT:
                return np.square(scaled)
            case Kind.SHARE:
                return np.square(np.sin(scaled))
            case Kind.RATIO:
                return np.exp(scaled)
        return scaled

    def worth_scaled(self, usual: Floats) -> Floats:
        """Give the smallest change worth noticing, from each of *usual* up, on the scale."""
        match self.kind:
            case Kind.COUNT:
                return np.sqrt(usual + self.worth) - np.sqrt(usual)
            case Kind.SHARE:
                higher = np.clip(usual + self.worth, self.worth, 1.0)
                return np.asarray(
                    np.arcsin(np.sqrt(higher)) - np.arcsin(np.sqrt(higher - self.worth))
                )
            case Kind.RATIO:
                return np.full(len(usual), np.log1p(self.worth))
        return np.full(len(usual), self.worth)

    def moved(self, before: Floats, after: Floats) -> Floats:
        """Give differences in the measure's own unit; of a ratio, the relative ones."""
        return after / before - 1 if self.kind is Kind.RATIO else after - before

    def write(self, value: float) -> str:
        """Say a value in words."""
        if self.kind is Kind.SHARE or self.percent:
            return f"{100 * value:.1f}%"
        if self.kind is Kind.RATIO:
            return f"{value:,.0f} {self.unit}".strip()
        return f"{value:.2f}"

    def write_change(self, change: float) -> str:
        """Say a difference in words; of a ratio, *change* is the relative one."""
        if self.kind is Kind.RATIO:
            return f"{100 * change:+.1f}%"
        if self.kind is Kind.SHARE or self.percent:
            return f"{100 * change:+.1f} percentage points"
        return f"{change:+.2f}"

    def write_tick(self, value: float, *, change: bool) -> str:
        """Say a value shortly, for an axis; the sign of a difference too."""
        sign = "+" if change else ""
        if self.kind is Kind.SHARE or self.percent or (change and self.kind is Kind.RATIO):
            return f"{100 * value:{sign}.3g}%"
        return f"{value:{sign},.0f}" if self.kind is Kind.RATIO else f"{value:{sign}.2g}"


class BatchSizes(RulePart):
    """The fewest contacts of a batch."""

    mean: Number
    share: Number


class WatchFile(RuleFile):
    """``watch.yaml``."""

    false_alarms: Annotated[float, Field(gt=0, lt=1)]
    batch: BatchSizes
    reference: Annotated[int, Field(ge=6)]
    opened: Number
    years: Annotated[int, Field(ge=1)]
    overall: Words
    forms: Mapping[Form, Words]
    groups: Mapping[str, Words]
    measures: Mapping[str, Measure]
    signs: Mapping[Side, Words]
    says: Words
    says_overall: Words
    reader_changed: Words

    def fewest(self, measure: Measure) -> int:
        """Give the fewest contacts of a batch of *measure*."""
        return self.batch.share if measure.kind is Kind.SHARE else self.batch.mean


load_watch = loader_of(Path(__file__).parent / "watch.yaml", WatchFile)
