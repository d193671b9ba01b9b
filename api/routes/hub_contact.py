"""The page of one contact, and what staff note on it besides a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from api.access.identity import CONTACT_READERS, Identity
from api.access.navigation import role_words
from api.access.rules import Staff, allow
from api.assessor import Assessor
from api.dependencies import Id, UsesAssessor, UsesStore
from api.hub import history
from api.hub.changing import ChangedMeanwhileError
from api.hub.contact_page import ContactView, open_contact
from api.hub.contact_words import load_contact_words, say_birth, say_name
from api.hub.marking import KINDS, MarkChoice, MarkKind, cut, find_marks, mark_flags
from api.hub.queue_clock import read_clock, say_moment
from api.intake.scoring import links_changed
from api.outcomes import load_outcomes
from api.page_rendering import level_names, render_page, words
from api.routes.hub_forms import Posted, Typed
from api.settings import Settings
from api.store.audit import record
from api.store.codes import Action, Expected
from api.store.opening import Store
from api.store.references import reference_of
from nlp.domain import Form, NeedDomain

router = APIRouter(include_in_schema=False)

Reader = Annotated[Identity, allow(*CONTACT_READERS)]
CHOSEN_SINGLY = frozenset({MarkKind.EVIDENCE, MarkKind.VAGUE, MarkKind.NEED})
CHOSEN = "chosen"  # says that the kinds of mark in the address were chosen, also if there are none


@router.get("/hub/contacts/{contact_id}")
def show_contact(
    request: Request,
    contact_id: Id,
    *,
    identity: Reader,
    kind: Annotated[list[MarkKind] | None, Query()] = None,
    only: str = "",
    marks: str = "",
) -> HTMLResponse:
    """Show a contact; *kind* and *only* are codes of the marks to show in its text."""
    chosen = frozenset(kind or ()) if marks == CHOSEN else frozenset(KINDS)
    return show_page(request, contact_id, identity, choice=MarkChoice(chosen, only))


@router.post("/hub/contacts/{contact_id}/open")
def mark_open(
    request: Request, contact_id: Id, *, identity: Staff, store: UsesStore, typed: Posted
) -> Response:
    """Note that the child is already open to a worker, or take that back."""
    try:
        with store.writing() as session:
            history.mark_open(
                session,
                contact_id,
                worker="" if typed["not_open"] else typed["worker"],
                by=identity,
                version=typed.version(),
            )
    except ChangedMeanwhileError as error:
        return show_page(request, contact_id, identity, typed=typed, conflict=str(error))
    return back_to(contact_id, "history")


@router.post("/hub/contacts/{contact_id}/links/{link_id}")
def say_of_link(
    contact_id: Id,
    link_id: Id,
    *,
    identity: Staff,
    store: UsesStore,
    assessor: UsesAssessor,
    typed: Posted,
) -> RedirectResponse:
    """Confirm or reject that another contact is about the same child or family."""
    with store.writing() as session:
        same = typed["said"] == "same"
        link = history.say_of_link(session, contact_id, link_id, same=same, by=identity)
        later = link.later_id
    links_changed(store, later, assessor)
    return back_to(contact_id, "history")


def note_list_seen(session: Session, identity: Identity, *, page: str, shown: int) -> None:
    """Record that somebody saw a list of contacts."""
    record(
        session,
        actor=identity.actor,
        action=Action.QUEUE_SEEN,
        target="queue",
        details={"page": page, "shown": shown},
    )


def back_to(contact_id: str, part: str = "") -> RedirectResponse:
    """Go to the page of a contact after something was saved."""
    anchor = f"#{part}" if part else ""
    return RedirectResponse(f"/hub/contacts/{contact_id}{anchor}", status_code=303)


def show_page(
    request: Request,
    contact_id: str,
    identity: Identity,
    *,
    choice: MarkChoice | None = None,
    typed: Typed | None = None,
    problems: Mapping[str, str] | None = None,
    conflict: str | None = None,
) -> HTMLResponse:
    """Show the page of a contact, with what was typed where something was not saved."""
    store: Store = request.app.state.store
    settings: Settings = request.app.state.settings
    hide = settings.hide_reading_until_decided
    view = open_contact(store, contact_id, asker=identity, hide=hide)
    typed = typed or Typed(FormData())
    return render_page(
        request,
        "hub/contact.html",
        status=409 if conflict else 422 if problems else 200,
        view=view,
        typed=typed,
        problems=problems or {},
        conflict=conflict,
        changes=_changes(store, contact_id, typed) if conflict else (),
        **_words_of(request.app.state.assessor, view),
        **_marked(view, choice or MarkChoice()),
    )


def _changes(store: Store, contact_id: str, typed: Typed) -> Sequence[history.Act]:
    """What others did since the form was shown."""
    with store.reading() as session:
        after = typed.number("seen") or 0
        return history.find_acts(session, contact_id, after=after, seen_too=False)


def _marked(view: ContactView, choice: MarkChoice) -> dict[str, Any]:
    marks = find_marks(view.reading) if view.reading else tuple(mark_flags(view.flags))
    text = view.contact.narrative
    codes = {each.code for each in marks if each.kind in CHOSEN_SINGLY}
    return {
        "segments": None if text is None else cut(text, marks),
        "choice": choice,
        "kinds": [kind for kind in KINDS if any(mark.kind is kind for mark in marks)],
        "elements_marked": [code for code in load_contact_words().elements if code in codes],
        "needs_marked": [code for code in NeedDomain if code in codes],
    }


def _words_of(assessor: Assessor, view: ContactView) -> dict[str, Any]:
    stored = view.stored
    framework = assessor.framework(stored.framework if stored else None)
    return {
        "words": words(),
        "page": load_contact_words(),
        "roles": role_words(),
        "outcomes": load_outcomes(),
        "owed": _owed(view),
        "levels": level_names(framework),
        "framework": framework.name,
        "reference": reference_of(view.contact.id),
        "clock": read_clock(view.contact.due_at, at=view.at),
        "when": partial(say_moment, at=view.at),
        "say_name": say_name,
        "say_birth": partial(say_birth, at=view.contact.received_at),
    }


def _owed(view: ContactView) -> dict[str, str]:
    """What each police force may have owed, as the form posts it: a code and the force."""
    sender = view.contact.agency_id if view.contact.form is Form.PPN else None
    said = load_outcomes().expected
    return {
        f"{code}.{force}": f"{_named(code, name, own=force == sender)}: {said[code]}"
        for force, name in view.police.items()
        for code in said
    }


def _named(code: Expected, force: str, *, own: bool) -> str:
    return "This notification" if own and code is Expected.CAME_LATE else force
