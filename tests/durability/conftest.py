from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.access.keys import Scope, make
from api.store.codes import Role
from api.store.opening import Store
from tests.hub_builders import add_agency, add_user


def settings_for(store: Store, folder: Path) -> dict[str, str]:
    """What a server of its own needs to serve *store*, whose keys are somewhere in *folder*."""
    (keys,) = folder.glob("*/keys.json")
    return {
        "RQ_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
        "RQ_DATA_FOLDER": str(keys.parent),
        "RQ_RATE_LIMIT": "1000000/minute",
        "RQ_LOG_LEVEL": "ERROR",
    }


def key_for(store: Store) -> dict[str, str]:
    """The header of a system that may send."""
    agency, by = add_agency(store), add_user(store, Role.ADMINISTRATOR)
    with store.writing() as session:
        token = make(
            session,
            agency_id=agency,
            label="Test",
            scopes=[Scope.SEND],
            lasts=timedelta(days=1),
            by=by,
        )
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def settings(empty_store: Store, tmp_path: Path) -> dict[str, str]:
    return settings_for(empty_store, tmp_path)
