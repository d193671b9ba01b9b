"""The agencies that send contacts: an administrator's pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from api.access.administration import (
    SOURCE_CODES,
    AgencyGiven,
    keep_agency,
    make_webhook_secret,
)
from api.access.errors import NotFoundError
from api.access.rules import Administrator
from api.dependencies import UsesSettings, UsesStore
from api.hub.delivery import split_hosts, why_not_announce_to
from api.page_rendering import render_page, words
from api.store.tables import Agency

router = APIRouter(prefix="/agencies")

Text = Annotated[str, Form(max_length=400)]


@router.get("")
def list_agencies(request: Request, *, store: UsesStore, _identity: Administrator) -> HTMLResponse:
    """Show every agency."""
    with store.reading() as session:
        found = list(session.scalars(select(Agency).order_by(Agency.name)))
    return render_page(request, "admin/agencies.html", agencies=found, words=words())


@router.get("/new")
def show_new(request: Request, *, _identity: Administrator) -> HTMLResponse:
    """Show an empty form."""
    return _show(request, AgencyGiven(), new=True)


@router.get("/{agency_id}")
def show_agency(
    request: Request, agency_id: str, *, store: UsesStore, _identity: Administrator
) -> HTMLResponse:
    """Show one agency, to be changed."""
    with store.reading() as session:
        agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFoundError("agency")
    return _show(request, _as_given(agency), new=False)


@router.post("/{agency_id}")
def keep(
    request: Request,
    agency_id: str,
    *,
    store: UsesStore,
    settings: UsesSettings,
    identity: Administrator,
    own_id: Text = "",
    name: Text = "",
    kind: Text = "",
    source_code: Text = "",
    group: Text = "",
    feedback_since: Text = "",
    webhook_url: Text = "",
) -> Response:
    """Keep an agency; one that is ``new`` says its own id."""
    new = agency_id == "new"
    given = AgencyGiven(
        id=own_id.strip() if new else agency_id,
        name=name.strip(),
        kind=kind,
        source_code=source_code,
        group=group.strip(),
        feedback_since=feedback_since.strip(),
        webhook_url=webhook_url.strip(),
    )
    hosts = split_hosts(settings.webhook_hosts)
    problem = why_not_announce_to(given.webhook_url, hosts) if given.webhook_url else None
    if not given.check(webhook_problem=problem):
        return _show(request, given, new=new, status=422)
    with store.writing() as session:
        there = session.get(Agency, given.id) is not None
        if there is not new:
            keep_agency(session, given, by=identity)
    if there is new:
        given.problems = {"id": "There is an agency with this id" if new else "There is none"}
        return _show(request, given, new=new, status=409)
    return RedirectResponse("/admin/agencies", 303)


@router.post("/{agency_id}/secret")
def renew_secret(
    request: Request, agency_id: str, *, store: UsesStore, identity: Administrator
) -> HTMLResponse:
    """Make the secret that the agency checks our messages with; this page alone shows it."""
    with store.writing() as session:
        secret = make_webhook_secret(session, agency_id, by=identity)
        agency = session.get_one(Agency, agency_id)
    return _show(request, _as_given(agency), new=False, secret=secret)


def _as_given(agency: Agency) -> AgencyGiven:
    since = agency.feedback_since
    return AgencyGiven(
        id=agency.id,
        name=agency.name,
        kind=agency.kind,
        source_code=agency.source_code,
        group=agency.group or "",
        feedback_since=since.isoformat() if since else "",
        webhook_url=agency.webhook_url or "",
    )


def _show(
    request: Request,
    given: AgencyGiven,
    *,
    new: bool,
    secret: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render_page(
        request,
        "admin/agency.html",
        status=status,
        given=given,
        new=new,
        secret=secret,
        source_codes=SOURCE_CODES,
        words=words(),
    )
