"""The report of each agency: a page that prints well, and the same as PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.access.errors import NotFoundError
from api.access.rates import Export
from api.access.rules import FigureReader
from api.dependencies import UsesSettings, UsesStore
from api.figures.report import Report, compare_all, find_period, make_report
from api.figures.report_words import load_report_words
from api.figures.selection import LATEST, find_covered
from api.figures.signals import say
from api.page_rendering import render_page
from api.store.audit import record
from api.store.codes import Action
from api.store.tables import Agency

router = APIRouter(prefix="/quality/reports", include_in_schema=False)

AgencyId = Annotated[str, Path(max_length=40)]
Period = Annotated[str, Query(max_length=12)]


@router.get("")
def list_reports(request: Request, *, _identity: FigureReader, store: UsesStore) -> HTMLResponse:
    """Show every agency and period that there is a report of."""
    with store.reading() as session:
        covered = find_covered(session)
    if covered is None:
        return render_page(request, "quality/nothing.html")
    return render_page(request, "quality/reports.html", covered=covered)


@router.get("/{agency}")
def show_report(
    request: Request,
    agency: AgencyId,
    *,
    _identity: FigureReader,
    store: UsesStore,
    period: Period = LATEST,
) -> HTMLResponse:
    """Show the report of one agency.

    Raises:
        NotFoundError: If there is no such agency.
        UnknownChoiceError: If there is no such period.
    """
    with store.reading() as session:
        found = _find(session, agency, period)
    if found is None:
        return render_page(request, "quality/nothing.html")
    return render_page(
        request,
        "quality/report.html",
        report=found,
        asked_period=period,
        report_words=load_report_words(),
        say=say,
    )


@router.get("/{agency}/pdf")
def take_report(
    agency: AgencyId,
    *,
    identity: FigureReader,
    _often: Export,
    store: UsesStore,
    settings: UsesSettings,
    period: Period = LATEST,
) -> Response:
    """Give the report as PDF.

    Raises:
        NotFoundError: If there is no such agency, or nothing was published.
        UnknownChoiceError: If there is no such period.
    """
    # Only here: nothing else needs to write PDF.
    from api.figures.report_pdf import write_report

    with store.reading() as session:
        found = _find(session, agency, period)
    if found is None:
        raise NotFoundError("report")
    with store.writing() as session:
        record(
            session,
            actor=identity.actor,
            action=Action.EXPORTED,
            target=f"report:{agency}",
            details={"period": period, "format": "pdf"},
        )
    content = write_report(found, council=settings.council_name)
    headers = {"content-disposition": f'attachment; filename="report-{agency}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _find(session: Session, agency_id: str, period: str) -> Report | None:
    covered = find_covered(session)
    if covered is None:
        return None
    agency = session.get(Agency, agency_id)
    if agency is None or agency_id not in covered.agencies:
        raise NotFoundError("agency")
    period = find_period(period, covered)
    comparisons = compare_all(session, period, covered)
    return make_report(session, agency, period=period, covered=covered, comparisons=comparisons)
