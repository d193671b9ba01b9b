"""Take a contact, give it back, or as a manager take it over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import Manager, Staff
from api.dependencies import Id, UsesStore
from api.hub import claims
from api.hub.claims import ClaimConflictError
from api.hub.queue_clock import say_moment
from api.page_rendering import render_page
from api.store.codes import Role
from api.store.columns import now

router = APIRouter(prefix="/hub/contacts/{contact_id}", include_in_schema=False)


@router.post("/claim")
def claim(request: Request, contact_id: Id, *, identity: Staff, store: UsesStore) -> Response:
    """Take a contact that nobody has, and open it."""
    try:
        claims.claim(store, contact_id, by=identity)
    except ClaimConflictError as error:
        return _say_who(request, error, may_take_over=identity.role is Role.HUB_MANAGER)
    return RedirectResponse(f"/hub/contacts/{contact_id}", 303)


@router.post("/release")
def release(request: Request, contact_id: Id, *, identity: Staff, store: UsesStore) -> Response:
    """Give a contact back, and return to the queue."""
    try:
        claims.release(store, contact_id, by=identity)
    except ClaimConflictError as error:
        return _say_who(request, error, may_take_over=identity.role is Role.HUB_MANAGER)
    return RedirectResponse("/hub", 303)


@router.post("/take-over")
def take_over(
    request: Request,
    contact_id: Id,
    *,
    identity: Manager,
    store: UsesStore,
    held_by: Annotated[str, Form(max_length=40)],
) -> Response:
    """Take a contact from the person who was shown to have it."""
    try:
        claims.take_over(store, contact_id, by=identity, held_by=held_by)
    except ClaimConflictError as error:
        return _say_who(request, error, may_take_over=True)
    return RedirectResponse(f"/hub/contacts/{contact_id}", 303)


def _say_who(request: Request, error: ClaimConflictError, *, may_take_over: bool) -> Response:
    claim = error.claim
    return render_page(
        request,
        "hub/queue_conflict.html",
        status=409,
        claim=claim,
        contact_id=error.contact_id,
        since=say_moment(claim.since, at=now()) if claim else None,
        may_take_over=may_take_over and claim is not None,
    )
