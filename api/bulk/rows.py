"""Read a file of contacts row by row: CSV, JSON Lines, XLSX or Parquet.

A bad row becomes a row with a problem, by its number; only a file that cannot be read at
all, or lacks a column we need, is an error. Rows are counted from 1 after the heading row,
in JSON Lines by line.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import pyarrow
import pyarrow.parquet

from nlp.errors import TableError

REQUIRED = ("text", "form")
COLUMNS = ("id", "text", "form", "agency", "form_type", "framework", "earlier_contacts")


@dataclass(frozen=True)
class ContactRow:
    """One row as read: its cells as text, or what is wrong with it."""

    number: int
    id: str
    cells: Mapping[str, str]
    problem: str | None = None


def read_rows(path: Path) -> Iterator[ContactRow]:
    """Give the rows of the file at *path* in order, without holding them all.

    Raises:
        TableError: If the file cannot be read as its ending says, or lacks a needed column.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise TableError(
            f"found a file ending in '{path.suffix}', expected one of {', '.join(_READERS)}; "
            "save the contacts in one of these formats"
        )
    try:
        yield from reader(path)
    except FileNotFoundError:
        raise TableError(f"{path.name} is not there; check the name and folder") from None
    except UnicodeDecodeError:
        raise TableError(
            f"{path.name} is not UTF-8; in Excel, save it as 'CSV UTF-8 (comma delimited)'"
        ) from None
    except (BadZipFile, KeyError, OSError, pyarrow.ArrowInvalid, csv.Error) as error:
        raise TableError(
            f"{path.name} cannot be read as {path.suffix} ({type(error).__name__}); "
            "open it in the program that made it and save it again"
        ) from None


def _from_table(
    heading: Sequence[object], table: Iterator[Sequence[object]]
) -> Iterator[ContactRow]:
    names = [str(name or "").strip().lower() for name in heading]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise TableError(
            f"the columns {', '.join(missing)} were not found; expected a heading row with "
            f"{', '.join(COLUMNS)} (only {' and '.join(REQUIRED)} must be there)"
        )
    for number, values in enumerate(table, start=1):
        cells = {n: _cell(v) for n, v in zip(names, values, strict=False) if n in COLUMNS}
        if len(values) > len(names):
            yield _bad(number, "has more cells than the heading row; quote cells that hold commas")
        elif any(cells.values()):
            yield ContactRow(number, cells.get("id") or str(number), cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    # A count kept as a decimal by a spreadsheet ('2.0') is still a count.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _bad(number: int, problem: str) -> ContactRow:
    return ContactRow(number, str(number), {}, problem)


def _read_csv(path: Path) -> Iterator[ContactRow]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        yield from _from_table(next(lines, []), lines)


def _read_jsonl(path: Path) -> Iterator[ContactRow]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _from_json(number, line)


def _from_json(number: int, line: str) -> ContactRow:
    try:
        content = json.loads(line)
        if not isinstance(content, dict):
            return _bad(number, "is JSON but not an object; each line must be one object")
        cells = {name: _cell(content[name]) for name in COLUMNS if name in content}
    except (ValueError, RecursionError):  # the second: nested past reason
        return _bad(number, "is not JSON; each line must be one object")
    return ContactRow(number, cells.get("id") or str(number), cells)


def _read_xlsx(path: Path) -> Iterator[ContactRow]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        yield from _from_table(next(rows, ()), rows)
    finally:
        book.close()


def _read_parquet(path: Path) -> Iterator[ContactRow]:
    with pyarrow.parquet.ParquetFile(path) as file:
        table = (
            tuple(row.values())
            for batch in file.iter_batches(batch_size=256)
            for row in batch.to_pylist()
        )
        yield from _from_table(file.schema_arrow.names, table)


_READERS: dict[str, Callable[[Path], Iterator[ContactRow]]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
}
