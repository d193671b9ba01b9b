"""The pages of leaders: quality by agency, over time, and agencies beside each other."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from api.access.identity import Identity
from api.access.rules import FigureReader, allow
from api.dependencies import UsesStore
from api.figures import overview, trends
from api.figures.axes import ALL
from api.figures.dictionary import measure_name
from api.figures.feedback import feedback_since, find_effect
from api.figures.indicators import Indicator, load_indicators
from api.figures.measures import Measure
from api.figures.rebasing import REASON_LENGTH, rebase_from
from api.figures.selection import (
    FORMS,
    LATEST,
    Covered,
    Selection,
    check,
    find_covered,
    refuse_unknown,
)
from api.figures.signals import find_signals
from api.figures.words import load_words
from api.page_rendering import render_page, words
from api.schemas import Wire
from api.store.codes import Role
from nlp.domain import Element
from nlp.errors import UnknownChoiceError

router = APIRouter(include_in_schema=False)

Leader = Annotated[Identity, allow(Role.LEADER)]


class Asked(Wire):
    """What a leader asks to see."""

    period: Annotated[str, Field(max_length=12)] = LATEST
    agency: Annotated[str, Field(max_length=60)] = ALL
    form: Annotated[str, Field(max_length=10)] = ALL
    indicator: Annotated[str, Field(max_length=60)] = "score"

    @property
    def selection(self) -> Selection:
        """What is chosen, not yet checked."""
        return Selection(self.period, self.agency, self.form)

    def as_chosen(self, chosen: Selection) -> Asked:
        """Give the same with the latest period by its name."""
        return self.model_copy(update={"period": chosen.period})


@router.get("/quality")
def show_overview(
    request: Request, *, _identity: FigureReader, store: UsesStore, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Show the key figures, what each agency leaves out, and both kinds of error."""
    with store.reading() as session:
        covered = find_covered(session)
        if covered is None:
            return render_page(request, "quality/nothing.html")
        chosen = check(asked.selection, covered)
        return _render(
            request,
            "quality/overview.html",
            covered,
            asked.as_chosen(chosen),
            key_figures=overview.key_figures(session, chosen),
            signals=find_signals(session, chosen, covered),
            heat_map=overview.heat_map(session, chosen, covered),
            elements=[(each, words()["elements"][each]) for each in Element],
            reasons=overview.reasons(session, chosen),
            late_or_missing=overview.late_or_missing(session, chosen),
            flags=overview.flags(session, chosen),
            tables={
                measure_name(each): overview.counts_of(session, each, chosen)
                for each in (Measure.READ_AGAINST_DECIDED, Measure.DECISION_TIME, Measure.OUTCOME)
            },
        )


@router.get("/quality/trend")
def show_trend(
    request: Request, *, identity: FigureReader, store: UsesStore, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Show one indicator month by month."""
    indicator = _find(asked.indicator)
    with store.reading() as session:
        covered = find_covered(session)
        if covered is None:
            return render_page(request, "quality/nothing.html")
        chosen = check(asked.selection, covered)
        trend = trends.find_trend(session, indicator, chosen, covered)
        since = feedback_since(session, chosen.agency)
    return _render(
        request,
        "quality/trend.html",
        covered,
        asked.as_chosen(chosen),
        indicator=indicator,
        trend=trend,
        effect=find_effect(indicator, trend.months, since),
        may_rebase=identity.role is Role.LEADER,
    )


@router.post("/quality/rebase")
def rebase(
    *,
    identity: Leader,
    store: UsesStore,
    indicator: Annotated[str, Form(max_length=60)],
    agency: Annotated[str, Form(max_length=60)],
    form: Annotated[str, Form(max_length=10)],
    month: Annotated[str, Form(max_length=7)],
    reason: Annotated[str, Form(max_length=REASON_LENGTH)],
) -> Response:
    """Record that a process has changed, so that limits start anew from *month*.

    Raises:
        UnknownChoiceError: If there is no such indicator, agency or month, or no reason is given.
    """
    found = _find(indicator)
    with store.writing() as session:
        covered = find_covered(session)
        if covered is None or month not in covered.months:
            raise UnknownChoiceError("month is not one that is shown; choose it from the list")
        check(Selection(agency=agency, form=form), covered)
        rebase_from(session, month, measure=found.code, agency=agency, reason=reason, by=identity)
    asked = urlencode({"indicator": found.code, "agency": agency, "form": form})
    return RedirectResponse(f"/quality/trend?{asked}", 303)


@router.get("/quality/compare")
def show_comparison(
    request: Request, *, _identity: FigureReader, store: UsesStore, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Show agencies beside each other within a funnel."""
    indicator = _find(asked.indicator if asked.indicator != "score" else "inadequate")
    with store.reading() as session:
        covered = find_covered(session)
        if covered is None:
            return render_page(request, "quality/nothing.html")
        chosen = check(asked.selection, covered)
        if indicator.kind != "share":
            raise UnknownChoiceError("indicator is not a share; only shares are compared")
        comparison = trends.compare(session, indicator, chosen, covered)
    return _render(
        request,
        "quality/compare.html",
        covered,
        asked.as_chosen(chosen),
        indicator=indicator,
        comparison=comparison,
    )


def _render(
    request: Request, template: str, covered: Covered, asked: Asked, **values: Any
) -> HTMLResponse:
    return render_page(
        request,
        template,
        covered=covered,
        asked=asked,
        forms=FORMS,
        indicators=load_indicators(),
        words=words(),
        figure_words=load_words(),
        **values,
    )


def _find(code: str) -> Indicator:
    refuse_unknown("indicator", code, load_indicators())
    return load_indicators()[code]
