"""Keys of systems: an administrator's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from api.access import keys
from api.access.administration import agency_names
from api.access.keys import LONGEST, Scope
from api.access.rules import Administrator
from api.dependencies import Id, UsesStore
from api.page_rendering import render_page
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import ApiKey

router = APIRouter(prefix="/keys")


@router.get("")
def list_keys(request: Request, *, store: UsesStore, _identity: Administrator) -> HTMLResponse:
    """Show every key, never its value."""
    return _show(request, store)


@router.post("")
def make_key(
    request: Request,
    *,
    store: UsesStore,
    identity: Administrator,
    agency: Annotated[str, Form(max_length=40)] = "",
    label: Annotated[str, Form(max_length=120)] = "",
    scopes: Annotated[tuple[Scope, ...], Form()] = (),
    days: Annotated[int, Form(ge=1, le=LONGEST.days)] = 365,
) -> HTMLResponse:
    """Make a key; its value is on this page and never again."""
    if not (agency and label.strip() and scopes):
        problem = "Choose an agency, say which system it is for, and choose what it may do."
        return _show(request, store, problem=problem, status=422)
    with store.writing() as session:
        made = keys.make(
            session,
            agency_id=agency,
            label=label.strip(),
            scopes=scopes,
            lasts=timedelta(days=days),
            by=identity,
        )
    return _show(request, store, made=made)


@router.post("/{key_id}/revoke")
def revoke_key(key_id: Id, *, store: UsesStore, identity: Administrator) -> RedirectResponse:
    """End a key at once."""
    with store.writing() as session:
        keys.revoke(session, key_id, by=identity)
    return RedirectResponse("/admin/keys", 303)


def _show(
    request: Request,
    store: Store,
    *,
    made: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    with store.reading() as session:
        agencies = agency_names(session)
        held = list(session.scalars(select(ApiKey).order_by(ApiKey.made_at.desc())))
    return render_page(
        request,
        "admin/keys.html",
        status=status,
        agencies=agencies,
        held=held,
        scopes=list(Scope),
        at=now(),
        made=made,
        problem=problem,
    )
