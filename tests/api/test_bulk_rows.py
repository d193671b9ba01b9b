import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bulk.rows import ContactRow, read_rows
from nlp.errors import TableError

CONTACTS = [
    {"id": "c1", "text": 'She said "stop", then\nleft.', "form": "referral", "agency": "school"},
    {"id": "c2", "text": "PC 12 attended.", "form": "ppn", "agency": ""},
]


def write_csv(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, list(CONTACTS[0]))
        table.writeheader()
        table.writerows(CONTACTS)


def write_jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps(contact) + "\n" for contact in CONTACTS), encoding="utf-8")


def write_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(CONTACTS[0]))
    for contact in CONTACTS:
        sheet.append(list(contact.values()))
    book.save(path)


def write_parquet(path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(CONTACTS), path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("in.csv", write_csv),
        ("in.jsonl", write_jsonl),
        ("in.xlsx", write_xlsx),
        ("in.parquet", write_parquet),
    ],
)
def test_every_format_gives_the_same_rows(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)
    rows = list(read_rows(tmp_path / name))
    assert [row.number for row in rows] == [1, 2]
    assert [row.id for row in rows] == ["c1", "c2"]
    assert [row.cells["text"] for row in rows] == [contact["text"] for contact in CONTACTS]
    assert [row.cells["agency"] for row in rows] == ["school", ""]


def test_a_file_without_a_needed_column_says_which(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("id,narrative\n1,words\n", encoding="utf-8")
    with pytest.raises(TableError, match="text, form"):
        list(read_rows(path))


@pytest.mark.parametrize("name", ["in.xlsx", "in.parquet"])
def test_a_damaged_file_is_a_clear_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"not a workbook")
    with pytest.raises(TableError, match="cannot be read as"):
        list(read_rows(path))


def test_a_csv_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("id,text,form\n1,caf\xe9,referral\n".encode("latin-1"))
    with pytest.raises(TableError, match="UTF-8"):
        list(read_rows(path))


def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"\.csv, \.jsonl, \.xlsx, \.parquet"):
        list(read_rows(tmp_path / "in.doc"))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="not there"):
        list(read_rows(tmp_path / "in.csv"))


def test_a_bad_line_is_a_problem_by_its_number_and_the_rest_are_read(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "a", "form": "ppn"}\n{broken\n[1]\n{"text": "b", "form": "ppn"}\n')
    rows = list(read_rows(path))
    assert [(row.number, row.problem is not None) for row in rows] == [
        (1, False),
        (2, True),
        (3, True),
        (4, False),
    ]


def test_too_many_cells_is_a_problem_of_that_row(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text,form\nshe said, twice,referral\nfine,ppn\n", encoding="utf-8")
    first, second = read_rows(path)
    assert "more cells" in str(first.problem)
    assert second.problem is None


@given(st.binary(max_size=300), st.sampled_from([".csv", ".jsonl", ".xlsx", ".parquet"]))
def test_any_bytes_are_rows_or_a_table_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"in{ending}"
    path.write_bytes(content)
    try:
        rows = list(read_rows(path))
    except TableError:
        return
    assert all(isinstance(row, ContactRow) for row in rows)


@pytest.mark.parametrize("line", ["[" * 100_000, '{"text": ' + "9" * 5_000 + "}"])
def test_a_line_that_breaks_the_json_reader_is_a_bad_row(tmp_path: Path, line: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(f'{line}\n{{"text": "Ava", "form": "ppn"}}\n', encoding="utf-8")
    bad, good = read_rows(file)
    assert (bad.number, bad.problem) == (1, "is not JSON; each line must be one object")
    assert good.cells["text"] == "Ava"
