"""Put the service together: load once, wire, mount."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from api.access.oidc.client import open_providers
from api.access.refusals import Strangers
from api.assessor import Assessor
from api.body_limit import MAX_BODY_BYTES, BodyLimit
from api.dependencies import Bench
from api.error_handlers import add_error_handlers
from api.figures.keeping import keeping
from api.findings import FindingCounts
from api.hub.delivery import delivering, split_hosts
from api.intake.worker import Worker
from api.logs import Event, configure_logging
from api.rate_limit import RateLimit
from api.request_log import RequestLog
from api.routes import (
    admin,
    assessments,
    audit,
    contacts,
    documents,
    figures,
    findings,
    health,
    hub_claims,
    hub_contact,
    hub_decisions,
    hub_notifications,
    hub_quality,
    hub_queue,
    hub_replies,
    imports,
    pages,
    quality,
    quality_export,
    quality_reports,
    reference,
    sending,
    sent,
    sign_in,
    silent,
    watch,
)
from api.security_headers import SecurityHeaders
from api.settings import Settings
from api.silent.beside import load_beside, reading_silently
from api.store.opening import Store, open_store
from api.version import VERSION

STATIC = Path(__file__).parent / "static"

ABOUT = """Tells the writer of a referral to children's services what a social worker will look for
and does not find, and what level of need the text reads like.

**Advice, never a gate**: send now, and ring the hub, or 999, where a child may be at risk.
What is assessed is never stored or logged; contacts that are sent are stored. Offsets are half-open
and count code points, or UTF-16 units where `offset_unit` asks for them."""

# Off: logs (they carry exception messages and validation errors, which may quote the text) and
# traces (they carry exception messages). What is left counts and times requests.
TELEMETRY: TelemetryConfig = {
    "logs": False,
    "tracing": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create_app(
    assessor: Assessor | None = None,
    settings: Settings | None = None,
    store: Store | None = None,
) -> FastAPI:
    """Give the whole service.

    Raises:
        KeysError: If the file of keys cannot be used.
        RulebookError: If a rule file or the file of providers holds mistakes.
        UnknownChoiceError: If the default framework of *settings* does not exist.
    """
    settings = settings or Settings()
    configure_logging(level=settings.log_level)
    assessor = assessor or Assessor.load(
        default_framework=settings.default_framework, readers_folder=settings.readers_folder
    )
    silent_reader = load_beside(settings.silent_reader, assessor)
    if not settings.reader_in_service:
        assessor = replace(assessor, reader=None)
    # An upload stays in memory: past this size Starlette would write it to a temporary file.
    MultiPartParser.spool_max_size = MAX_BODY_BYTES
    app = FastAPI(
        title="Referral Quality",
        version=VERSION,
        description=ABOUT,
        lifespan=_beside_requests,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # it would load scripts from another host, which our policy forbids
        redoc_url=None,
        telemetry=TELEMETRY,
        form_limits={"max_part_size": MAX_BODY_BYTES},
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(RequestLog),
            Middleware(RateLimit, rate=settings.rate_limit),
            Middleware(BodyLimit),
        ],
    )
    app.state.assessor = assessor
    app.state.settings = settings
    app.state.store = store or open_store(
        settings.database_url,
        folder=Path(settings.data_folder),
        keys_file=Path(settings.keys_file) if settings.keys_file else None,
    )
    in_service = settings.reader_in_service
    app.state.worker = Worker(app.state.store, assessor, in_service=in_service)
    app.state.silent_reader = silent_reader
    sign_in_file = settings.sign_in_file
    app.state.strangers = Strangers(settings.rate_limit)
    app.state.providers = open_providers(Path(sign_in_file) if sign_in_file else None)
    app.state.bench = Bench(threads=settings.threads)
    # Files have places of their own: nobody who checks or sends waits behind them.
    app.state.file_bench = Bench(threads=settings.threads)
    counter_file = settings.findings_file
    app.state.findings = FindingCounts(Path(counter_file) if counter_file else None)
    add_error_handlers(app)
    _add_routes(app)
    _log_start(assessor, in_service=in_service)
    return app


@asynccontextmanager
async def _beside_requests(app: FastAPI) -> AsyncIterator[None]:
    """What goes on for as long as the server runs."""
    hosts = split_hosts(app.state.settings.webhook_hosts)
    store: Store = app.state.store
    silently = reading_silently(
        store, app.state.silent_reader, scored_only=app.state.settings.reader_in_service
    )
    with app.state.worker.running(), delivering(store, hosts=hosts), keeping(store), silently:
        yield


def _add_routes(app: FastAPI) -> None:
    version_1 = APIRouter(prefix="/api/v1")
    for module in (assessments, contacts, documents, reference, findings, figures, health):
        version_1.include_router(module.router)
    app.include_router(version_1)
    app.include_router(pages.router)
    app.include_router(sending.router)
    app.include_router(sent.router)
    app.include_router(imports.router)
    for module in (hub_queue, hub_claims, hub_notifications):
        app.include_router(module.router)
    for module in (hub_contact, hub_decisions, hub_replies, hub_quality):
        app.include_router(module.router)
    for module in (sign_in, admin, audit):
        app.include_router(module.router)
    for module in (quality, quality_export, quality_reports):
        app.include_router(module.router)
    app.include_router(silent.router)
    app.include_router(watch.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _log_start(assessor: Assessor, *, in_service: bool) -> None:
    log = structlog.get_logger()
    if assessor.reader is None and in_service:
        log.error(Event.READER_MISSING, rulebook=assessor.rulebook.version)
        return
    log.info(
        Event.STARTED,
        reader=assessor.reader.name if assessor.reader else None,
        rulebook=assessor.rulebook.version,
        version=VERSION,
    )
