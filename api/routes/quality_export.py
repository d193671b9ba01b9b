"""Leaders and analysts take figures away; analysts take contacts for the statutory return."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from api.access.identity import Identity
from api.access.rates import Export
from api.access.rules import FigureReader, allow
from api.dependencies import UsesStore
from api.figures.contact_export import CONTACT_COLUMNS, contact_rows
from api.figures.dictionary import contact_columns, dictionary_rows, load_dictionary
from api.figures.export import COLUMNS, Wanted, check_wanted, figure_rows
from api.figures.files import MEDIA_TYPES, Column, Format, Row, write_table
from api.figures.selection import FORMS, find_covered
from api.page_rendering import render_page
from api.store.audit import record
from api.store.codes import Action, Role
from api.store.opening import Store
from nlp.errors import UnknownChoiceError

router = APIRouter(prefix="/quality/export", include_in_schema=False)

Taker = Annotated[Identity, allow(Role.ANALYST)]  # one role: who makes the statutory return

Choice = Annotated[str, Query(max_length=60)]
Month = Annotated[str, Form(max_length=7)]


@router.get("")
def show_export(request: Request, *, identity: FigureReader, store: UsesStore) -> HTMLResponse:
    """Show what can be taken away, and what every column and code of it means."""
    with store.reading() as session:
        covered = find_covered(session)
    if covered is None:
        return render_page(request, "quality/nothing.html")
    return render_page(
        request,
        "quality/export.html",
        covered=covered,
        forms=FORMS,
        formats=Format,
        dictionary=load_dictionary(),
        contact_columns=contact_columns(),
        takes_contacts=identity.role is Role.ANALYST,
    )


@router.get("/figures")
def take_figures(
    *,
    identity: FigureReader,
    _often: Export,
    store: UsesStore,
    kind: Annotated[Format, Query(alias="format")] = Format.CSV,
    period: Choice = "",
    agency: Choice = "",
    form: Choice = "",
) -> Response:
    """Give published figures as a file.

    Raises:
        TableError: If there are more rows than a workbook takes.
        UnknownChoiceError: If there is no such choice, or nothing was published.
    """
    wanted = Wanted(period=period, agency=agency, form=form)

    def rows(session: Session) -> Iterable[Row]:
        covered = find_covered(session)
        if covered is None:
            raise UnknownChoiceError("No figures have been published yet; come back in a month")
        return figure_rows(session, check_wanted(wanted, covered))

    details = {"period": period, "agency": agency, "form": form}
    return _send(store, rows, COLUMNS, kind, "figures", identity, details)


@router.get("/dictionary")
def take_dictionary(*, _identity: FigureReader, _often: Export) -> Response:
    """Give the data dictionary as CSV."""
    rows = dictionary_rows()
    path = _temporary()
    write_table(path, rows, [Column(name) for name in rows[0]], kind=Format.CSV)
    return _file(path, Format.CSV, "dictionary")


@router.post("/contacts")
def take_contacts(
    *,
    identity: Taker,
    _often: Export,
    store: UsesStore,
    first: Month,
    last: Month,
    kind: Annotated[Format, Form(alias="format")] = Format.CSV,
) -> Response:
    """Give the contacts of some months, one by one, without names and words: not to be published.

    Raises:
        TableError: If there are more rows than a workbook takes.
        UnknownChoiceError: If a month is not one of those offered, or the first is after the last.
    """

    def rows(session: Session) -> Iterable[Row]:
        covered = find_covered(session)
        if covered is None or not {first, last} <= set(covered.months) or first > last:
            raise UnknownChoiceError("months are not as offered; choose a first and a later last")
        return contact_rows(session, first=first, last=last)

    details = {"first": first, "last": last}
    return _send(store, rows, CONTACT_COLUMNS, kind, "contacts", identity, details)


def _send(
    store: Store,
    rows: Callable[[Session], Iterable[Row]],
    columns: Sequence[Column],
    kind: Format,
    what: str,
    identity: Identity,
    details: dict[str, str],
) -> Response:
    """Write the rows to a file of this request's own, note that they were taken, and send it."""
    path = _temporary()
    try:
        with store.reading() as session:
            told = dictionary_rows() if what == "figures" else ()
            taken = write_table(path, rows(session), columns, kind=kind, dictionary=told)
        with store.writing() as session:
            record(
                session,
                actor=identity.actor,
                action=Action.EXPORTED,
                target=what,
                details={**details, "format": kind.value, "rows": taken},
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _file(path, kind, what)


def _temporary() -> Path:
    with tempfile.NamedTemporaryFile(prefix="referral-quality-", delete=False) as file:
        return Path(file.name)


def _file(path: Path, kind: Format, what: str) -> FileResponse:
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[kind],
        filename=f"{what}.{kind}",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )
