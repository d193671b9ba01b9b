"""Quality assurance: dip samples that are rated blind, and the log of overrides."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.access.rules import Manager, Staff, allow
from api.assessor import Assessor
from api.dependencies import Id, UsesAssessor, UsesStore
from api.hub import dip_samples
from api.hub.contact_words import load_contact_words, say_birth, say_name
from api.hub.dip_drawing import MOST, PERIODS, SampleError, Strata, draw
from api.hub.overrides import find_overrides
from api.hub.queue_clock import say_moment
from api.outcomes import load_outcomes
from api.page_rendering import level_names, render_page
from api.routes.hub_forms import Posted, Typed
from api.store.audit import note_read, record
from api.store.codes import Action, Outcome, Role
from api.store.columns import now
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import Contact
from nlp.domain import Level

router = APIRouter(prefix="/hub/quality", include_in_schema=False)


@router.get("")
def show_samples(request: Request, *, identity: Staff, store: UsesStore) -> HTMLResponse:
    """List the samples; a manager can draw another."""
    return _show_samples(request, identity, store)


@router.post("/samples")
def draw_sample(
    request: Request, *, identity: Manager, store: UsesStore, typed: Posted
) -> Response:
    """Draw a sample."""
    try:
        seed = _seed(typed)
        with store.writing() as session:
            sample = draw(
                session,
                size=typed.number("size") or 0,
                days=typed.number("days") or 0,
                strata=typed.code("strata", Strata),
                seed=seed,
                by=identity,
            )
    except SampleError as error:
        return _show_samples(request, identity, store, typed=typed, error=str(error))
    return RedirectResponse(f"/hub/quality/samples/{sample.id}", 303)


@router.get("/samples/{sample_id}")
def show_sample(
    request: Request, sample_id: Id, *, identity: Staff, store: UsesStore, assessor: UsesAssessor
) -> HTMLResponse:
    """Show how far both people agree on what was rated, and where they do not, in their words."""
    with store.writing() as session:
        view = dip_samples.find_sample(session, sample_id, asker=identity)
        pairs = dip_samples.find_pairs(session, sample_id)
        record(
            session,
            actor=identity.actor,
            action=Action.QUEUE_SEEN,
            target=f"sample:{sample_id}",
            details={"page": "dip_sample", "shown": len(pairs)},
        )
    return render_page(
        request,
        "hub/quality_sample.html",
        view=view,
        pairs=pairs,
        agreement=dip_samples.agreement_of(pairs),
        outcomes=load_outcomes(),
        levels=level_names(assessor.frameworks[assessor.default_framework]),
        reference_of=reference_of,
        when=partial(say_moment, at=now()),
    )


@router.get("/samples/{sample_id}/rate")
def show_next(
    request: Request, sample_id: Id, *, identity: Staff, store: UsesStore, assessor: UsesAssessor
) -> HTMLResponse:
    """Show a contact as it was sent: neither its reading nor what was decided."""
    with store.writing() as session:
        view = dip_samples.find_sample(session, sample_id, asker=identity)
        contact = dip_samples.next_to_rate(session, sample_id, asker=identity)
        if contact is not None:
            _ = contact.people  # read while the session is open
            note_read(session, contact.id, actor=identity.actor, page="dip_sample")
    return _show_rating(request, view, contact, assessor=assessor)


@router.post("/samples/{sample_id}/rate")
def keep_rating(
    request: Request,
    sample_id: Id,
    *,
    identity: Staff,
    store: UsesStore,
    assessor: UsesAssessor,
    typed: Posted,
) -> Response:
    """Keep the second answer, and show the next contact."""
    outcome, level = typed.code("outcome", Outcome), typed.code("level", Level)
    if outcome is None or level is None:
        with store.reading() as session:
            view = dip_samples.find_sample(session, sample_id, asker=identity)
            contact = dip_samples.next_to_rate(session, sample_id, asker=identity)
            if contact is None or contact.id != typed["contact"]:
                raise NotFoundError("contact of the sample")
            _ = contact.people
        return _show_rating(request, view, contact, assessor=assessor, typed=typed)
    with store.writing() as session:
        dip_samples.rate(
            session,
            sample_id,
            typed["contact"],
            outcome=outcome,
            level=level,
            note=typed["note"],
            by=identity,
        )
    return RedirectResponse(f"/hub/quality/samples/{sample_id}/rate", 303)


@router.get("/overrides", dependencies=[allow(Role.HUB_MANAGER)])
def show_overrides(request: Request, *, store: UsesStore) -> HTMLResponse:
    """Show how often people decided above or below the reading, and why."""
    with store.reading() as session:
        log = find_overrides(session, at=now())
    return render_page(request, "hub/quality_overrides.html", log=log, outcomes=load_outcomes())


def _seed(typed: Typed) -> int | None:
    """The seed that was given; ``None`` where one is to be drawn."""
    seed = typed.number("seed")
    if seed is None and typed["seed"].strip():
        raise SampleError("Give the seed in digits, or leave it empty.")
    return seed


def _show_samples(
    request: Request,
    identity: Identity,
    store: Store,
    *,
    typed: Typed | None = None,
    error: str | None = None,
) -> HTMLResponse:
    with store.reading() as session:
        samples = dip_samples.list_samples(session, asker=identity)
    return render_page(
        request,
        "hub/quality.html",
        status=422 if error else 200,
        samples=samples,
        typed=typed,
        error=error,
        periods=PERIODS,
        most=MOST,
        draws=identity.role is Role.HUB_MANAGER,
        when=partial(say_moment, at=now()),
    )


def _show_rating(
    request: Request,
    view: dip_samples.SampleView,
    contact: Contact | None,
    *,
    assessor: Assessor,
    typed: Typed | None = None,
) -> HTMLResponse:
    return render_page(
        request,
        "hub/quality_rate.html",
        status=422 if typed else 200,
        view=view,
        contact=contact,
        typed=typed,
        page=load_contact_words(),
        outcomes=load_outcomes(),
        levels=level_names(assessor.frameworks[assessor.default_framework]),
        say_name=say_name,
        say_birth=partial(say_birth, at=contact.received_at if contact else now()),
        when=partial(say_moment, at=now()),
    )
