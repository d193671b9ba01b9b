"""Decide on a contact, give a first view of it, and sign decisions off."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.rules import Manager, Staff
from api.dependencies import Id, UsesAssessor, UsesSettings, UsesStore
from api.hub.changing import ChangedMeanwhileError
from api.hub.decisions import DecisionError, decide
from api.hub.first_views import give_first_view
from api.hub.queue_clock import read_clock, say_moment
from api.hub.sign_off import SignOffError, list_awaiting, load_sign_off, send_back, sign
from api.outcomes import load_outcomes
from api.page_rendering import level_names, render_page
from api.routes.hub_contact import back_to, note_list_seen, show_page
from api.routes.hub_forms import Posted, find_lacking, read_decision
from api.store.codes import Outcome
from api.store.columns import now
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import Contact
from nlp.domain import Level

router = APIRouter(include_in_schema=False)

NOTIFICATION = "notification"  # the page that a first view was asked for on, to go back to it


@router.post("/hub/contacts/{contact_id}/decide")
def keep_decision(
    request: Request,
    contact_id: Id,
    *,
    identity: Staff,
    store: UsesStore,
    settings: UsesSettings,
    typed: Posted,
) -> Response:
    """Keep a decision and go on to the reply, or show the page again with what is lacking."""
    show_again = partial(show_page, request, contact_id, identity, typed=typed)
    try:
        given = read_decision(typed, text=_text(store, contact_id))
        if isinstance(given, dict):
            return show_again(problems=given)
        with store.writing() as session:
            rules = load_sign_off(settings.sign_off_file)
            decision = decide(session, contact_id, given, by=identity, rules=rules)
    except DecisionError as error:
        return show_again(problems=error.problems)
    except ChangedMeanwhileError as error:
        return show_again(conflict=str(error))
    if decision.needs_sign_off:
        return back_to(contact_id)
    return RedirectResponse(f"/hub/contacts/{contact_id}/reply", status_code=303)


@router.post("/hub/contacts/{contact_id}/first-view")
def keep_first_view(
    request: Request, contact_id: Id, *, identity: Staff, store: UsesStore, typed: Posted
) -> Response:
    """Keep what a person thinks before they see the reading, and show it to them."""
    outcome, level = typed.code("first_outcome", Outcome), typed.code("first_level", Level)
    if outcome is None or level is None:
        lacking = find_lacking(outcome, level, prefix="first_")
        return show_page(request, contact_id, identity, typed=typed, problems=lacking)
    with store.writing() as session:
        give_first_view(session, contact_id, outcome=outcome, level=level, by=identity)
    if typed["page"] == NOTIFICATION:
        return RedirectResponse(f"/hub/notifications/{contact_id}", status_code=303)
    return back_to(contact_id)


@router.get("/hub/sign-off")
def show_sign_off(
    request: Request, *, identity: Manager, store: UsesStore, assessor: UsesAssessor
) -> HTMLResponse:
    """List the decisions that wait for a manager's signature."""
    with store.writing() as session:
        awaiting = list_awaiting(session, asker=identity)
        note_list_seen(session, identity, page="sign_off", shown=len(awaiting))
    at = now()
    return render_page(
        request,
        "hub/sign_off.html",
        awaiting=awaiting,
        outcomes=load_outcomes(),
        levels=level_names(assessor.framework(None)),
        reference_of=reference_of,
        clock=partial(read_clock, at=at),
        when=partial(say_moment, at=at),
    )


@router.post("/hub/contacts/{contact_id}/sign-off")
def keep_signature(
    request: Request, contact_id: Id, *, identity: Manager, store: UsesStore, typed: Posted
) -> Response:
    """Sign a decision, or send it back with a note."""
    show_again = partial(show_page, request, contact_id, identity, typed=typed)
    try:
        version = typed.version()
        with store.writing() as session:
            if typed["act"] == "sign":
                sign(session, contact_id, by=identity, version=version)
            else:
                note = typed["note"]
                send_back(session, contact_id, note=note, by=identity, version=version)
    except ChangedMeanwhileError as error:
        return show_again(conflict=str(error))
    except SignOffError as error:
        return show_again(problems={"note": str(error)})
    return RedirectResponse("/hub/sign-off", status_code=303)


def _text(store: Store, contact_id: str) -> str:
    with store.reading() as session:
        contact = session.get(Contact, contact_id)
        return (contact.narrative if contact else None) or ""
