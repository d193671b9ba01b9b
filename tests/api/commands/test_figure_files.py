from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from api.__main__ import main
from api.store.codes import Action
from api.store.opening import open_store
from api.store.tables import AuditRow
from tests.leader_builders import KINDS, fill_area


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a store with two years of figures, which the settings name."""
    folder = tmp_path / "data"
    monkeypatch.setenv("RQ_DATA_FOLDER", str(folder))
    store = open_store("", folder=folder)
    store.migrate()
    fill_area(store)
    store.close()
    return folder


def test_figures_and_reports_are_written_and_audited(
    area: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "figures.json", tmp_path / "reports"
    assert main(["figures", "export", str(file)]) == 0
    assert main(["figures", "reports", "--output", str(folder), "--period", "2024/25"]) == 0
    told = capsys.readouterr()
    assert f"{len(json.loads(file.read_text()))} figures were written" in told.out
    assert "Reports: 100%" in told.err
    assert {each.name for each in folder.iterdir()} == {f"report-{each}.pdf" for each in KINDS}
    store = open_store("", folder=area)
    with store.reading() as session:
        taken = session.scalars(select(AuditRow.target).where(AuditRow.action == Action.EXPORTED))
        assert list(taken) == ["figures", "reports"]
    store.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "figures.doc"], "change the ending"),
        (["reports", "--output", "x", "--period", "2031"], "choose from 2024/25, 2025-Q4"),
    ],
)
def test_what_cannot_be_is_refused(
    area: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["figures", *arguments]) == 2
    assert said in capsys.readouterr().err
