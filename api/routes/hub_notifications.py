"""Police notifications that look inappropriate: listed, and looked at one by one."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from api.access.rules import Staff
from api.dependencies import Id, UsesAssessor, UsesSettings, UsesStore
from api.hub import notifications
from api.hub.queue_children import name_children
from api.hub.queue_clock import read_clock, say_moment
from api.hub.queue_page import read_rows
from api.outcomes import load_outcomes
from api.page_rendering import level_names, render_page, words
from api.routes.hub_forms import Typed
from api.store.audit import record
from api.store.codes import Action
from api.store.columns import now

router = APIRouter(prefix="/hub/notifications", include_in_schema=False)

MOST_LISTED = 50


@router.get("")
def show_notifications(
    request: Request, *, identity: Staff, store: UsesStore, settings: UsesSettings
) -> HTMLResponse:
    """List those that nobody has looked at, with the reasons unless they are hidden."""
    hide = settings.hide_reading_until_decided
    with store.reading() as session:
        ids = notifications.first_to_check(session, most=MOST_LISTED + 1)
        rows = read_rows(session, ids[:MOST_LISTED], me=identity.id, at=now())
        found = notifications.findings(session, ids[:MOST_LISTED], asker=identity, hide=hide)
    with store.writing() as session:
        record(
            session,
            actor=identity.actor,
            action=Action.QUEUE_SEEN,
            target="notifications",
            details={"shown": len(rows)},
        )
    return render_page(
        request,
        "hub/notifications.html",
        rows=rows,
        findings=found,
        more=len(ids) > MOST_LISTED,
        hiding=len(found) < len(rows),
        notes=notifications.load_words(),
        words=words(),
    )


@router.get("/{contact_id}")
def show_notification(
    request: Request,
    contact_id: Id,
    *,
    identity: Staff,
    store: UsesStore,
    assessor: UsesAssessor,
    settings: UsesSettings,
    saved: Literal["", "yes"] = "",
) -> HTMLResponse:
    """Show one notification whole, with all that speaks for and against the reasons.

    Where the reading is hidden, the text alone, and ask for a first view of it.
    """
    at = now()
    hide = settings.hide_reading_until_decided
    look = notifications.look(store, contact_id, by=identity, hide=hide)
    with store.reading() as session:
        children = name_children(session, [contact_id], on=at.date()).get(contact_id)
        said = notifications.answers(session, [contact_id]).get(contact_id)
        left = notifications.count_to_check(session)
    return render_page(
        request,
        "hub/notification.html",
        look=look,
        children=children,
        said=said,
        left=left,
        saved=bool(saved),
        clock=read_clock(look.contact.due_at, at=at),
        received=say_moment(look.contact.received_at, at=at),
        notes=notifications.load_words(),
        words=words(),
        levels=level_names(assessor.frameworks[assessor.default_framework]),
        outcomes=load_outcomes(),
        typed=Typed(FormData()),
        problems={},
    )


@router.post("/{contact_id}")
def answer_notification(
    contact_id: Id,
    *,
    identity: Staff,
    store: UsesStore,
    said: Annotated[Literal["inappropriate", "appropriate"], Form()],
    version: Annotated[int, Form()],
) -> RedirectResponse:
    """Keep what the person says of this one, and show the next."""
    following = notifications.answer(
        store, contact_id, inappropriate=said == "inappropriate", version=version, by=identity
    )
    onward = f"/{following}?saved=yes" if following else "?saved=yes"
    return RedirectResponse(f"/hub/notifications{onward}", 303)
