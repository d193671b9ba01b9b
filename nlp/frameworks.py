"""What a framework file holds: the local number, name and route of each legal level."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from nlp.domain import LEVELS, Level
from nlp.rule_files import RuleFile
from nlp.rule_schemas import RulePart, Words


class FrameworkLevel(RulePart):
    """A legal level in the words of one area."""

    number: Annotated[int, Field(ge=1, le=5)]
    name: Words
    route: Words
    meaning: Words


class Framework(RuleFile):
    """A file of ``frameworks/``: one local threshold document.

    Two legal levels may share a number (section 17 and section 47 are both level 4 in some areas),
    but a higher level never has a lower one.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    name: Words
    source: Words
    levels: Mapping[Level, FrameworkLevel]

    @model_validator(mode="after")
    def _every_level_in_order(self) -> Framework:
        absent = [level.value for level in LEVELS if level not in self.levels]
        if absent:
            raise ValueError(f"levels lacks {', '.join(absent)}; give all four")
        numbers = [self.levels[level].number for level in LEVELS]
        if any(higher < lower for lower, higher in pairwise(numbers)):
            raise ValueError(f"the numbers {numbers} fall; a higher level needs as high a number")
        return self
