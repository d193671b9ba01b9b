"""What the served reader is meant to reach on dev: ``bars.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import field_validator

from evaluation.measures import BY_CODE
from nlp.rule_files import RuleFile, load_rule_file

BARS = Path(__file__).with_name("bars.yaml")


class BarFile(RuleFile):
    """Bars by the code of their measure."""

    bars: Mapping[str, float]

    @field_validator("bars")
    @classmethod
    def _are_measured(cls, bars: Mapping[str, float]) -> Mapping[str, float]:
        if unknown := sorted(bars.keys() - BY_CODE.keys()):
            raise ValueError(f"found {', '.join(unknown)}, expected codes of measures")
        return bars


def load_bars(path: Path = BARS) -> Mapping[str, float]:
    """Give the bars in the file at *path*.

    Raises:
        RulebookError: If it cannot be read, or names a measure that there is not.
    """
    return load_rule_file(path, BarFile).bars


def write_bar(bars: Mapping[str, float], code: str, value: float | None) -> str:
    """Give the bar of a measure as people read it: '0.88 (not met)'; 'none' where there is none."""
    if code not in bars:
        return "none"
    met = value is not None and not BY_CODE[code].is_worse(value, bars[code])
    return f"{bars[code]:g}" if met else f"{bars[code]:g} (not met)"
