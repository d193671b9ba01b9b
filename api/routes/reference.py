"""The threshold documents and the forms that can be asked for."""

from __future__ import annotations

from fastapi import APIRouter

from api.access.rules import PUBLIC
from api.dependencies import UsesAssessor
from api.error_responses import errors
from api.schemas import ExpectedElementOut, FormOut, FrameworkOut, HeadingOut, LocalLevelOut
from nlp.domain import LEVELS
from nlp.forms import FormTemplate
from nlp.frameworks import Framework

router = APIRouter(tags=["reference"], dependencies=[PUBLIC])


@router.get("/frameworks", summary="Local threshold documents", responses=errors())
async def list_frameworks(*, assessor: UsesAssessor) -> tuple[FrameworkOut, ...]:
    """Give each framework with its own number, name and route for the four legal levels."""
    return tuple(
        _to_framework_out(framework, default=framework.code == assessor.default_framework)
        for framework in assessor.frameworks.values()
    )


@router.get("/forms", summary="Forms and what each asks for", responses=errors())
async def list_forms(*, assessor: UsesAssessor) -> tuple[FormOut, ...]:
    """Give each form with its boxes and the weight of each element."""
    return tuple(_to_form_out(form) for form in assessor.forms.values())


def _to_framework_out(framework: Framework, *, default: bool) -> FrameworkOut:
    return FrameworkOut(
        id=framework.code,
        name=framework.name,
        source=framework.source,
        default=default,
        levels=tuple(
            LocalLevelOut(level=level, **framework.levels[level].model_dump()) for level in LEVELS
        ),
    )


def _to_form_out(form: FormTemplate) -> FormOut:
    return FormOut(
        id=form.code,
        title=form.title,
        form=form.form,
        about=form.about,
        headings=tuple(
            HeadingOut(id=box.id, title=box.title, hint=box.hint, elements=box.elements)
            for box in form.headings
        ),
        elements=tuple(
            ExpectedElementOut(
                element=element,
                weight=expected.weight,
                critical=expected.critical,
                why=expected.rationale,
            )
            for element, expected in form.elements.items()
        ),
    )
