"""The analyst's page of what has moved: texts, labels, confidence, overrides."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import clocks
from api.access.identity import Identity
from api.access.rules import allow
from api.dependencies import UsesStore
from api.figures.rebasing import REASON_LENGTH, rebase_from
from api.page_rendering import render_page
from api.store.codes import Role
from api.store.columns import now
from api.watch.alerts import Alert
from api.watch.batches import monday_of, week_of
from api.watch.family import OVERALL, Key
from api.watch.keeping import kept_state
from api.watch.showing import Shown, show
from api.watch.state import State, start_code
from nlp import domain
from nlp.errors import UnknownChoiceError

router = APIRouter(prefix="/analysis/watch", include_in_schema=False)

Viewer = Annotated[Identity, allow(Role.ANALYST, Role.HUB_MANAGER)]
Analyst = Annotated[Identity, allow(Role.ANALYST)]


@router.get("")
def show_watch(
    request: Request,
    *,
    identity: Viewer,
    store: UsesStore,
    agency: Annotated[str, Query(max_length=60)] = OVERALL,
    form: domain.Form = domain.Form.REFERRAL,
) -> HTMLResponse:
    """Show the open alerts, and the charts of one agency or the whole hub on one form.

    Raises:
        UnknownChoiceError: If there is no such agency.
    """
    state = kept_state(store, at=now())
    if agency not in state.names:
        raise UnknownChoiceError("agency is not one of those offered; choose it from the list")
    until = monday_of(week_of(state.at.astimezone(clocks.LONDON).date()))
    return render_page(
        request,
        "watch/watch.html",
        state=state,
        agency=agency,
        form=form,
        agencies=_agencies(state),
        groups=_groups(state, agency, form),
        until=clocks.say_day(until),
        may_start=identity.role is Role.ANALYST,
        months_since=lambda alert: months_since(alert, state),
    )


@router.post("/start")
def start_anew(
    *,
    identity: Analyst,
    store: UsesStore,
    measure: Annotated[str, Form(max_length=30)],
    agency: Annotated[str, Form(max_length=60)],
    form: Annotated[domain.Form, Form()],
    month: Annotated[str, Form(max_length=7)],
    reason: Annotated[str, Form(max_length=REASON_LENGTH)],
) -> Response:
    """Close an alert: record what changed, and start the series anew from *month*.

    Raises:
        UnknownChoiceError: If no such alert is open, or the month or the reason is not one.
    """
    state, key = kept_state(store, at=now()), Key(agency, form, measure)
    alert = next((each for each in state.alerts if each.key == key), None)
    if alert is None:
        raise UnknownChoiceError("no such alert is open; somebody may have closed it just now")
    if month not in months_since(alert, state):
        raise UnknownChoiceError("month is not one of those offered; choose it from the list")
    with store.writing() as session:
        rebase_from(
            session, month, measure=start_code(key), agency=agency, reason=reason, by=identity
        )
    return RedirectResponse("/analysis/watch", 303)


def months_since(alert: Alert, state: State) -> list[str]:
    """Give the months from that of the change until now, of which a series can start anew."""
    return [*clocks.months_between(f"{alert.since:%Y-%m}", clocks.month_of(state.at))]


def _agencies(state: State) -> dict[str, str]:
    seen = {key.agency for key in state.observed} | {OVERALL}
    names = sorted((each for each in state.names.items() if each[0] in seen), key=lambda n: n[1])
    return {OVERALL: state.names[OVERALL], **dict(names)}


def _groups(state: State, agency: str, form: domain.Form) -> list[tuple[str, list[Shown]]]:
    file, chosen = state.file, state.chosen(agency, form)
    return [
        (file.groups[group], [show(chosen[code], file.measures[code]) for code in codes])
        for group, codes in groupby(chosen, key=lambda code: file.measures[code].group)
    ]
