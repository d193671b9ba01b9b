"""The real service on a free port, and a browser that can reach nothing else."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.assessor import Assessor
from api.demonstration.people import seed_people
from api.main import create_app
from api.settings import Settings
from nlp.domain import Element, Level, NeedDomain, Reason, Status
from tests.fakes import FakeReader

# No call home, and no GPU in a container.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A busy machine takes longer over a page than the usual five seconds.
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Service:
    """A running service."""

    address: str
    app: FastAPI


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    reader = FakeReader(
        evidence={Element.CONCERN: "hit", Element.CHILD_VOICE: "said"},
        status={Element.HISTORY: Status.PARTLY},
        plausible=(Level.EARLY_HELP, Level.CHILD_IN_NEED),
        domains=frozenset({NeedDomain.PHYSICAL_ABUSE}),
        weights={NeedDomain.PHYSICAL_ABUSE: "hit"},
        inappropriate=0.8,
        reasons=frozenset({Reason.ADULT_PATHWAY}),
        hollow="addressee",
    )
    settings = Settings(
        rate_limit="100000/minute",
        threads=2,
        hub_telephone="01632 960500",
        data_folder=str(tmp_path_factory.mktemp("data")),
    )
    app = create_app(assessor=Assessor.load(reader=reader), settings=settings)
    app.state.store.migrate()
    with running(app) as service:
        yield service


def make_demonstration(folder: Path) -> FastAPI:
    """Give a demonstration with its people and nothing else, which keeps its store in *folder*."""
    settings = Settings(
        demo_mode=True, rate_limit="100000/minute", threads=2, data_folder=str(folder)
    )
    app = create_app(assessor=Assessor.load(reader=FakeReader()), settings=settings)
    app.state.store.migrate()
    seed_people(app.state.store)
    return app


@contextmanager
def running(app: FastAPI, *, lifespan: Literal["on", "off"] = "off") -> Iterator[Service]:
    """Serve *app* on a free port until the end of the block; *lifespan* on reads what is sent."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan=lifespan))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        _wait_for(server)
        yield Service(f"http://127.0.0.1:{listening.getsockname()[1]}", app)
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium was not found: install Debian's chromium, as `make test` does")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=service.address, viewport={"width": 1300, "height": 1000})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which any error of a script or of the content policy fails the test."""
    opened = context.new_page()
    complaints = complaints_of(opened)
    yield opened
    assert complaints == []


def complaints_of(page: Page) -> list[str]:
    """Give the list to which every error of a script or of the content policy will be added."""
    complaints = list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    return complaints


def _wait_for(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            pytest.fail("The service did not start within 20 seconds")
        time.sleep(0.02)


def find_violations(page: Page) -> list[dict[str, Any]]:
    """Give what axe finds wrong, once a page that is on its way has come."""
    page.wait_for_load_state("networkidle")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found
