"""Read an exported table from memory; the file is not kept."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

import openpyxl

from api.store.encryption import Keys, KeysError
from nlp.errors import TableError

MOST_ROWS, MOST_COLUMNS = 20_000, 500
MOST_UNPACKED = 100 * 1024 * 1024
# Sealed, a table travels in the pages' forms: this must stay below the limit of a request's body.
LONGEST_SEALED = 6_000_000
ZIP = b"PK\x03\x04"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ExportTable:
    """Headings, and rows of cells as text; rows are counted from 1 after the headings.

    A row ends with its last cell that holds something.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(content: bytes) -> ExportTable:
    """Read a CSV or XLSX file by what it holds, not by its name.

    Raises:
        TableError: If it is neither, has no rows, or holds more than is read at once.
    """
    lines = _narrow(_read_xlsx(content) if content.startswith(ZIP) else _read_csv(content))
    headings = tuple(cell.strip() for cell in next(lines, ()))
    if not any(headings):
        raise TableError("the file has no heading row; its first row must name the columns")
    if len(set(filter(None, headings))) < len(list(filter(None, headings))):
        raise TableError("two columns have the same heading; give each its own")
    rows = tuple(_fit(row, len(headings)) for row in islice(lines, MOST_ROWS + 1))
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    if not rows:
        raise TableError("the file has a heading row and nothing under it")
    if len(rows) > MOST_ROWS:
        raise TableError(f"the file has more than {MOST_ROWS:,} rows; split it")
    return ExportTable(headings, rows)


def seal(table: ExportTable, keys: Keys) -> str:
    """Give the table packed and encrypted, to travel in a form: nothing of it is kept here.

    Raises:
        TableError: If it is too large for that.
    """
    packed = zlib.compress(json.dumps([table.headings, table.rows]).encode())
    sealed = keys.encrypt(base64.b64encode(packed).decode(), place="import")
    carried = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    if len(carried) > LONGEST_SEALED:
        raise TableError(
            "the file is too large for this page; split it, or use `python -m api import` on the "
            "server"
        )
    return carried


def unseal(carried: str, keys: Keys) -> ExportTable:
    """Give what was sealed.

    Raises:
        TableError: If it is not what `seal` gave.
    """
    try:
        sealed = base64.urlsafe_b64decode(carried + "=" * (-len(carried) % 4))
        packed = base64.b64decode(keys.decrypt(sealed, place="import"))
    except (KeysError, ValueError, binascii.Error, IndexError):
        raise TableError("the file was not carried over whole; choose it again") from None
    headings, rows = json.loads(zlib.decompress(packed))
    return ExportTable(tuple(headings), tuple(map(tuple, rows)))


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Give a CSV that spreadsheets open, with no cell that one would run as a formula."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    for row in (headings, *rows):
        table.writerow([_neutral(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _neutral(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _narrow(lines: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    for number, cells in enumerate(lines):
        if any(cells[MOST_COLUMNS:]):
            place = f"row {number}" if number else "the heading row"
            raise TableError(
                f"{place} has more than {MOST_COLUMNS} cells; leave out columns that are not "
                "needed, and quote cells that hold commas"
            )
        yield cells[:MOST_COLUMNS]


def _fit(row: Sequence[str], width: int) -> tuple[str, ...]:
    """Cells past the headings, as of text with a comma that was not quoted, stay seen."""
    cells = [*row[: width - 1], ",".join(row[width - 1 :])]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _read_csv(content: bytes) -> Iterator[Sequence[str]]:
    csv.field_size_limit(sys.maxsize)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(
            "the file is neither XLSX nor CSV in UTF-8; in Excel, save it as 'CSV UTF-8 (comma "
            "delimited)'"
        ) from None
    if "\0" in text:
        raise TableError("the file is neither XLSX nor CSV; export it again in one of these")
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        raise TableError("the file cannot be read as CSV; open it in Excel and save it") from None


def _read_xlsx(content: bytes) -> Iterator[Sequence[str]]:
    try:
        _refuse_unpacked(content)
        yield from _xlsx_rows(content)
    except TableError:
        raise
    except Exception:  # openpyxl raises many kinds on damaged files
        raise TableError("the file cannot be read as XLSX; open it in Excel and save it") from None


def _refuse_unpacked(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise TableError("the file unpacks to more than 100 MB; split it")


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(
            values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1
        )
        yield from ([_cell(value) for value in row] for row in rows)
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        # A spreadsheet keeps a day as its midnight.
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # A number kept as a decimal by a spreadsheet ('2.0') is still a whole one.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
