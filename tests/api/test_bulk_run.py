import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest

from api.bulk import scoring
from api.bulk.journal import Journal
from api.bulk.outputs import write_problems, write_scored
from api.bulk.rows import ContactRow
from api.bulk.run import score_file
from api.bulk.scoring import ScoredRow, score_rows
from nlp.errors import TableError

TEXTS = {
    "a": "Leah Marsh, 7, Year 3. Mum Gemma told me at 15:20 she is struggling with bedtimes.",
    "b": "PC 114 Dole. Attended 2103 hrs. No children in the house.",
}


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows: list[dict[str, Any]] = [
        {"id": "a", "text": TEXTS["a"], "form": "referral", "agency": "school"},
        {"id": "=cmd|1", "text": TEXTS["b"], "form": "ppn", "agency": "police"},
        {"id": "empty", "text": " ", "form": "ppn"},
        {"id": "unknown", "text": "words", "form": "letter"},
        {"id": "agency", "text": "words", "form": "ppn", "agency": "scouts"},
        {"id": "count", "text": "words", "form": "ppn", "earlier_contacts": "some"},
        {"id": "framework", "text": "words here", "form": "ppn", "framework": "nowhere"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read_problems(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row["reason"] for row in csv.DictReader(file)}


def test_good_rows_are_scored_and_bad_ones_listed_by_number_and_reason(
    contacts: Path, tmp_path: Path
) -> None:
    result = score_file(contacts, tmp_path / "out.jsonl", workers=1, quiet=True)
    assert (result.scored, result.problems) == (2, 5)
    problems = read_problems(result.problems_file)
    assert list(problems) == ["empty", "unknown", "agency", "count", "framework"]
    assert "expected one of referral, ppn" in problems["unknown"]
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert first["id"] == "a"
    for element in first["completeness"]["elements"]:
        for evidence in element["evidence"]:
            assert evidence["quote"] == TEXTS["a"][evidence["start"] : evidence["end"]]
    assert second["notification"] is not None
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_a_row_that_breaks_the_assessor_is_listed_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Breaking:
        def assess(self, *, text: str, **_: object) -> None:
            raise KeyError(text)

    monkeypatch.setattr(scoring, "_assessor", Breaking)
    rows = [ContactRow(n, str(n), {"text": TEXTS["a"], "form": "ppn"}) for n in (1, 2)]
    assert [(row.number, row.problem) for row in score_rows(rows)] == [
        (1, "could not be assessed (KeyError); report it"),
        (2, "could not be assessed (KeyError); report it"),
    ]


@pytest.fixture
def scored() -> list[ScoredRow]:
    from nlp.assess import assess
    from nlp.domain import Contact, Form
    from nlp.guidance import load_forms, load_frameworks
    from tests.fakes import FakeReader

    record = assess(
        Contact("=SUM(1) she said. He hit her arm.", Form.PPN),
        reader=FakeReader(),
        framework=load_frameworks()["tees"],
        form=load_forms()["ppn"],
    ).model_dump(mode="json")
    return [ScoredRow(1, "=cmd|1", record), ScoredRow(2, "-x", problem="text is empty")]


def test_csv_cells_that_a_spreadsheet_would_run_are_neutral(
    scored: list[ScoredRow], tmp_path: Path
) -> None:
    write_scored(tmp_path / "out.csv", scored)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["id"] == "'=cmd|1"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert json.loads(row["record"]) == scored[0].record


def test_xlsx_holds_no_formula(scored: list[ScoredRow], tmp_path: Path) -> None:
    write_scored(tmp_path / "out.xlsx", scored)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert sheet["A2"].value == "'=cmd|1"


def test_parquet_keeps_types_and_the_whole_record(scored: list[ScoredRow], tmp_path: Path) -> None:
    write_scored(tmp_path / "out.parquet", scored)
    (row,) = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert row["id"] == "=cmd|1"
    assert isinstance(row["level_universal"], float)
    assert json.loads(row["record"]) == scored[0].record


def test_problem_file_is_neutral_too(scored: list[ScoredRow], tmp_path: Path) -> None:
    assert write_problems(tmp_path / "out.problems.csv", scored) == 1
    assert read_problems(tmp_path / "out.problems.csv") == {"'-x": "text is empty"}


def test_an_interrupted_run_goes_on_and_drops_a_line_cut_short(
    scored: list[ScoredRow], tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "out.csv", run={"input": "1"})
    assert journal.resume() == set()
    journal.append(scored)
    with journal.path.open("a") as file:
        file.write('{"number": 3, "id')
    again = Journal(tmp_path / "out.csv", run={"input": "1"})
    assert again.resume() == {1, 2}
    assert list(again.rows()) == scored


def test_a_run_resumed_gives_what_an_uninterrupted_one_gives(
    contacts: Path, tmp_path: Path
) -> None:
    whole, resumed = tmp_path / "whole.jsonl", tmp_path / "resumed.jsonl"
    score_file(contacts, whole, workers=1, quiet=True)
    from api.bulk.run import _describe

    journal = Journal(resumed, run=_describe(contacts, None))
    journal.resume()
    journal.append([ScoredRow(1, "kept", json.loads(whole.read_text().splitlines()[0]))])
    result = score_file(contacts, resumed, workers=1, quiet=True)
    assert result.scored == 2
    assert len(resumed.read_text().splitlines()) == 2


def test_a_journal_of_another_run_is_not_mixed_in(tmp_path: Path) -> None:
    Journal(tmp_path / "out.csv", run={"input": "1"}).resume()
    with pytest.raises(TableError, match="another run"):
        Journal(tmp_path / "out.csv", run={"input": "2"}).resume()


def test_an_output_we_cannot_write_is_said_before_any_work(contacts: Path, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"cannot write '\.doc'"):
        score_file(contacts, tmp_path / "out.doc", quiet=True)
    assert list(tmp_path.glob("*.partial")) == []


def test_a_dask_cluster_gives_the_same_records(contacts: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    score_file(contacts, here, workers=1, quiet=True)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        score_file(contacts, there, dask=cluster.scheduler_address, quiet=True)
    assert without_timing(here) == without_timing(there)


def without_timing(path: Path) -> list[Any]:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    for record in records:
        del record["provenance"]["milliseconds"]
    return records
