"""The hub's queue: seen, filtered, searched, watched, and the rule of its order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.identity import STAFF, Identity
from api.access.rates import Search
from api.access.rules import AccessRule, Staff
from api.assessor import Assessor
from api.dependencies import Id, UsesAssessor, UsesStore
from api.hub import views
from api.hub.order import load_order
from api.hub.queue_changes import read_changes
from api.hub.queue_clock import say_moment
from api.hub.queue_filters import (
    ChangesRequest,
    Holder,
    QueueFilters,
    QueueRequest,
    Received,
)
from api.hub.queue_page import QueuePage, read_queue, read_rows, read_summary
from api.hub.search import MOST_CHARACTERS, MOST_FOUND, Sought, read_birth, search
from api.intake.vulnerability import vulnerability_names
from api.page_rendering import level_names, render_page, words
from api.store.audit import record
from api.store.codes import Action, Role, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency

router = APIRouter(include_in_schema=False)

Watching = Annotated[Identity, Depends(AccessRule(*STAFF, in_use=False))]
Readers = Annotated[
    Identity, Depends(AccessRule(Role.HUB, Role.HUB_MANAGER, Role.LEADER, Role.AUDITOR))
]

# What most people look at most of the time, with the count in the summary that goes with it.
TABS = (
    ("Waiting", QueueFilters(), "waiting"),
    ("Overdue", QueueFilters(overdue=True), "overdue"),
    ("Not yet read", QueueFilters(unscored=True), "unscored"),
    ("Mine", QueueFilters(claimed=Holder.ME), "mine"),
    ("Awaiting sign-off", QueueFilters(stage=Stage.AWAITING_SIGN_OFF), "sign_off"),
    ("Decided", QueueFilters(stage=Stage.DECIDED), None),
)
CHOICES: Mapping[str, Mapping[str, str]] = {
    "stages": {
        Stage.WAITING: "Waiting for a decision",
        Stage.AWAITING_SIGN_OFF: "Awaiting sign-off",
        Stage.DECIDED: "Decided",
    },
    "holders": {
        Holder.ME: "I have it",
        Holder.NOBODY: "Nobody has it",
        Holder.OTHERS: "Somebody else has it",
    },
    "received": {
        Received.DAY: "In the last 24 hours",
        Received.WEEK: "In the last 7 days",
        Received.EARLIER: "Before that",
    },
}


@router.get("/hub")
def show_queue(
    request: Request,
    *,
    identity: Staff,
    store: UsesStore,
    assessor: UsesAssessor,
    asked: Annotated[QueueRequest, Query()],
) -> HTMLResponse:
    """Show one page of the queue."""
    at = now()
    with store.reading() as session:
        shown = read_queue(session, asked, me=identity.id, at=at, page=asked.page)
        around = _around(session, identity, assessor, asked)
    details = {"filters": asked.codes, "page": shown.page, "shown": len(shown.rows)}
    _note(store, identity, Action.QUEUE_SEEN, details)
    return render_page(request, "hub/queue.html", queue=shown, sought=None, **around)


@router.post("/hub/search")
def search_queue(
    request: Request,
    *,
    identity: Staff,
    _often: Search,
    store: UsesStore,
    assessor: UsesAssessor,
    child: Annotated[str, Form(max_length=MOST_CHARACTERS)] = "",
    born: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Show the contacts about a child; posted, so that no name is ever in an address.

    Raises:
        UnknownChoiceError: If the date of birth cannot be read as one.
    """
    sought = Sought(child, read_birth(born))
    if sought.empty:
        return RedirectResponse("/hub", 303)
    at = now()
    with store.reading() as session:
        ids = search(session, sought)
        rows = read_rows(session, ids, me=identity.id, at=at)
        around = _around(session, identity, assessor, QueueFilters())
    _note(store, identity, Action.SEARCHED, {"found": len(rows)})
    found = QueuePage(rows, len(rows), page=1, seen=0)
    return render_page(
        request, "hub/queue.html", queue=found, sought=sought, most=MOST_FOUND, **around
    )


@router.get("/hub/changes")
def tell_changes(
    *,
    identity: Watching,
    store: UsesStore,
    asked: Annotated[ChangesRequest, Query()],
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Give what changed since a page was shown, for its script: ids and counts, no words."""
    with store.reading() as session:
        changes = read_changes(
            session, asked, after=asked.after, actor=identity.actor, me=identity.id, at=now()
        )
    answer = JSONResponse(asdict(changes))
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    answer.headers["ETag"] = tag
    return Response(status_code=304, headers={"ETag": tag}) if if_none_match == tag else answer


@router.post("/hub/views")
def save_view(
    *,
    identity: Staff,
    store: UsesStore,
    name: Annotated[str, Form(max_length=200)],
    filters: Annotated[str, Form(max_length=500)] = "",
) -> RedirectResponse:
    """Keep the filters of the page under a name of the person's own."""
    chosen = views.from_query(filters)
    views.save_view(store, name, chosen, user_id=identity.id)
    return RedirectResponse(chosen.address, 303)


@router.post("/hub/views/{view_id}/delete")
def delete_view(view_id: Id, *, identity: Staff, store: UsesStore) -> RedirectResponse:
    """Forget a saved view."""
    views.delete_view(store, view_id, user_id=identity.id)
    return RedirectResponse("/hub", 303)


@router.get("/hub/order")
def show_order(request: Request, *, identity: Readers) -> HTMLResponse:  # noqa: ARG001
    """Show the rule by which the queue is ordered, with its reasons."""
    return render_page(request, "hub/order.html", order=load_order())


def _around(
    session: Session, identity: Identity, assessor: Assessor, filters: QueueFilters
) -> Mapping[str, Any]:
    """What stands around the rows: counts, choices, saved views, and words for codes."""
    at = now()
    framework = assessor.frameworks[assessor.default_framework]
    agencies = session.execute(select(Agency.id, Agency.name).order_by(Agency.name)).all()
    return {
        "filters": filters,
        "summary": read_summary(session, me=identity.id, at=at),
        "views": views.views_of(session, identity.id),
        "tabs": TABS,
        "choices": CHOICES,
        "agencies": {each.id: each.name for each in agencies},
        "words": words(),
        "levels": level_names(framework),
        "vulnerabilities": vulnerability_names(),
        "as_at": say_moment(at, at=at).removeprefix("today at "),
    }


def _note(store: Store, identity: Identity, action: Action, details: Mapping[str, Any]) -> None:
    with store.writing() as session:
        record(session, actor=identity.actor, action=action, target="queue", details=details)
