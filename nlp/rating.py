"""From what completeness score each of Ofsted's four words is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from nlp.assessment import RatingCode
from nlp.domain import Rating
from nlp.rule_files import RuleFile
from nlp.rule_schemas import RulePart, Words

CODES: Mapping[Rating, RatingCode] = {
    Rating.INADEQUATE: "inadequate",
    Rating.REQUIRES_IMPROVEMENT: "requires_improvement",
    Rating.GOOD: "good",
    Rating.OUTSTANDING: "outstanding",
}


class RatingBand(RulePart):
    """The lowest score of a rating."""

    from_score: Annotated[int, Field(ge=0, le=100)]
    rationale: Words


class RatingFile(RuleFile):
    """``rating.yaml``: the lowest score of each rating."""

    bands: Mapping[RatingCode, RatingBand]

    @model_validator(mode="after")
    def _bands_climb_from_nothing(self) -> RatingFile:
        absent = [code for code in CODES.values() if code not in self.bands]
        if absent:
            raise ValueError(f"bands lacks {', '.join(absent)}; give all four")
        starts = [self.bands[code].from_score for code in CODES.values()]
        if starts[0] != 0 or sorted(set(starts)) != starts:
            raise ValueError(
                f"the bands start at {starts}; inadequate starts at 0 and each better one higher"
            )
        return self

    def of(self, score: int) -> Rating:
        """The rating of a completeness score of 0 to 100."""
        return max(rating for rating in Rating if score >= self.bands[CODES[rating]].from_score)
