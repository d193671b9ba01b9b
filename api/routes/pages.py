"""The pages that partners see; every one works without a script."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from api.access.identity import Identity
from api.access.rules import PUBLIC, VISITORS, Visitor
from api.assessor import Assessor, ChecksUnavailableError
from api.body_limit import MAX_BODY_BYTES
from api.dependencies import UsesAssessor, UsesBench, UsesFileBench, UsesSettings, UsesStore
from api.document_files.apart import read_apart
from api.document_files.reading import MAX_BYTES
from api.error_handlers import status_and_code
from api.examples import load_examples
from api.intake.drafts import (
    MOST_PEOPLE,
    Draft,
    PersonFields,
    box_name,
    count_missing,
    note_check,
    read_draft,
)
from api.intake.words import relation_names
from api.page_rendering import level_names, render_page, words
from api.referral_form import DEFAULT_LAYOUT, Layout, add_to_boxes, fill_boxes, layouts_of
from api.store import tables
from api.store.codes import Relation, Role
from api.store.opening import Store, StoreUnavailableError
from nlp.assessment import Assessment
from nlp.errors import ReferralQualityError

router = APIRouter(include_in_schema=False)


@router.get("/refer")
async def show_form(
    request: Request,
    *,
    identity: Visitor,
    assessor: UsesAssessor,
    bench: UsesBench,
    settings: UsesSettings,
    store: UsesStore,
    layout: str = DEFAULT_LAYOUT,
    example: str = "",
) -> HTMLResponse:
    """Show the empty form, or in the demonstration one filled with an example and checked."""
    layouts = layouts_of(assessor.forms)
    if settings.demo_mode and (chosen := load_examples().get(example)):
        draft = Draft(layouts[chosen.layout], assessor.default_framework, chosen.agency)
        draft.texts = fill_boxes(draft.layout, chosen.text)
        return await bench.run(_check, request, draft, assessor=assessor)
    draft = Draft(layouts.get(layout, layouts[DEFAULT_LAYOUT]), assessor.default_framework)
    if identity is not None and may_send(identity):
        await bench.run(_fill_in_sender, draft, identity, store=store)
    return show_refer(request, draft)


@router.post("/refer")
async def check_form(
    request: Request, *, identity: Visitor, assessor: UsesAssessor, bench: UsesBench
) -> HTMLResponse:
    """Show the form again with its feedback; the way for browsers without scripts."""
    draft = await bench.run(read_draft, await request.form(), assessor=assessor)
    return await bench.run(_check, request, draft, assessor=assessor, noted=may_send(identity))


@router.post("/refer/people", dependencies=[VISITORS])
async def add_person(request: Request, *, assessor: UsesAssessor, bench: UsesBench) -> HTMLResponse:
    """Show the form again with the fields of one more person; for browsers without scripts."""
    draft = await bench.run(read_draft, await request.form(), assessor=assessor)
    if len(draft.people) < MOST_PEOPLE:
        draft.people.append(PersonFields(relation=Relation.SIBLING))
    return show_refer(request, draft, added=True)


@router.post("/refer/upload", dependencies=[VISITORS])
async def fill_from_file(
    request: Request, *, assessor: UsesAssessor, bench: UsesBench, file_bench: UsesFileBench
) -> HTMLResponse:
    """Show the form with an uploaded file's text in its boxes; the file is not kept."""
    async with request.form(max_part_size=MAX_BODY_BYTES) as form:
        draft = await bench.run(read_draft, form, assessor=assessor)
        upload = form.get("file")
        content = await upload.read(MAX_BYTES + 1) if isinstance(upload, UploadFile) else b""
    if not content:
        return show_refer(request, draft, error="Choose a file first.", at="file", status=422)
    try:
        file = await file_bench.run(read_apart, content)
        more = await bench.run(fill_boxes, draft.layout, file.text)
    except ReferralQualityError as error:
        return show_refer(
            request, draft, error=str(error), at="file", status=status_and_code(error)[0]
        )
    draft.texts = add_to_boxes(draft.texts, more)
    filled = [box.title for box in draft.layout.boxes if box.id in more]
    return show_refer(request, draft, filled=filled)


@router.get("/about", dependencies=[VISITORS])
async def show_about(request: Request, *, assessor: UsesAssessor) -> HTMLResponse:
    """Say what the tool does and does not do."""
    reader = assessor.reader.name if assessor.reader else None
    return render_page(request, "about.html", reader=reader, rulebook=assessor.rulebook.version)


