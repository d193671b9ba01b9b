"""Count what referrers dismiss or call wrong."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.rules import PUBLIC
from api.dependencies import UsesAssessor
from api.error_responses import errors
from api.findings import FindingCounts, FindingKind, Verdict
from api.schemas import Wire

router = APIRouter(prefix="/findings", tags=["findings"], dependencies=[PUBLIC])


class FindingIn(Wire):
    """What a referrer says of one finding; its words stay on the page."""

    kind: Annotated[FindingKind, Field(description="What the finding is about")]
    code: Annotated[
        str, Field(strict=True, max_length=80, description="Its label, or the rule that found it")
    ]
    verdict: Annotated[Verdict, Field(description="Dismissed, or wrong")]


class FindingCountOut(Wire):
    """How often one kind of finding got one verdict."""

    finding: str = Field(description="kind/code/verdict")
    count: int


@router.post(
    "",
    status_code=204,
    summary="Say that a finding is dismissed or wrong",
    responses=errors(400, 413, 422, 429),
)
async def count_finding(finding: FindingIn, *, request: Request, assessor: UsesAssessor) -> None:
    """Count it by its label or rule; no text is taken, and nothing else is kept."""
    rules = {rule.id for rule in assessor.rulebook.flag_rules}
    _counts(request).add(finding.kind, code=finding.code, verdict=finding.verdict, rules=rules)


@router.get("", summary="How often findings were dismissed or called wrong", responses=errors())
async def list_counts(*, request: Request) -> tuple[FindingCountOut, ...]:
    """Give each count since the service started, or since its counter file began."""
    totals = _counts(request).totals()
    return tuple(FindingCountOut(finding=key, count=count) for key, count in totals.items())


def _counts(request: Request) -> FindingCounts:
    return cast(FindingCounts, request.app.state.findings)
