"""Is it up, can it assess, and what is running?"""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.access.rules import PUBLIC
from api.dependencies import UsesAssessor, UsesSettings
from api.error_responses import errors
from api.schemas import HealthOut, ReadyOut, VersionOut
from api.version import VERSION

router = APIRouter(tags=["health"], dependencies=[PUBLIC])


@router.get("/health", summary="The process is up", responses=errors())
async def tell_health() -> HealthOut:
    """Answer, which is all there is to it."""
    return HealthOut()


@router.get(
    "/ready",
    summary="Assessments can be had now",
    responses=errors() | {503: {"model": ReadyOut, "description": "No reader is loaded"}},
)
async def tell_readiness(
    *, assessor: UsesAssessor, settings: UsesSettings, response: Response
) -> ReadyOut:
    """Say whether a reader is loaded; 503 where none is, unless none is to be in service yet."""
    ready = assessor.reader is not None
    response.status_code = 200 if ready or not settings.reader_in_service else 503
    return ReadyOut(
        ready=ready,
        reader=assessor.reader.name if assessor.reader else None,
        rulebook=assessor.rulebook.version,
    )


@router.get("/version", summary="What is running", responses=errors())
async def tell_version(*, assessor: UsesAssessor) -> VersionOut:
    """Give the versions that an assessment's provenance names."""
    return VersionOut(
        version=VERSION,
        reader=assessor.reader.name if assessor.reader else None,
        rulebook=assessor.rulebook.version,
    )
