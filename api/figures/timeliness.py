"""Whether a police notification came in time, by the day of what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field

from api.clocks import LONDON
from nlp.rule_files import RuleFile, loader_of


class Timeliness(RuleFile):
    """``timeliness.yaml``."""

    late_after_hours: Annotated[int, Field(gt=0)]

    def say(self, words: str) -> str:
        """Give *words* with the number in them."""
        return words.replace("{late_after_hours}", str(self.late_after_hours))


load_timeliness = loader_of(Path(__file__).with_suffix(".yaml"), Timeliness)


def is_late(incident_on: date, received_at: datetime) -> bool:
    """Did it come too long after the end of the day, in London, of the incident?"""
    ended = datetime.combine(incident_on + timedelta(days=1), time(), tzinfo=LONDON)
    allowed = timedelta(hours=load_timeliness().late_after_hours)
    return received_at > ended.astimezone(UTC) + allowed
