from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from nlp.domain import Element, Level, NeedDomain
from tests.fakes import FakeReader

SETTINGS = Settings(rate_limit="100000/minute", threads=2)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty store, for tests that do not look at what others left in it."""
    opened = open_store("", folder=tmp_path_factory.mktemp("store"))
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    reader = FakeReader(
        evidence={Element.CONCERN: "hit", Element.CHILD_VOICE: "said"},
        level=Level.CHILD_IN_NEED,
        domains=frozenset({NeedDomain.PHYSICAL_ABUSE}),
    )
    return Assessor.load(reader=reader)


@pytest.fixture(scope="session")
def app(assessor: Assessor, store: Store) -> FastAPI:
    return create_app(assessor=assessor, settings=SETTINGS, store=store)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as connected:
        yield connected
