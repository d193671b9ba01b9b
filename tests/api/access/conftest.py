from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.demonstration.people import seed_people
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store
from tests.fakes import FakeReader

HTTPS = "https://testserver"
SETTINGS = Settings(rate_limit="100000/minute", threads=2, webhook_hosts="police.example")
DEMONSTRATION = Settings(rate_limit="100000/minute", threads=2, demo_mode=True)


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    return Assessor.load(reader=FakeReader())


@pytest.fixture
def app(assessor: Assessor, sqlite_store: Store) -> FastAPI:
    return create_app(assessor=assessor, settings=SETTINGS, store=sqlite_store)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HTTPS, follow_redirects=False) as connected:
        yield connected


@pytest.fixture
def demonstration(assessor: Assessor, sqlite_store: Store) -> Iterator[TestClient]:
    seed_people(sqlite_store)
    app = create_app(assessor=assessor, settings=DEMONSTRATION, store=sqlite_store)
    with TestClient(app, base_url=HTTPS, follow_redirects=False) as connected:
        yield connected