@router.get("/accessibility", dependencies=[VISITORS])
async def show_accessibility(request: Request) -> HTMLResponse:
    """Give the accessibility statement."""
    return render_page(request, "accessibility.html")


@router.get("/brand.css", dependencies=[PUBLIC])
async def give_brand(*, settings: UsesSettings) -> Response:
    """Give the council's colour to the style sheets: our policy allows no style in a page."""
    rule = f":root {{ --govuk-brand-colour: {settings.brand_colour}; }}\n"
    return Response(rule, media_type="text/css")


def may_send(identity: Identity | None) -> bool:
    """May they send to the hub from the page?"""
    return identity is not None and identity.role is Role.REFERRER


def _fill_in_sender(draft: Draft, identity: Identity, *, store: Store) -> None:
    """What is known of the sender need not be written."""
    draft.referrer_name = identity.name
    with suppress(StoreUnavailableError), store.reading() as session:
        agency = session.get(tables.Agency, identity.agency_id)
        draft.agency = agency.kind if agency else None


def _check(
    request: Request, draft: Draft, *, assessor: Assessor, noted: bool = False
) -> HTMLResponse:
    """Check the draft; its counts are *noted* where its writer may send it."""
    if not draft.text.strip():
        return show_refer(
            request, draft, error="Write or paste something to check.", at="box", status=422
        )
    try:
        assessment = assessor.assess(
            text=draft.text,
            form=draft.layout.form,
            agency=draft.agency or draft.layout.agency,
            form_type=draft.layout.form_type,
            framework=draft.framework,
            earlier_contacts=draft.earlier_contacts,
        )
    except ChecksUnavailableError:
        return show_refer(request, draft, unavailable=True, status=503)
    except ReferralQualityError as error:
        return show_refer(
            request, draft, error=str(error), at="box", status=status_and_code(error)[0]
        )
    if noted:
        score, missing = assessment.completeness.score, count_missing(assessment)
        with suppress(StoreUnavailableError):
            note_check(request.app.state.store, draft.id, score=score, missing=missing)
    return show_refer(request, draft, assessment=assessment)


def show_refer(
    request: Request,
    draft: Draft,
    *,
    assessment: Assessment | None = None,
    unavailable: bool = False,
    error: str | None = None,
    at: str | None = None,
    filled: list[str] | None = None,
    added: bool = False,
    unsent: str | None = None,
    signed_out: bool = False,
    status: int = 200,
) -> HTMLResponse:
    """Give the page with everything that is in the form.

    *at* is the part that *error* is about; *unsent* says why it was not sent, *added* that fields
    for one more person were asked for.
    """
    assessor: Assessor = request.app.state.assessor
    layouts = layouts_of(assessor.forms)
    return render_page(
        request,
        "refer.html",
        status=status,
        draft=draft,
        layouts=layouts,
        examples=load_examples().values(),
        frameworks=assessor.frameworks,
        words=words(),
        levels=level_names(assessor.frameworks[draft.framework]),
        looked_for=_looked_for(assessor, draft.layout),
        script_data=_script_data(assessor, layouts),
        assessment=assessment,
        unavailable=unavailable,
        error=error,
        at=at,
        filled=filled,
        added=added,
        unsent=unsent,
        signed_out=signed_out,
        relations=relation_names(),
        whole_text=draft.text,
    )


def _looked_for(assessor: Assessor, layout: Layout) -> list[str]:
    """What a form asks for, weightiest first, in words."""
    expected = assessor.forms[layout.form_type].elements
    ranked = sorted(expected, key=lambda element: -expected[element].weight)
    return [words()["elements"][element] for element in ranked]


def _script_data(assessor: Assessor, layouts: Mapping[str, Layout]) -> Mapping[str, Any]:
    """What the page's script needs to know, as JSON."""
    return {
        "words": words(),
        "levels": {code: level_names(each) for code, each in assessor.frameworks.items()},
        "layouts": {
            code: {
                "form": layout.form,
                "form_type": layout.form_type,
                "agency": layout.agency,
                "boxes": [
                    {
                        "name": box_name(layout, box.id),
                        "title": box.title,
                        "hint": box.hint,
                        "sections": list(box.sections),
                    }
                    for box in layout.boxes
                ],
                "looked_for": _looked_for(assessor, layout),
            }
            for code, layout in layouts.items()
        },
    }
