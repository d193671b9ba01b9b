"""Read a contact and say what is there, what is missing and what it reads like."""

from __future__ import annotations

from fastapi import APIRouter

from api.access.rules import PUBLIC
from api.assessor import Assessor
from api.dependencies import UsesAssessor, UsesBench
from api.error_responses import errors
from api.offsets import to_utf16
from api.schemas import AssessmentIn, OffsetUnit
from nlp.assessment import Assessment

router = APIRouter(prefix="/assessments", tags=["assessments"], dependencies=[PUBLIC])


@router.post(
    "",
    summary="Assess a referral or a police notification",
    responses=errors(400, 413, 422, 429, 503),
)
async def assess_contact(
    contact: AssessmentIn, *, assessor: UsesAssessor, bench: UsesBench
) -> Assessment:
    """Assess one contact in memory; nothing of it is stored or logged.

    The answer is advice: it never decides whether a referral may be sent.
    """
    return await bench.run(_assess, contact, assessor=assessor)


def _assess(contact: AssessmentIn, *, assessor: Assessor) -> Assessment:
    assessment = assessor.assess(
        text=contact.text,
        form=contact.form,
        agency=contact.agency,
        form_type=contact.form_type,
        framework=contact.framework,
        earlier_contacts=contact.earlier_contacts,
    )
    if contact.offset_unit is OffsetUnit.UTF16:
        return to_utf16(assessment, text=contact.text)
    return assessment
