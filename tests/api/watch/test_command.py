"""``watch alerts`` and ``watch report``."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from api.__main__ import main
from api.clocks import month_of
from api.store.columns import now
from api.store.opening import Store
from api.watch import measuring
from api.watch.simulation import load_simulation
from tests.watch_builders import Drift, fill_watched

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def store(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the settings name."""
    monkeypatch.setenv("RQ_DATA_FOLDER", str(tmp_path / "store"))
    return sqlite_store


def test_an_open_alert_is_printed_and_gives_1(store: Store, capsys: Captured) -> None:
    at = now()
    drift = Drift(at - timedelta(weeks=16), longer=2.0)
    fill_watched(store, until=at, weeks=40, drift=drift)
    assert main(["watch", "alerts"]) == 1
    said = capsys.readouterr().out
    assert "academy, referrals. Length of the text: up since about" in said
    assert "- Ask the agency" in said


def test_an_empty_store_has_no_alert_and_gives_0(store: Store, capsys: Captured) -> None:
    assert main(["watch", "alerts"]) == 0
    assert "Open alerts: 0." in capsys.readouterr().out


def test_the_report_is_written_as_page_and_data(
    store: Store, tmp_path: Path, capsys: Captured
) -> None:
    fill_watched(store, until=now(), weeks=20)
    month = month_of(now())
    assert main(["watch", "report", "--month", month, "--output", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / f"watch-{month}.html").read_text(encoding="utf-8")
    data = json.loads((tmp_path / "out" / f"watch-{month}.json").read_text(encoding="utf-8"))
    assert "Monitoring report" in page
    assert data["month"] == month
    assert data["series_watched"] > 0


def test_the_simulation_prints_a_row_for_each_year_and_each_drift(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    made = load_simulation()
    one = made.model_copy(update={"drifts": made.drifts[:1], "tried": {"police": "the police"}})
    monkeypatch.setattr(measuring, "load_simulation", lambda: one)
    assert main(["watch", "simulate", "--quiet", "1", "--drifts", "1"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    years = [row for row in rows if " year, neighbouring weeks" in row]
    assert len(years) == 4
    planted = [row.split(" | ") for row in rows if "the police" in row]
    assert [row[2] for row in planted] == ["26", "52"]
    assert planted[1][3] == "1 of 1"


def test_a_month_that_is_none_is_refused(store: Store, capsys: Captured) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["watch", "report", "--month", "2026-13"])
    assert "a month is written like 2026-10" in capsys.readouterr().err
