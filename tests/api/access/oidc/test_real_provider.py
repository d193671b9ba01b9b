"""The whole sign-in against a certified provider, through its own login pages, on loopback."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest
import yaml
from sqlalchemy import select
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import User
from tests.api.access.conftest import HTTPS
from tests.hub_builders import add_agency

FOLDER = Path(__file__).parents[3] / "oidc"
CLIENT, SECRET = "referral-quality", "a secret of the tests"
BACK = f"{HTTPS}/sign-in/back/real"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (FOLDER / "node_modules" / "oidc-provider").exists(),
    reason="node or tests/oidc/node_modules is not here: run `make test`, which installs both",
)


@contextmanager
def running(port: int) -> Iterator[None]:
    command = ["node", "provider.js", str(port), CLIENT, SECRET, BACK]
    process = subprocess.Popen(
        command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        assert any(line.strip() == "ready" for line in process.stdout), "it did not start"
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running(port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def client(
    assessor: Assessor, sqlite_store: Store, issuer: str, tmp_path: Path
) -> Iterator[TestClient]:
    add_agency(sqlite_store, "police")
    (tmp_path / "secret").write_text(SECRET)
    real = {
        "id": "real",
        "name": "A real provider",
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret_file": str(tmp_path / "secret"),
        "role_claim": "roles",
        "roles": {"Hub.Worker": "hub", "Officer": "referrer"},
        "agency_claim": "work.force",
        "agencies": {"marskley": "police"},
    }
    file = tmp_path / "sign-in.yaml"
    file.write_text(yaml.safe_dump({"providers": [real]}))
    app = create_app(
        assessor=assessor, settings=Settings(sign_in_file=str(file)), store=sqlite_store
    )
    with TestClient(app, base_url=HTTPS, follow_redirects=False) as connected:
        yield connected


def log_in(address: str, person: str) -> str:
    """Go through the provider's own pages as a browser does; give where it sends the browser."""
    with httpx2.Client(follow_redirects=False) as browser:
        answer = browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["location"])
                if address.startswith(HTTPS):
                    return address
                answer = browser.get(address)
                continue
            action, given = _form(answer, person)
            answer = browser.post(action, data=given)
    raise AssertionError(f"the provider led nowhere: {answer.status_code}")


def _form(page: httpx2.Response, person: str) -> tuple[str, dict[str, str]]:
    action = re.search(r'action="([^"]+)"', page.text)
    prompt = re.search(r'name="prompt" value="([^"]+)"', page.text)
    assert action, page.text
    assert prompt, page.text
    given = {"prompt": prompt[1], "login": person, "password": "any"}
    return urljoin(str(page.url), action[1]), given


@pytest.mark.parametrize(
    ("person", "role", "agency", "home"),
    [("sam", Role.HUB, None, "/hub"), ("dale", Role.REFERRER, "police", "/refer")],
)
def test_a_person_with_a_role_gets_in_with_it(
    client: TestClient,
    sqlite_store: Store,
    issuer: str,
    person: str,
    role: Role,
    agency: str | None,
    home: str,
) -> None:
    back = log_in(client.get("/sign-in/with/real").headers["location"], person)
    assert back.startswith(BACK)
    assert client.get(back).headers["location"] == home
    assert f"Name of {person}" in client.get("/about").text
    with sqlite_store.reading() as session:
        user = session.scalars(select(User)).one()
    assert (user.issuer, user.subject) == (issuer, person)
    assert (user.role, user.agency_id) == (role, agency)
    # The provider gives nothing for a code twice, and the browser kept nothing to try it with.
    assert client.get(back).status_code == 400


def test_a_person_without_a_role_gets_nothing(client: TestClient) -> None:
    back = log_in(client.get("/sign-in/with/real").headers["location"], "stranger")
    assert client.get(back).status_code == 403
