"""A form uploaded, its text and sections back."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.files import make_docx, make_eml, make_pdf

ADDRESS = "/api/v1/documents"


def upload(client: TestClient, content: bytes, **fields: str) -> Any:
    return client.post(ADDRESS, files={"file": ("form", content)}, data=fields)


def test_a_word_form_comes_back_as_text_with_its_sections(client: TestClient) -> None:
    content = make_docx("Situation", "Dad hit Ava.", "Family", "Mum and dad.")
    answer = upload(client, content).json()
    assert answer["type"] == "docx"
    sections = {
        section["kind"]: answer["text"][section["start"] : section["end"]]
        for section in answer["sections"]
    }
    assert [section["heading"] for section in answer["sections"]] == ["Situation", "Family"]
    assert "Dad hit Ava." in sections["situation"]
    assert "Mum and dad." in sections["family"]


def test_sections_after_an_emoji_can_be_had_in_utf_16_units(client: TestClient) -> None:
    content = "Situation\n👶 Dad hit Ava.\nFamily\nMum.".encode()
    last = upload(client, content, offset_unit="utf16").json()["sections"][-1]
    plain = upload(client, content).json()["sections"][-1]
    assert (last["start"], last["end"]) == (plain["start"] + 1, plain["end"] + 1)


def test_the_name_of_a_file_is_not_believed(client: TestClient) -> None:
    answer = client.post(ADDRESS, files={"file": ("form.pdf", make_docx("Ava was hit."))})
    assert answer.json()["type"] == "docx"


def test_attachments_of_an_email_are_counted(client: TestClient) -> None:
    assert upload(client, make_eml("Ava was hit.", files=3)).json()["attachments"] == 3


def test_an_unknown_unit_is_refused(client: TestClient) -> None:
    assert upload(client, b"Ava was hit.", offset_unit="bytes").status_code == 422


def test_a_file_of_marks_alone_has_nothing_to_read(client: TestClient) -> None:
    answer = upload(client, b"... --- !!!")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "empty_text")


def test_an_upload_is_never_written_to_disk(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolled = []
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", lambda self: rolled.append(1))
    large = make_pdf("Ava was hit.") + b"\n%" + b"x" * 4_000_000
    assert upload(client, large).status_code == 200
    assert rolled == []
