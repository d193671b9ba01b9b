"""No word of a referral is logged anywhere, and none is kept."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.logs import ALLOWED_KEYS, MAX_CHARACTERS, Event, keep_allowed
from api.main import TELEMETRY, create_app
from api.routes import documents
from api.schemas import EXAMPLE_TEXT
from api.settings import Settings
from nlp.assessment import FlagFinding
from nlp.domain import Contact, Document
from nlp.reading import Reading
from tests.api.files import make_docx, make_eml, make_msg, make_pdf
from tests.fakes import FakeReader

MARKER = "Zyxwvella"
TEXT = f"{EXAMPLE_TEXT} Her name is {MARKER}."
ASSESS, UPLOAD = "/api/v1/assessments", "/api/v1/documents"
JSON = {"content-type": "application/json"}


class QuotingReader(FakeReader):
    """A reader that fails as a careless library does: with the text in its message."""

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        raise ValueError(f"cannot read {contact.text}")


def _files(content: bytes) -> Callable[[TestClient], Any]:
    return lambda client: client.post(UPLOAD, files={"file": (f"{MARKER}.docx", content)})


REQUESTS: dict[str, tuple[Callable[[TestClient], Any], int]] = {
    "assessed": (lambda c: c.post(ASSESS, json={"text": TEXT, "form": "referral"}), 200),
    "wrong fields": (
        lambda c: c.post(ASSESS, json={"text": [TEXT], "form": TEXT, TEXT: TEXT}),
        422,
    ),
    "unknown choice": (
        lambda c: c.post(ASSESS, json={"text": TEXT, "form": "ppn", "framework": MARKER}),
        422,
    ),
    "unreadable": (
        lambda c: c.post(ASSESS, json={"text": f"{TEXT}\x00\x01" * 9, "form": "ppn"}),
        422,
    ),
    "broken JSON": (lambda c: c.post(ASSESS, content=f'{{"text": "{TEXT}', headers=JSON), 422),
    "in the address": (lambda c: c.get(f"/{MARKER}?text={MARKER}"), 404),
    "in a query": (lambda c: c.get(f"/api/v1/health?text={MARKER}"), 200),
    "in a header": (lambda c: c.get("/api/v1/health", headers={"x-request-id": MARKER}), 200),
    "Word": (_files(make_docx(TEXT)), 200),
    "PDF": (_files(make_pdf(MARKER)), 200),
    "PDF with a strange start": (_files(MARKER.encode() + make_pdf(MARKER)), 200),
    "damaged PDF": (_files(f"%PDF-1.4 {MARKER} ({MARKER}) <<".encode()), 422),
    "email": (_files(make_eml(TEXT, subject=MARKER)), 200),
    "Outlook message": (_files(make_msg(TEXT, subject=MARKER)), 200),
    "wrong kind": (_files(b"GIF89a" + TEXT.encode()), 415),
}


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Callable[[], str]:
    """Everything that any logger has said since, at any level, and all output."""
    caplog.set_level(logging.DEBUG)

    def read() -> str:
        records = "".join(
            f"{record.getMessage()} {vars(record)} {record.exc_text}" for record in caplog.records
        )
        output = capfd.readouterr()
        return records + caplog.text + output.out + output.err

    return read


@pytest.fixture
def verbose(assessor: Assessor) -> TestClient:
    return TestClient(create_app(assessor, Settings(log_level="DEBUG")))


@pytest.mark.parametrize(("ask", "status"), REQUESTS.values(), ids=REQUESTS)
def test_no_word_is_logged(
    verbose: TestClient, logged: Callable[[], str], ask: Callable[[TestClient], Any], status: int
) -> None:
    # The test client writes its own request's address, which no server of ours does.
    logging.getLogger("httpx2").setLevel(logging.CRITICAL)
    assert ask(verbose).status_code == status
    log = logged()
    assert '"event": "request"' in log
    assert MARKER not in log


def test_no_word_is_logged_or_answered_when_a_reader_fails(logged: Callable[[], str]) -> None:
    client = TestClient(create_app(Assessor.load(reader=QuotingReader()), Settings()))
    answer = client.post(ASSESS, json={"text": TEXT, "form": "referral"})
    log = logged()
    assert answer.status_code == 503
    assert '"error": "ValueError"' in log
    assert MARKER not in log + answer.text


def test_no_word_is_logged_or_answered_when_a_route_fails(
    verbose: TestClient, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(content: bytes) -> None:
        raise RuntimeError(content.decode())

    monkeypatch.setattr(documents, "read_apart", fail)
    answer = verbose.post(UPLOAD, files={"file": TEXT.encode()})
    log = logged()
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert '"event": "request_failed"' in log
    assert MARKER not in log + answer.text


def test_nothing_of_a_contact_is_kept(
    app: Any, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    client.post(ASSESS, json={"text": TEXT, "form": "referral"})
    client.post(UPLOAD, files={"file": make_docx(TEXT)})
    client.get("/api/v1/health")
    assert list(tmp_path.rglob("*")) == []
    assert MARKER not in repr(vars(app.state))
    gc.collect()
    # spaCy's and our own caches hold words of our rules, never a text that was sent.
    kept = [one for one in gc.get_objects() if isinstance(one, Contact) and MARKER in one.text]
    assert kept == []


def test_telemetry_exports_no_messages() -> None:
    assert TELEMETRY["logs"] is False
    assert TELEMETRY["tracing"] is False


@pytest.mark.parametrize(
    "value", ["x" * (MAX_CHARACTERS + 1), [TEXT], {"text": TEXT}, TEXT.encode(), ValueError(TEXT)]
)
def test_a_value_that_could_hold_text_is_dropped_from_a_log_line(value: object) -> None:
    line = keep_allowed(None, "info", {"event": Event.REQUEST, "route": value})
    assert json.loads(json.dumps(line)) == {"event": "request", "route": "[dropped]"}


def test_a_key_or_an_event_that_is_not_listed_is_dropped_from_a_log_line() -> None:
    assert "text" not in ALLOWED_KEYS
    assert keep_allowed(None, "info", {"event": MARKER, "text": MARKER, "status": 200}) == {
        "event": "[dropped]",
        "status": 200,
    }
