"""Answer referrers, and see who still waits for an answer."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.errors import ConflictError
from api.access.identity import Identity
from api.access.rules import Staff
from api.dependencies import Id, UsesStore
from api.hub.contact_words import load_contact_words
from api.hub.queue_clock import read_clock, say_moment
from api.hub.replies import (
    DraftSeen,
    ReplyError,
    list_unanswered,
    open_reply,
    save_draft,
    send_reply,
)
from api.hub.replies_words import email_text
from api.outcomes import load_outcomes
from api.page_rendering import render_page
from api.routes.hub_contact import note_list_seen
from api.routes.hub_forms import Posted
from api.settings import Settings
from api.store.codes import ReplyChannel
from api.store.columns import now
from api.store.opening import Store
from api.store.references import reference_of

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 200


@router.get("/hub/replies")
def show_unanswered(request: Request, *, identity: Staff, store: UsesStore) -> HTMLResponse:
    """List the contacts whose referrer has not heard, the one longest overdue first."""
    at = now()
    with store.writing() as session:
        waiting = list_unanswered(session, at=at, most=MOST_SHOWN + 1)
        note_list_seen(session, identity, page="replies", shown=len(waiting))
    return render_page(
        request,
        "hub/replies.html",
        waiting=waiting[:MOST_SHOWN],
        more=len(waiting) > MOST_SHOWN,
        overdue=sum(each.overdue for each in waiting),
        stages=load_contact_words().stages,
        reference_of=reference_of,
        clock=partial(read_clock, at=at),
        when=partial(say_moment, at=at),
    )


@router.get("/hub/contacts/{contact_id}/reply")
def show_reply(
    request: Request, contact_id: Id, *, identity: Staff, store: UsesStore
) -> HTMLResponse:
    """Show the draft of a reply to be changed and sent, or the reply that was sent."""
    return _show(request, contact_id, identity, store)


@router.post("/hub/contacts/{contact_id}/reply")
def keep_reply(
    request: Request, contact_id: Id, *, identity: Staff, store: UsesStore, typed: Posted
) -> Response:
    """Send a reply, or keep its draft; what is neither stays on the page."""
    words = typed["words"]
    show_again = partial(_show, request, contact_id, identity, store, words=words)
    try:
        seen = DraftSeen(typed["reply_id"], typed.version())
        with store.writing() as session:
            if typed["act"] == "send":
                send_reply(session, contact_id, by=identity, words=words, seen=seen)
            else:
                save_draft(session, contact_id, words=words, seen=seen)
    except ReplyError as error:
        return show_again(error=str(error))
    except ConflictError as error:
        return show_again(conflict=str(error))
    return RedirectResponse(f"/hub/contacts/{contact_id}/reply", status_code=303)


def _show(
    request: Request,
    contact_id: str,
    identity: Identity,
    store: Store,
    *,
    words: str | None = None,
    error: str | None = None,
    conflict: str | None = None,
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    with store.writing() as session:
        view = open_reply(session, contact_id, asker=identity)
    at = now()
    return render_page(
        request,
        "hub/replies_edit.html",
        status=409 if conflict else 422 if error else 200,
        view=view,
        announced=view.reply is not None and ReplyChannel.WEBHOOK in view.reply.channels,
        typed=words,
        error=error,
        conflict=conflict,
        outcomes=load_outcomes(),
        reference=reference_of(contact_id),
        email=email_text(view.contact, service=settings.service_name),
        clock=partial(read_clock, at=at),
        when=partial(say_moment, at=at),
    )
