"""A file that is built to take hours, or all memory, is refused and holds nobody else up."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.document_files import apart, pdf
from api.document_files.__main__ import MEMORY
from api.document_files.document_file import tidy
from api.document_files.errors import EncryptedFileError, FileTooLargeError
from api.document_files.markup import strip_markup
from api.main import create_app
from api.routes import documents
from api.settings import Settings
from tests.api.files import make_eml, make_pdf

WORDS = "Ava said that dad hit her."
ADDRESS = "/api/v1/documents"


def test_a_file_is_read_in_another_process_as_in_this_one() -> None:
    file = apart.read_apart(make_eml(WORDS, files=1))
    assert (file.type, file.attachments, file.text.endswith(WORDS)) == ("eml", 1, True)


def test_why_a_file_cannot_be_read_comes_back_whole() -> None:
    with pytest.raises(EncryptedFileError, match=r"^This PDF is locked with a password\. Save"):
        apart.read_apart(make_pdf(WORDS, locked_with="x"))


def test_a_file_that_takes_too_long_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    answer = client.post(ADDRESS, files={"file": make_pdf(WORDS)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file_too_large")
    assert "paste the text into the box" in answer.json()["error"]["message"]


def test_a_reading_has_its_own_limits_of_memory_time_and_traces() -> None:
    program = (
        "import resource\n"
        "from api.document_files.__main__ import limit_this_process\n"
        "limit_this_process()\n"
        "print(*(resource.getrlimit(getattr(resource, f'RLIMIT_{each}'))[0]"
        " for each in ('AS', 'CPU', 'CORE')))\n"
        f"bytearray({MEMORY})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.stdout.split() == [str(MEMORY).encode(), b"10", b"0"]
    assert b"MemoryError" in done.stderr
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY  # not ours


def test_a_reading_that_is_killed_is_a_file_that_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed = subprocess.CompletedProcess([], returncode=-24, stdout=b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: killed)
    with pytest.raises(FileTooLargeError):
        apart.read_apart(b"Ava")


def test_whoever_checks_does_not_wait_behind_a_file(
    assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = threading.Event(), threading.Event()

    def hang(_: bytes) -> None:
        begun.set()
        done.wait(30)
        raise FileTooLargeError("x")

    monkeypatch.setattr(documents, "read_apart", hang)
    app = create_app(assessor, Settings(threads=1))
    contact = {"text": WORDS, "form": "referral"}
    with TestClient(app) as client, ThreadPoolExecutor() as others:
        uploading = others.submit(client.post, ADDRESS, files={"file": b"x"})
        begun.wait(30)
        checking = others.submit(client.post, "/api/v1/assessments", json=contact)
        try:
            assert checking.result(timeout=10).status_code == 200
            assert not uploading.done()
        finally:
            done.set()


def test_pages_that_share_one_long_drawing_are_counted_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "MAX_DRAWING_BYTES", 200)
    assert WORDS in pdf.read_pdf(make_pdf(WORDS))
    with pytest.raises(FileTooLargeError, match="far more than a form"):
        pdf.read_pdf(make_pdf(*[WORDS] * 4))


@pytest.mark.parametrize("part", ["<a ", "<!--", "<![CDATA[", '<a b="', "<script", "</", "&#"])
def test_markup_that_never_ends_comes_to_an_end(part: str) -> None:
    # With the square of its length this would take half an hour.
    markup = part * (600_000 // len(part))
    assert len(strip_markup(markup)) <= len(markup)


def test_a_line_of_spaces_comes_to_an_end() -> None:
    assert tidy("Ava" + " " * 600_000 + "x").endswith(" x")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>Ava <b>was</b> hit</p>", "\nAva was hit\n"),
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("<tr><td>Ava</td><td>Leo</td></tr>", "\n Ava Leo\n"),
        ('<img alt="a > b">Ava', "Ava"),
        ("<a title='>'>Ava</a>", "Ava"),
        ("<p title=don't>Ava</p>", "\nAva\n"),
        ("<!-- <p>x</p> -->Ava<!--[if mso]>x<![endif]-->", "Ava"),
        ("<![if !mso]>Ava<![endif]>", "Ava"),
        ("<head><title>x</title><meta charset=utf-8><body>Ava", "Ava"),
        ("<STYLE>p > b {}</STYLE >Ava<script>if (a < b) x()</script>", "Ava"),
        ("aged < 5 &amp; small, 3<4", "aged < 5 & small, 3<4"),
        ("Ava</p", "Ava\n"),
    ],
)
def test_markup_gives_the_words_that_a_reader_sees(markup: str, words: str) -> None:
    assert strip_markup(markup) == words
