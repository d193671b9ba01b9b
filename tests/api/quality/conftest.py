from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store
from tests.leader_builders import fill_area


@pytest.fixture
def client(assessor: Assessor, sqlite_store: Store) -> Iterator[TestClient]:
    app = create_app(
        assessor=assessor, settings=Settings(rate_limit="10000/minute"), store=sqlite_store
    )
    with TestClient(app, base_url="https://testserver") as connected:
        yield connected


@pytest.fixture
def area(sqlite_store: Store) -> Store:
    """A store with two years of published figures of several agencies."""
    fill_area(sqlite_store)
    return sqlite_store
