"""Systems and people read published figures: the same, and as few, as every page shows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.access.identity import FIGURE_READERS, Identity
from api.access.keys import Scope
from api.access.rates import Search
from api.access.rules import SenderRule
from api.dependencies import UsesStore
from api.error_responses import errors
from api.figures.export import Wanted, check_wanted, figure_rows
from api.figures.selection import find_covered
from api.schemas import Wire
from api.store.audit import record
from api.store.codes import Action

router = APIRouter(prefix="/figures", tags=["figures"])

Reader = Annotated[
    Identity,
    Depends(SenderRule(Scope.FIGURES, *FIGURE_READERS)),
]
Choice = Annotated[str, Query(max_length=60)]


class FigureOut(Wire):
    """One figure; the columns are those of the files, with the data dictionary at the page Data."""

    measure: str
    category: str
    period: str
    period_kind: str
    agency: str
    agency_kind: str
    agency_name: str
    form: str
    value: float | None
    symbol: str


class FiguresOut(Wire):
    """The figures of one measure; none where nothing was published yet."""

    first_month: str | None = None
    last_month: str | None = None
    figures: tuple[FigureOut, ...] = ()


@router.get("", summary="Published figures", responses=errors(401, 403, 422, 429, 503))
def read_figures(
    *,
    identity: Reader,
    _often: Search,
    store: UsesStore,
    measure: Annotated[str, Query(max_length=40, description="Such as contacts or rating")],
    period: Choice = "",
    agency: Choice = "",
    form: Choice = "",
) -> FiguresOut:
    """Give the figures of one measure; a choice that is left out is every one of it.

    `symbol` is `[c]` where a number is left out because it is small, or would give one away.
    """
    wanted = Wanted(measure, period, agency, form)
    with store.reading() as session:
        covered = find_covered(session)
        if covered is None:
            return FiguresOut()
        rows = tuple(
            FigureOut.model_validate(row)
            for row in figure_rows(session, check_wanted(wanted, covered))
        )
    details = {"measure": measure, "rows": len(rows)}
    with store.writing() as session:
        action = Action.EXPORTED
        record(session, actor=identity.actor, action=action, target="figures", details=details)
    return FiguresOut(first_month=covered.months[0], last_month=covered.months[-1], figures=rows)
