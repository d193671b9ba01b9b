"""``python -m api silent``: contacts of before are caught up, and a report is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.__main__ import main
from api.assessor import Assessor
from api.commands import silent
from api.silent.reading import SilentReader
from api.silent.rule import FILE
from api.store.opening import Store
from nlp.domain import Level
from tests.api.hub.builders import add_read
from tests.api.silent.builders import SILENT, decide_on, silent_reader

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def store(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the settings name, with a silent reader in the folder ``local``."""

    def open_reader(folder: Path, guidance: Assessor) -> SilentReader:
        assert folder == Path("local")
        return SilentReader(silent_reader(Level.UNIVERSAL).reader, guidance)

    monkeypatch.setenv("RQ_DATA_FOLDER", str(tmp_path / "store"))
    monkeypatch.setattr(silent, "open_silent_reader", open_reader)
    return sqlite_store


def test_contacts_are_caught_up_once_and_reported(
    store: Store, tmp_path: Path, capsys: Captured
) -> None:
    decide_on(store, add_read(store), Level.CHILD_PROTECTION)
    assert main(["silent", "catch-up", "--reader", "local"]) == 0
    assert "1 contacts read silently; 0 could not be read." in capsys.readouterr().out
    assert main(["silent", "catch-up", "--reader", "local"]) == 0
    assert "0 contacts read silently" in capsys.readouterr().out

    assert main(["silent", "report", "--output", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert f"{SILENT}: 1 read, 1 decided." in said
    assert "Not yet. Still to be seen:" in said  # it was read after the decision
    assert "90 more contacts that staff decide as child protection" in said
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "1 of 1: 100.0%" in page
    assert "<script" not in page
    data = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert data["silent"]["left_out"]["count"] == 1
    assert data["verdict"]["answers"]["protection_left_out"]["share"]["of"] == 0
    assert data["rule"]["questions"]["protection_left_out"]["limit"] == 0.05
    assert data["reader"] == SILENT


def test_a_rule_of_ones_own_decides(store: Store, tmp_path: Path, capsys: Captured) -> None:
    add_read(store)
    assert main(["silent", "catch-up", "--reader", "local", "--since", "2026-01-01"]) == 0
    written = FILE.read_text(encoding="utf-8").replace("limit: 0.05", "limit: 0.5")
    (tmp_path / "rule.yaml").write_text(written, encoding="utf-8")
    assert main(["silent", "report", "--rule", str(tmp_path / "rule.yaml")]) == 0
    assert "- 7 more contacts that staff decide as child protection" in capsys.readouterr().out


def test_it_says_what_is_not_there(
    store: Store, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["silent", "catch-up"]) == 2
    assert "set RQ_SILENT_READER" in capsys.readouterr().err
    assert main(["silent", "report"]) == 2
    assert "no reader has read silently yet" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setenv("RQ_DATA_FOLDER", str(tmp_path / "store"))
    assert main(["silent", "catch-up", "--reader", str(tmp_path)]) == 2
    assert "manifest.json" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["silent", "report", "--since", "soon"])
