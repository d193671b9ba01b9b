from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from nlp.domain import Element, Level, NeedDomain
from tests.fakes import FakeReader

SETTINGS = Settings(rate_limit="100000/minute", threads=2)


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    reader = FakeReader(
        evidence={Element.CONCERN: "hit", Element.CHILD_VOICE: "said"},
        level=Level.CHILD_IN_NEED,
        domains=frozenset({NeedDomain.PHYSICAL_ABUSE}),
    )
    return Assessor.load(reader=reader)


@pytest.fixture(scope="session")
def app(assessor: Assessor) -> FastAPI:
    return create_app(assessor=assessor, settings=SETTINGS)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as connected:
        yield connected
