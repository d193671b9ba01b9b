"""What staff can decide and why they may differ from a reading, in words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from api.store.codes import Expected, Outcome, Step
from nlp.domain import LEVELS, Level
from nlp.rule_files import RuleFile, loader_of
from nlp.rule_schemas import RulePart, Words


class Way(StrEnum):
    """On which side of the plausible levels a decision lies."""

    HIGHER = "higher"
    LOWER = "lower"


class OutcomeText(RulePart):
    """One outcome: for staff, for the dataset, and for the referrer."""

    name: Words
    hint: Words
    dataset: Words
    told: Words


class OverrideText(RulePart):
    """One reason to differ, and the ways in which it can be given."""

    name: Words
    ways: tuple[Way, ...]


class OutcomesFile(RuleFile):
    """``outcomes.yaml``."""

    outcomes: Mapping[Outcome, OutcomeText]
    steps: Mapping[Step, Words]
    expected: Mapping[Expected, Words]
    override_reasons: Mapping[str, OverrideText]


load_outcomes = loader_of(Path(__file__).with_suffix(".yaml"), OutcomesFile)


def way_of(level: Level, plausible: tuple[Level, ...]) -> Way | None:
    """Say on which side of *plausible* a level lies; ``None`` inside, or where none is known."""
    if not plausible or level in plausible:
        return None
    return Way.HIGHER if LEVELS.index(level) > LEVELS.index(plausible[-1]) else Way.LOWER
