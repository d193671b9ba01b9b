"""What a referrer's own agency sent, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dependencies import Id, UsesStore
from api.hub.queue_clock import say_moment
from api.intake.sent import list_sent, see_sent
from api.intake.words import stage_names
from api.outcomes import load_outcomes
from api.page_rendering import render_page, words
from api.routes.sending import Referrer
from api.store.columns import now
from nlp.domain import Status

router = APIRouter(prefix="/sent", include_in_schema=False)


@router.get("")
def show_sent(
    request: Request,
    *,
    identity: Referrer,
    store: UsesStore,
    after: Annotated[str | None, Query(max_length=32, pattern=r"^[0-9a-f]+$")] = None,
) -> HTMLResponse:
    """Show what the agency sent, newest first, a page at a time."""
    page = list_sent(store, identity=identity, after=after)
    return _render(request, "sent/list.html", page=page, after=after)


@router.get("/{contact_id}")
def show_one(
    request: Request, contact_id: Id, *, identity: Referrer, store: UsesStore
) -> HTMLResponse:
    """Show one contact: where it is, the answer, what it did not say and what improved."""
    sent = see_sent(store, contact_id, identity=identity)
    return _render(
        request,
        "sent/one.html",
        sent=sent,
        missing=sent.elements(Status.MISSING),
        partly=sent.elements(Status.PARTLY),
    )


def _render(request: Request, template: str, **values: Any) -> HTMLResponse:
    at = now()
    return render_page(
        request,
        template,
        words=words(),
        stages=stage_names(),
        outcomes=load_outcomes().outcomes,
        at=at,
        when=partial(say_moment, at=at),
        **values,
    )
