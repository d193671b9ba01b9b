from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.assessor import Assessor
from api.store.opening import Store
from tests.api.hub.signed_in import Desk, make_app, sit_down


@pytest.fixture
def app(sqlite_store: Store, assessor: Assessor) -> FastAPI:
    return make_app(sqlite_store, assessor)


@pytest.fixture
def desk(app: FastAPI) -> Desk:
    return sit_down(app)


@pytest.fixture
def blind_desk(sqlite_store: Store, assessor: Assessor) -> Desk:
    """A person whose hub hides the reading until they have given a view."""
    return sit_down(make_app(sqlite_store, assessor, hide_reading_until_decided=True))
