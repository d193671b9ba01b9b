from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store
from tests.api.access.conftest import HTTPS
from tests.api.access.oidc.fake_provider import CLIENT, FakeProvider, fake_provider
from tests.hub_builders import add_agency


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with fake_provider() as running:
        yield running


@pytest.fixture
def client(
    assessor: Assessor, sqlite_store: Store, provider: FakeProvider, tmp_path: Path
) -> Iterator[TestClient]:
    """A service that people sign in to with the fake provider."""
    add_agency(sqlite_store, "police")
    (tmp_path / "secret").write_text("a secret\n")
    file = tmp_path / "sign-in.yaml"
    council = {
        "id": "council",
        "name": "Marskley Council",
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "client_secret_file": str(tmp_path / "secret"),
        "role_claim": "roles",
        "roles": {"Hub.Manager": "hub_manager", "Hub.Worker": "hub", "Officer": "referrer"},
        "agency_claim": "work.force",
        "agencies": {"marskley": "police"},
    }
    school = council | {"id": "school", "name": "Schools"}
    for key in ("role_claim", "roles", "agency_claim", "agencies"):
        school.pop(key)
    file.write_text(yaml.safe_dump({"providers": [council, school]}))
    settings = Settings(rate_limit="100000/minute", threads=2, sign_in_file=str(file))
    app = create_app(assessor=assessor, settings=settings, store=sqlite_store)
    with TestClient(app, base_url=HTTPS, follow_redirects=False) as connected:
        yield connected
