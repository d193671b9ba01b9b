"""One error shape, whatever went wrong, and never a word of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.body_limit import MAX_BODY_BYTES
from api.error_handlers import OURS, status_and_code
from api.schemas import ErrorOut
from nlp.errors import CorpusError, ReferralQualityError
from tests.api.files import make_pdf

ASSESS, UPLOAD = "/api/v1/assessments", "/api/v1/documents"
JSON = {"content-type": "application/json"}
MARKER = "marker-Ava-Ellis"
Ask = Callable[[TestClient], Any]


def chunks() -> Any:
    """A body whose length is not announced."""
    yield from (b" " * 1_000_000 for _ in range(8))


CASES: dict[str, tuple[Ask, int, str]] = {
    "no such address": (lambda c: c.get(f"/api/{MARKER}"), 404, "not_found"),
    "no such method": (lambda c: c.put(ASSESS), 405, "method_not_allowed"),
    "broken JSON": (
        lambda c: c.post(ASSESS, content=f'{{"text": "{MARKER}', headers=JSON),
        422,
        "invalid_request",
    ),
    "JSON not in UTF-8": (
        lambda c: c.post(ASSESS, content=b'{"text": "\xff"}', headers=JSON),
        400,
        "bad_request",
    ),
    "JSON nested past reason": (
        lambda c: c.post(ASSESS, content=b"[" * 100_000, headers=JSON),
        400,
        "bad_request",
    ),
    "number past reason": (
        lambda c: c.post(ASSESS, content=b'{"earlier_contacts": ' + b"9" * 5000, headers=JSON),
        400,
        "bad_request",
    ),
    "no content type": (
        lambda c: c.post(ASSESS, content=f'{{"text": "{MARKER}"}}'),
        422,
        "invalid_request",
    ),
    "a list": (lambda c: c.post(ASSESS, json=[MARKER]), 422, "invalid_request"),
    "wrong values": (
        lambda c: c.post(ASSESS, json={"text": [MARKER], "form": MARKER, "agency": MARKER}),
        422,
        "invalid_request",
    ),
    "unknown field": (
        lambda c: c.post(ASSESS, json={"text": "x", "form": "ppn", MARKER: 1}),
        422,
        "invalid_request",
    ),
    "field named with half a character": (
        lambda c: c.post(ASSESS, content=b'{"\\ud800": 1}', headers=JSON),
        422,
        "invalid_request",
    ),
    "large body": (
        lambda c: c.post(ASSESS, content=b" " * (MAX_BODY_BYTES + 1), headers=JSON),
        413,
        "too_large",
    ),
    "large body of unknown length": (
        lambda c: c.post(ASSESS, content=chunks(), headers=JSON),
        413,
        "too_large",
    ),
    "large upload": (
        lambda c: c.post(UPLOAD, files={"file": b"x" * MAX_BODY_BYTES}),
        413,
        "too_large",
    ),
    "no file": (lambda c: c.post(UPLOAD), 422, "invalid_request"),
    "form cut short": (
        lambda c: c.post(
            UPLOAD, content=b"--x\r\nCont", headers={"content-type": "multipart/form-data"}
        ),
        400,
        "bad_request",
    ),
    "file of a wrong kind": (
        lambda c: c.post(UPLOAD, files={"file": (f"{MARKER}.docx", b"GIF89a")}),
        415,
        "wrong_file_type",
    ),
    "scan": (lambda c: c.post(UPLOAD, files={"file": make_pdf("")}), 422, "no_text_in_file"),
}


@pytest.mark.parametrize(("ask", "status", "code"), CASES.values(), ids=CASES)
def test_every_error_has_the_one_shape_and_repeats_nothing(
    client: TestClient, ask: Ask, status: int, code: str
) -> None:
    answer = ask(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert ErrorOut.model_validate(answer.json()).error.message
    assert MARKER not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers


def test_the_shape_is_pinned(client: TestClient) -> None:
    answer = client.post(ASSESS, json={"form": "letter"})
    assert answer.json() == {
        "error": {
            "code": "invalid_request",
            "message": "The request does not have the expected fields; see fields.",
            "fields": [
                {"field": "text", "problem": "Field required"},
                {"field": "form", "problem": "Input should be 'referral' or 'ppn'"},
            ],
        }
    }


def test_a_method_that_is_not_taken_names_those_that_are(client: TestClient) -> None:
    assert client.put(ASSESS).headers["allow"] == "POST"


def test_a_subclass_of_an_error_has_a_status_of_its_own() -> None:
    answers = list(OURS.values())
    assert [status_and_code(kind.__new__(kind)) for kind in OURS] == answers


def test_an_error_that_no_sender_can_mend_is_ours() -> None:
    assert status_and_code(CorpusError("x")) == (500, "internal_error")
    assert status_and_code(ReferralQualityError("x")) == (500, "internal_error")
