"""What became of an indicator when an agency began to use the feedback, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import clocks
from api.figures.indicators import Indicator
from api.figures.interruption import Conclusion, Interruption, interrupt
from api.figures.report_words import load_report_words
from api.figures.trends import Month
from api.store.tables import Agency


@dataclass(frozen=True)
class Effect:
    """What may be said of one indicator, and what may not."""

    indicator: Indicator
    since: date
    found: Interruption

    @property
    def words(self) -> str:
        """What may be concluded."""
        said, step = load_report_words().feedback[self.found.conclusion], self.found.step
        if step is None:
            return said
        ends = (step.low, step.high)
        if self.found.conclusion is Conclusion.NO_CLEAR_CHANGE:
            estimate, low, high = (f"{self._scaled(each):+.1f}" for each in (step.estimate, *ends))
        else:
            sizes = sorted(abs(self._scaled(each)) for each in ends)
            estimate, low, high = (
                f"{each:.1f}" for each in (abs(self._scaled(step.estimate)), *sizes)
            )
        unit = " points" if self.indicator.kind == "share" else ""
        return said.format(
            name=self.indicator.name, step=estimate + unit, low=low + unit, high=high + unit
        )

    @property
    def cannot(self) -> str:
        """What may not be concluded."""
        return load_report_words().feedback["cannot"]

    def _scaled(self, change: float) -> float:
        """A change of a share in percentage points; others as they are."""
        return 100 * change if self.indicator.kind == "share" else change


def feedback_since(session: Session, agency: str) -> date | None:
    """Give when an agency began to use the feedback; ``None`` of groups and where nobody said."""
    return session.scalars(select(Agency.feedback_since).where(Agency.id == agency)).first()


def find_effect(
    indicator: Indicator, months: tuple[Month, ...], since: date | None
) -> Effect | None:
    """Compare the months since the feedback with those before; ``None`` if it is not used.

    The first whole month of its use is the first after.
    """
    if since is None:
        return None
    month = f"{since:%Y-%m}"
    first = month if since.day == 1 else clocks.month_after(month)
    at = sum(each.month < first for each in months)
    return Effect(indicator, since, interrupt([each.value for each in months], at=at))
