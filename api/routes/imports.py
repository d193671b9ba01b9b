"""Import an export of another system: choose, map, check, import; the file is never kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.access.identity import Identity
from api.access.rules import allow
from api.body_limit import MAX_BODY_BYTES
from api.dependencies import UsesStore, UsesWorker
from api.document_files.reading import MAX_BYTES
from api.error_handlers import status_and_code
from api.intake.importing.profiles import (
    Layout,
    fields,
    find_profile,
    guess,
    profile_names,
    save_profile,
)
from api.intake.importing.run import Plan, check, rejected_csv, run
from api.intake.importing.tables import ExportTable, read_table, seal, unseal
from api.page_rendering import render_page
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Agency
from nlp.domain import Form
from nlp.errors import ReferralQualityError, TableError

router = APIRouter(prefix="/hub/import", include_in_schema=False)

Importer = Annotated[Identity, allow(Role.HUB_MANAGER, Role.ADMINISTRATOR)]
SHOWN = 20  # rejected rows on the page; all are in the file


@router.get("")
def show_start(request: Request, *, _identity: Importer, store: UsesStore) -> HTMLResponse:
    """Ask for the file."""
    return _start(request, store)


@router.post("/columns")
async def map_columns(request: Request, *, _identity: Importer, store: UsesStore) -> HTMLResponse:
    """Show which column is taken for which field: guessed, or as a profile says."""
    async with request.form(max_part_size=MAX_BODY_BYTES) as form:
        given = _texts(form)
        upload = form.get("file")
        content = await upload.read(MAX_BYTES + 1) if isinstance(upload, UploadFile) else b""
    return await run_in_threadpool(_map, request, store, given, content)


@router.post("/check")
async def check_rows(request: Request, *, identity: Importer, store: UsesStore) -> HTMLResponse:
    """Say what the import would do; only the mapping is kept, where it is given a name."""
    given = _texts(await request.form())
    return await run_in_threadpool(_check, request, store, given, identity)


@router.post("/run")
async def run_import(
    request: Request, *, identity: Importer, store: UsesStore, worker: UsesWorker
) -> HTMLResponse:
    """Import what was checked."""
    given = _texts(await request.form())
    answer = await run_in_threadpool(_run, request, store, given, identity)
    worker.wake()
    return answer


@router.post("/rejected")
async def give_rejected(request: Request, *, _identity: Importer, store: UsesStore) -> Response:
    """Give the rejected rows as a CSV, each with its number and the reason."""
    given = _texts(await request.form())
    return await run_in_threadpool(_rejected, request, store, given)


def _map(request: Request, store: Store, given: Mapping[str, str], content: bytes) -> HTMLResponse:
    try:
        if len(content) > MAX_BYTES:
            raise TableError("the file is larger than 5 MB; split it")
        table = unseal(given["table"], store.keys) if "table" in given else _read(content)
        profile = given.get("profile", "")
        known = _layout(given) if "table" in given else None
        layout = known or guess(table, find_profile(store, profile) if profile else None)
        return _columns(request, store, table, layout)
    except ReferralQualityError as error:
        return _start(request, store, error=error)


def _read(content: bytes) -> ExportTable:
    if not content:
        raise TableError("choose a file first")
    return read_table(content)


def _check(
    request: Request, store: Store, given: Mapping[str, str], identity: Identity
) -> HTMLResponse:
    try:
        table, layout = unseal(given.get("table", ""), store.keys), _layout(given)
    except ReferralQualityError as error:
        return _start(request, store, error=error)
    try:
        if name := given.get("save-as", "").strip():
            save_profile(store, name, layout, by=identity.id)
        plan = check(store, table, layout)
    except ReferralQualityError as error:
        return _columns(request, store, table, layout, error=error)
    return _outcome(request, "imports/check.html", plan, given, layout)


def _run(
    request: Request, store: Store, given: Mapping[str, str], identity: Identity
) -> HTMLResponse:
    try:
        table, layout = unseal(given.get("table", ""), store.keys), _layout(given)
        plan = run(store, table, layout, actor=identity.actor)
    except ReferralQualityError as error:
        return _start(request, store, error=error)
    return _outcome(request, "imports/done.html", plan, given, layout)


def _rejected(request: Request, store: Store, given: Mapping[str, str]) -> Response:
    try:
        table = unseal(given.get("table", ""), store.keys)
        plan = check(store, table, _layout(given))
    except ReferralQualityError as error:
        return _start(request, store, error=error)
    named = {"Content-Disposition": 'attachment; filename="rejected-rows.csv"'}
    return Response(rejected_csv(table, plan.rejected), media_type="text/csv", headers=named)


def _start(
    request: Request, store: Store, *, error: ReferralQualityError | None = None
) -> HTMLResponse:
    status = status_and_code(error)[0] if error else 200
    return render_page(
        request,
        "imports/start.html",
        status=422 if isinstance(error, TableError) else status,
        error=error and str(error),
        profiles=profile_names(store),
    )


def _columns(
    request: Request,
    store: Store,
    table: ExportTable,
    layout: Layout,
    *,
    error: ReferralQualityError | None = None,
) -> HTMLResponse:
    with store.reading() as session:
        agencies = session.execute(select(Agency.id, Agency.name).order_by(Agency.name)).all()
    return render_page(
        request,
        "imports/columns.html",
        status=422 if error else 200,
        error=error and str(error),
        headings=[each for each in table.headings if each],
        rows=len(table.rows),
        table=seal(table, store.keys),
        layout=layout,
        fields=fields(),
        agencies=agencies,
    )


def _outcome(
    request: Request, template: str, plan: Plan, given: Mapping[str, str], layout: Layout
) -> HTMLResponse:
    return render_page(
        request,
        template,
        plan=plan,
        shown=plan.rejected[:SHOWN],
        carried={name: given[name] for name in given if _is_ours(name)},
        layout=layout,
    )


def _layout(given: Mapping[str, str]) -> Layout:
    """The mapping as the screen posts it."""
    columns = {
        code: heading for code in fields() if (heading := given.get(f"column-{code}", "").strip())
    }
    form = next((each for each in Form if each == given.get("form")), Form.REFERRAL)
    return Layout(columns, form, given.get("agency") or None)


def _is_ours(name: str) -> bool:
    return name in {"table", "form", "agency"} or name.startswith("column-")


def _texts(form: Mapping[str, object]) -> dict[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)}
