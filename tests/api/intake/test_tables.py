"""Exported files are read within bounds, and what is written runs nowhere."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import openpyxl
import pytest

from api.intake.importing.tables import read_table, seal, unseal, write_csv
from api.store.opening import Store
from nlp.errors import TableError


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no heading row"),
        (b"\n\n", "no heading row"),
        (b"text,form\n", "nothing under it"),
        (b"text,text\na,b\n", "same heading"),
        (b"text\n\xff\xfe\n", "UTF-8"),
        (b"PK\x03\x04 not a book", "cannot be read as XLSX"),
        (b"te\0xt\nx\n", "neither XLSX nor CSV"),
        (b",".join(b"h%d" % at for at in range(501)) + b"\nx\n", "heading row has more than 500"),
        (b"text,form\nx,referral\n" + b"a," * 501, "row 2 has more than 500 cells"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_table(content)


def test_a_sheet_with_one_cell_far_out_does_not_fill_the_memory() -> None:
    book, saved = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["text", None, "form"])
    for _ in range(200):
        sheet.append(["Ava was hit."])
    sheet["XFD1"] = " "
    sheet.cell(2, 2, "a note")
    book.save(saved)
    tracemalloc.start()
    table = read_table(saved.getvalue())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.headings[:3] == ("text", "", "form")
    assert table.rows[0] == ("Ava was hit.", "a note")
    assert {*table.rows[1:]} == {("Ava was hit.",)}
    assert most < 5_000_000  # bytes


def test_a_cell_in_column_501_is_said(tmp_path: Path) -> None:
    book, saved = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["text"])
    sheet.cell(2, 501, "x")
    book.save(saved)
    with pytest.raises(TableError, match="row 1 has more than 500 cells"):
        read_table(saved.getvalue())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert write_csv([cell], [[cell]]).decode("utf-8-sig").count("'") == 2


def test_a_sealed_table_comes_back_whole_and_cannot_be_read_or_changed(
    sqlite_store: Store,
) -> None:
    table = read_table(b"text,form\nAva was hit.,referral\n")
    sealed = seal(table, sqlite_store.keys)
    assert unseal(sealed, sqlite_store.keys) == table
    for changed in ("", "nonsense", sealed[:-8], sealed[:40] + "AAAA" + sealed[44:]):
        with pytest.raises(TableError, match="choose it again"):
            unseal(changed, sqlite_store.keys)
