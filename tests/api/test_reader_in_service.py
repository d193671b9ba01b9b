"""The released reader answers; a damaged one gives way to the shipped one, and the log says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.assessor import Assessor, load_served
from api.main import create_app
from api.settings import Settings
from api.store.opening import Store
from models import predict
from models.releases import release, roll_back
from nlp.domain import Form
from tests.models.readers_for_tests import damage, give_verdict, make_small_reader, save_whole


@pytest.fixture
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of readers in which one is in service beside the shipped one."""
    shipped = save_whole(replace(make_small_reader(), name="shipped 1"), tmp_path / "shipped")
    monkeypatch.setattr(predict, "RELEASED", shipped)
    candidate = save_whole(
        replace(make_small_reader(), name="small 0+local.x"), tmp_path / "candidate"
    )
    give_verdict(candidate, against=shipped)
    release(candidate, tmp_path / "readers", why="a test")
    return tmp_path / "readers"


def test_the_released_reader_answers_and_every_record_says_so(readers: Path) -> None:
    assessor = Assessor.load(readers_folder=str(readers))
    assessment = assessor.assess(text="Tom was hit.", form=Form.REFERRAL)
    assert assessment.provenance.reader == "small 0+local.x"


def test_after_roll_back_the_shipped_reader_answers(readers: Path) -> None:
    roll_back(readers, why="a test")
    assessor = Assessor.load(readers_folder=str(readers))
    assessment = assessor.assess(text="Tom was hit.", form=Form.REFERRAL)
    assert assessment.provenance.reader == "shipped 1"


def test_no_folder_serves_the_shipped_reader(readers: Path) -> None:
    served = load_served("")
    assert served is not None
    assert served.name == "shipped 1"


@pytest.mark.parametrize("what", ["file", "history", "folder"])
def test_a_damaged_one_falls_back_to_the_shipped_one_and_the_log_says_so(
    readers: Path, store: Store, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if what == "file":
        damage(readers / "versions" / "1" / "tfidf" / "parameters.npz")
    elif what == "history":
        (readers / "history.json").write_text("{")
    named = readers.with_name("elsewhere") if what == "folder" else readers
    app = create_app(settings=Settings(readers_folder=str(named)), store=store)
    with TestClient(app) as client:
        assert client.get("/api/v1/ready").json() == {
            "ready": True,
            "reader": "shipped 1",
            "rulebook": app.state.assessor.rulebook.version,
        }
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    fallen = [event for event in events if event["event"] == "reader_fallen_back"]
    assert [event["error"] for event in fallen] == ["ArtefactError"]
    assert any(e["event"] == "started" and e["reader"] == "shipped 1" for e in events)


def test_the_service_takes_the_folder_from_its_settings(readers: Path, store: Store) -> None:
    app = create_app(settings=Settings(readers_folder=str(readers)), store=store)
    with TestClient(app) as client:
        assert client.get("/api/v1/version").json()["reader"] == "small 0+local.x"
