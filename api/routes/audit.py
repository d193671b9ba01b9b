"""Who saw and did what, for auditors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.audit_trail import Wanted, read_page, verify_chain
from api.access.identity import Identity
from api.access.rules import allow
from api.dependencies import UsesStore
from api.page_rendering import render_page
from api.store.audit import Verdict
from api.store.codes import Action, Role
from api.store.opening import Store

router = APIRouter(prefix="/audit", include_in_schema=False)

Auditor = Annotated[Identity, allow(Role.AUDITOR)]
# Ids and codes alone are asked for: a name has no place in an address.
Id = Annotated[str, Query(max_length=80, pattern=r"^[\w:{}/.-]*$")]


@router.get("")
def show_log(
    request: Request,
    *,
    store: UsesStore,
    _identity: Auditor,
    action: Annotated[str, Query(max_length=40)] = "",
    actor: Id = "",
    target: Id = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> HTMLResponse:
    """Show a page of the log."""
    chosen = next((each for each in Action if each == action), None)
    return _show(request, store, Wanted(chosen, actor, target, before))


@router.post("/verify")
def verify(request: Request, *, store: UsesStore, identity: Auditor) -> HTMLResponse:
    """Verify the whole chain, and show what was found."""
    return _show(request, store, Wanted(), verdict=verify_chain(store, by=identity))


def _show(
    request: Request, store: Store, wanted: Wanted, *, verdict: Verdict | None = None
) -> HTMLResponse:
    with store.reading() as session:
        page = read_page(session, wanted)
    return render_page(
        request,
        "audit/log.html",
        page=page,
        wanted=wanted,
        verdict=verdict,
        actions=list(Action),
    )
