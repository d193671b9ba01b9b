"""Headers, rates and the log line that stand round every request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import Request
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.main import create_app
from api.schemas import EXAMPLE_TEXT
from api.security_headers import FIXED, SecurityHeaders
from api.settings import Settings

CONTACT = {"text": EXAMPLE_TEXT, "form": "referral"}


@pytest.fixture
def limited(assessor: Assessor) -> TestClient:
    return TestClient(create_app(assessor, Settings(rate_limit="12/minute", threads=1)))


def test_every_answer_has_every_header(client: TestClient) -> None:
    for address in ("/", "/api/v1/health", "/nowhere"):
        headers = client.get(address, follow_redirects=False).headers
        assert {name: headers[name] for name in FIXED} == FIXED
        assert headers["cache-control"] == "no-store"


def test_the_policy_is_strict_and_its_nonce_is_fresh(client: TestClient) -> None:
    policies = [client.get("/api/v1/health").headers["content-security-policy"] for _ in range(2)]
    nonces = [re.findall(r"'nonce-([\w-]{22})'", policy) for policy in policies]
    assert len(nonces[0]) == len(nonces[1]) == 1
    assert nonces[0] != nonces[1]
    assert "unsafe" not in policies[0]
    assert policies[0].startswith("default-src 'none'")
    assert "require-trusted-types-for 'script'" in policies[0]


def test_a_page_can_read_its_nonce(assessor: Assessor) -> None:
    app = create_app(assessor)

    @app.get("/nonce")
    def tell(request: Request) -> str:
        return str(request.state.csp_nonce)

    answer = TestClient(app).get("/nonce")
    assert f"'nonce-{answer.json()}'" in answer.headers["content-security-policy"]


def test_static_files_may_be_kept_by_a_browser(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("p {}")
    files = Mount("/static", StaticFiles(directory=tmp_path))
    client = TestClient(Starlette(routes=[files], middleware=[Middleware(SecurityHeaders)]))
    assert "cache-control" not in client.get("/static/page.css").headers
    assert client.get("/static/nothing").headers["cache-control"] == "no-store"


def test_posts_past_the_rate_are_told_when_to_come_back(limited: TestClient) -> None:
    statuses = [limited.post("/api/v1/assessments", json=CONTACT).status_code for _ in range(13)]
    assert statuses == [200] * 12 + [429]
    refused = limited.post("/api/v1/assessments", json=CONTACT)
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert limited.get("/api/v1/health").status_code == 200


def test_an_upload_counts_as_ten_posts(limited: TestClient) -> None:
    files = {"file": b"Ava was hit."}
    assert limited.post("/api/v1/documents", files=files).status_code == 200
    assert limited.post("/api/v1/documents", files=files).status_code == 429
    assert limited.post("/api/v1/assessments", json=CONTACT).status_code == 200


def test_each_address_has_a_rate_of_its_own(assessor: Assessor) -> None:
    app = create_app(assessor, Settings(rate_limit="1/minute"))
    first, second = (TestClient(app, client=(host, 1)) for host in ("10.0.0.1", "10.0.0.2"))
    assert first.post("/api/v1/assessments", json=CONTACT).status_code == 200
    assert first.post("/api/v1/assessments", json=CONTACT).status_code == 429
    assert second.post("/api/v1/assessments", json=CONTACT).status_code == 200
