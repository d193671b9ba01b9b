"""Who may do what, where: an administrator's pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from api.access.administration import Place, agency_names, change_person, end_sessions
from api.access.errors import ConflictError, NotFoundError
from api.access.navigation import role_words
from api.access.rates import Search
from api.access.rules import Administrator
from api.dependencies import Id, UsesStore
from api.page_rendering import render_page
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import User

router = APIRouter(prefix="/people")

PAGE = 50
MOST_SEARCHED = 5000


@router.get("")
def list_people(
    request: Request,
    *,
    store: UsesStore,
    _identity: Administrator,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Show people, the newest first."""
    newest = select(User).order_by(User.created_at.desc(), User.id)
    with store.reading() as session:
        found = list(session.scalars(newest.offset((page - 1) * PAGE).limit(PAGE + 1)))
        agencies = agency_names(session)
    return _show(request, found[:PAGE], agencies, page=page, more=len(found) > PAGE)


@router.post("")
def search_people(
    request: Request,
    *,
    store: UsesStore,
    _identity: Administrator,
    _often: Search,
    name: Annotated[str, Form(max_length=80)] = "",
) -> HTMLResponse:
    """Show people whose name holds *name*; names are encrypted, so that each is read."""
    wanted = name.strip().casefold()
    newest = select(User).order_by(User.created_at.desc()).limit(MOST_SEARCHED)
    with store.reading() as session:
        found = [user for user in session.scalars(newest) if wanted in user.name.casefold()]
        agencies = agency_names(session)
    return _show(request, found[:PAGE], agencies, name=name, more=False)


@router.get("/{user_id}")
def show_person(
    request: Request, user_id: Id, *, store: UsesStore, _identity: Administrator
) -> HTMLResponse:
    """Show one person's place, to be changed."""
    return _show_person(request, store, user_id)


@router.post("/{user_id}")
def change(
    request: Request,
    user_id: Id,
    *,
    store: UsesStore,
    identity: Administrator,
    role: Annotated[Role, Form()],
    agency: Annotated[str, Form(max_length=40)] = "",
    active: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """Give the person another place."""
    try:
        with store.writing() as session:
            change_person(session, user_id, Place(role, agency or None, active), by=identity)
    except ConflictError as error:
        return _show_person(request, store, user_id, problem=str(error), status=409)
    return _show_person(request, store, user_id, done="Saved. It counts from their next page on.")


@router.post("/{user_id}/end-sessions")
def sign_out_everywhere(
    user_id: Id, *, store: UsesStore, identity: Administrator
) -> RedirectResponse:
    """Sign the person out everywhere."""
    with store.writing() as session:
        if session.get(User, user_id) is None:
            raise NotFoundError("person")
        end_sessions(session, user_id, by=identity)
    return RedirectResponse(f"/admin/people/{user_id}", 303)


def _show(
    request: Request,
    people: list[User],
    agencies: dict[str, str],
    *,
    more: bool,
    page: int = 1,
    name: str = "",
) -> HTMLResponse:
    return render_page(
        request,
        "admin/people.html",
        people=people,
        agencies=agencies,
        page=page,
        more=more,
        name=name,
    )


def _show_person(
    request: Request,
    store: Store,
    user_id: str,
    *,
    done: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    with store.reading() as session:
        person = session.get(User, user_id)
        agencies = agency_names(session)
    if person is None:
        raise NotFoundError("person")
    return render_page(
        request,
        "admin/person.html",
        status=status,
        person=person,
        agencies=agencies,
        roles=role_words(),
        done=done,
        problem=problem,
    )
