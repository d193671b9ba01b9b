"""The pages that partners see; every one works without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from api.assessor import Assessor, ChecksUnavailableError
from api.dependencies import UsesAssessor, UsesBench, UsesSettings
from api.document_files.reading import MAX_BYTES, read_file
from api.error_handlers import status_and_code
from api.examples import load_examples
from api.page_rendering import level_names, render_page, words
from api.referral_form import (
    DEFAULT_LAYOUT,
    Layout,
    add_to_boxes,
    fill_boxes,
    join_boxes,
    layouts_of,
    to_line_feeds,
)
from nlp.assessment import Assessment
from nlp.domain import Agency
from nlp.errors import ReferralQualityError

router = APIRouter(include_in_schema=False)

MOST_EARLIER = 1000


@dataclass
class Draft:
    """What the writer has put in the form; kept for as long as the page is made."""

    layout: Layout
    framework: str
    agency: Agency | None = None
    earlier: str = ""
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def earlier_contacts(self) -> int | None:
        """The number given; ``None`` where it is none that we count."""
        given = self.earlier.strip()
        plain = given.isascii() and given.isdigit() and len(given) <= len(str(MOST_EARLIER))
        return min(int(given), MOST_EARLIER) if plain else None


@router.get("/refer")
async def show_form(
    request: Request,
    *,
    assessor: UsesAssessor,
    bench: UsesBench,
    settings: UsesSettings,
    layout: str = DEFAULT_LAYOUT,
    example: str = "",
) -> HTMLResponse:
    """Show the empty form, or in the demonstration one filled with an example and checked."""
    layouts = layouts_of(assessor.forms)
    if settings.demo_mode and (chosen := load_examples().get(example)):
        draft = Draft(layouts[chosen.layout], assessor.default_framework, chosen.agency)
        draft.texts = fill_boxes(draft.layout, chosen.text)
        return await bench.run(_check, request, draft, assessor=assessor)
    return _show(
        request,
        Draft(layouts.get(layout, layouts[DEFAULT_LAYOUT]), assessor.default_framework),
    )


@router.post("/refer")
async def check_form(request: Request, *, assessor: UsesAssessor, bench: UsesBench) -> HTMLResponse:
    """Show the form again with its feedback; the way for browsers without scripts."""
    draft = await bench.run(_read_draft, await request.form(), assessor=assessor)
    return await bench.run(_check, request, draft, assessor=assessor)


@router.post("/refer/upload")
async def fill_from_file(
    request: Request, *, assessor: UsesAssessor, bench: UsesBench
) -> HTMLResponse:
    """Show the form with an uploaded file's text in its boxes; the file is not kept."""
    async with request.form() as form:
        draft = await bench.run(_read_draft, form, assessor=assessor)
        upload = form.get("file")
        content = await upload.read(MAX_BYTES + 1) if isinstance(upload, UploadFile) else b""
    if not content:
        return _show(request, draft, error="Choose a file first.", at="file", status=422)
    return await bench.run(_fill, request, draft, content)


@router.get("/about")
async def show_about(request: Request, *, assessor: UsesAssessor) -> HTMLResponse:
    """Say what the tool does and does not do."""
    reader = assessor.reader.name if assessor.reader else None
    return render_page(request, "about.html", reader=reader, rulebook=assessor.rulebook.version)


@router.get("/accessibility")
async def show_accessibility(request: Request) -> HTMLResponse:
    """Give the accessibility statement."""
    return render_page(request, "accessibility.html")


@router.get("/brand.css")
async def give_brand(*, settings: UsesSettings) -> Response:
    """Give the council's colour to the style sheets: our policy allows no style in a page."""
    rule = f":root {{ --govuk-brand-colour: {settings.brand_colour}; }}\n"
    return Response(rule, media_type="text/css")


def _check(request: Request, draft: Draft, *, assessor: Assessor) -> HTMLResponse:
    text = join_boxes(draft.layout, draft.texts)
    if not text.strip():
        return _show(
            request, draft, error="Write or paste something to check.", at="box", status=422
        )
    try:
        assessment = assessor.assess(
            text=text,
            form=draft.layout.form,
            agency=draft.agency or draft.layout.agency,
            form_type=draft.layout.form_type,
            framework=draft.framework,
            earlier_contacts=draft.earlier_contacts,
        )
    except ChecksUnavailableError:
        return _show(request, draft, unavailable=True, status=503)
    except ReferralQualityError as error:
        return _show(request, draft, error=str(error), at="box", status=status_and_code(error)[0])
    return _show(request, draft, assessment=assessment)


def _fill(request: Request, draft: Draft, content: bytes) -> HTMLResponse:
    try:
        more = fill_boxes(draft.layout, read_file(content).text)
    except ReferralQualityError as error:
        return _show(request, draft, error=str(error), at="file", status=status_and_code(error)[0])
    draft.texts = add_to_boxes(draft.texts, more)
    filled = [box.title for box in draft.layout.boxes if box.id in more]
    return _show(request, draft, filled=filled)


def _read_draft(form: FormData, *, assessor: Assessor) -> Draft:
    """Read what was posted; a choice that we do not know becomes the default."""
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    layouts = layouts_of(assessor.forms)
    shown = layouts.get(given.get("shown", ""), layouts[DEFAULT_LAYOUT])
    chosen = layouts.get(given.get("layout", ""), shown)
    texts = {box.id: to_line_feeds(given.get(_field(shown, box.id), "")) for box in shown.boxes}
    if chosen is not shown:
        texts = _carry(join_boxes(shown, texts), chosen)
    framework = given.get("framework", "")
    return Draft(
        layout=chosen,
        framework=framework if framework in assessor.frameworks else assessor.default_framework,
        agency=next((each for each in Agency if each == given.get("agency")), None),
        earlier=given.get("earlier_contacts", "")[:10],
        texts=texts,
    )


def _carry(text: str, layout: Layout) -> dict[str, str]:
    """Put what was written in other boxes into those of *layout*."""
    try:
        return fill_boxes(layout, text)
    except ReferralQualityError:  # nothing to share out, or not to be read: keep it as it is
        return {layout.boxes[0].id: text}


def _field(layout: Layout, box: str) -> str:
    return f"{layout.code}-{box}"


def _show(
    request: Request,
    draft: Draft,
    *,
    assessment: Assessment | None = None,
    unavailable: bool = False,
    error: str | None = None,
    at: str | None = None,
    filled: list[str] | None = None,
    status: int = 200,
) -> HTMLResponse:
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
        whole_text=join_boxes(draft.layout, draft.texts),
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
                        "name": _field(layout, box.id),
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
