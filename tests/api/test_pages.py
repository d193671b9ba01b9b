"""The pages without a browser: what they answer, and what they never hold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import api
from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store
from tests.fakes import FakeReader

STATIC = Path(api.__file__).parent / "static"
TEXT = {"shown": "one_box_referral", "one_box_referral-text": "Ava said her dad hit her."}


@pytest.mark.parametrize("address", ["/refer", "/refer?layout=ppn", "/about", "/accessibility"])
def test_pages_carry_the_nonce_of_their_own_policy(client: TestClient, address: str) -> None:
    answer = client.get(address)
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
    assert nonce is not None
    assert set(re.findall(r'nonce="([^"]+)"', answer.text)) == {nonce.group(1)}
    assert not re.search(r"\sstyle=|\son\w+=", answer.text)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", ["/refer", "/about", "/accessibility"])
def test_pages_do_not_pass_for_gov_uk(client: TestClient, address: str) -> None:
    page = client.get(address).text
    assert "GOV.UK" not in page
    assert "crown" not in page.lower()
    assert "Children&#39;s services</title>" in page


def test_neither_the_font_nor_the_crest_is_shipped() -> None:
    names = [path.name for path in STATIC.rglob("*")]
    assert not [name for name in names if "crest" in name or name.endswith((".woff", ".woff2"))]
    assert "GDS Transport" not in (STATIC / "govuk-frontend.css").read_text(encoding="utf-8")


def test_html_in_a_referral_is_shown_as_text(client: TestClient) -> None:
    hostile = "</textarea><script>alert(1)</script> Ava said dad hit her."
    page = client.post("/refer", data=TEXT | {"one_box_referral-text": hostile}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_empty_form_is_told_so_in_words(client: TestClient) -> None:
    answer = client.post("/refer", data={"shown": "safer"})
    assert answer.status_code == 422
    assert "Write or paste something to check." in answer.text
    assert "You can still send your referral" in answer.text
    assert 'href="#safer-situation"' in answer.text


@pytest.mark.parametrize(
    "odd",
    [
        {"shown": "nonsense", "layout": "nonsense", "framework": "nonsense", "agency": "nonsense"},
        {"earlier_contacts": "\u00b2"},
        {"earlier_contacts": "99999"},
        {"one_box_referral-text": "\ud800 half a pair".encode("utf-8", "surrogatepass")},
    ],
)
def test_odd_choices_never_break_the_page(client: TestClient, odd: dict[str, str | bytes]) -> None:
    assert client.post("/refer", data=TEXT | odd).status_code in {200, 422}


def test_a_reader_that_is_missing_stops_nobody(assessor: Assessor) -> None:
    app = create_app(assessor=replace(assessor, reader=None), settings=Settings())
    with TestClient(app) as client:
        answer = client.post("/refer", data=TEXT)
    assert answer.status_code == 503
    assert "Checks are not available. You can still send your referral." in answer.text
    assert "Ava said her dad hit her." in answer.text


@pytest.mark.parametrize(
    ("upload", "words"),
    [(None, "Choose a file first."), (("x.png", b"\x89PNG\r\n\x1a\n" + bytes(40)), "paste")],
)
def test_an_upload_that_cannot_be_read_keeps_what_was_written(
    client: TestClient, upload: tuple[str, bytes] | None, words: str
) -> None:
    files = {"file": upload} if upload else None
    answer = client.post("/refer/upload", data=TEXT, files=files)
    assert answer.status_code >= 400
    assert words in answer.text
    assert "Ava said her dad hit her." in answer.text


def test_the_council_s_colour_and_hub_are_its_own(assessor: Assessor) -> None:
    settings = Settings(brand_colour="#4b2e83", hub_email="hub@marskley.example")
    with TestClient(create_app(assessor=assessor, settings=settings)) as client:
        assert "--govuk-brand-colour: #4b2e83" in client.get("/brand.css").text
        assert "hub@marskley.example" in client.get("/refer").text


@pytest.mark.parametrize("doubted", [False, True])
def test_a_flag_that_the_reader_doubts_is_shown_as_words_to_read(
    assessor: Assessor, store: Store, *, doubted: bool
) -> None:
    unsure = replace(assessor, reader=FakeReader(doubts_flags=doubted))
    with TestClient(create_app(assessor=unsure, settings=Settings(), store=store)) as client:
        text = "He put his hands round her neck and squeezed."
        page = client.post("/refer", data=TEXT | {"one_box_referral-text": text}).text
    assert ("Also mentioned, not as happening now" in page) is doubted
    assert ('"rq-note">These words may mean something else; please read them<' in page) is doubted
    assert "squeezed" in page
