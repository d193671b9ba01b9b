"""Write rows to a file: CSV, a workbook, Parquet or JSON.

A cell of a CSV file that a spreadsheet would run as a formula has an apostrophe before it (OWASP
ASVS 5.0, 1.2.10); in a workbook such a cell is marked as text, and nothing is put before it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pyarrow
import pyarrow.parquet
from openpyxl.cell import WriteOnlyCell

from nlp.errors import TableError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 100_000  # of a workbook: more take minutes to write, and longer to open
BATCH = 10_000

Row = Mapping[str, Any]


class Format(StrEnum):
    """What a file can be; the value is its ending."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.JSON: "application/json",
}


@dataclass(frozen=True)
class Column:
    """A column; what it holds is said and never guessed from the first rows."""

    name: str
    kind: Literal["text", "number"] = "text"


def format_of(path: Path) -> Format:
    """Give the format that *path*'s ending says.

    Raises:
        TableError: If it is not one that we write.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in set(Format):
        expected = ", ".join(f".{each}" for each in Format)
        raise TableError(
            f"cannot write '{path.suffix}', expected one of {expected}; change the ending"
        )
    return Format(ending)


def write_table(
    path: Path,
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    kind: Format,
    dictionary: Iterable[Row] = (),
) -> int:
    """Write *rows* to *path*, whole or not at all; give how many there were.

    A workbook gets *dictionary* as a second sheet. A file that is there keeps who may read it.

    Raises:
        TableError: If there are more rows than a workbook takes.
    """
    unfinished = path.with_name(path.name + ".writing")
    counted = _Counting(rows)
    unfinished.touch(mode=path.stat().st_mode & 0o777 if path.exists() else 0o666)
    try:
        if kind is Format.XLSX:
            _write_xlsx(unfinished, counted, columns, dictionary)
        else:
            _WRITERS[kind](unfinished, counted, columns)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return counted.count


class _Counting:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _write_csv(path: Path, rows: Iterable[Row], columns: Sequence[Column]) -> None:
    names = [each.name for each in columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(names)
        table.writerows([_neutral(row[name]) for name in names] for row in rows)


def _write_json(path: Path, rows: Iterable[Row], columns: Sequence[Column]) -> None:
    names = [each.name for each in columns]
    with path.open("w", encoding="utf-8") as file:
        before = "[\n"
        for row in rows:
            told = {name: row[name] for name in names}
            file.write(before + json.dumps(told, ensure_ascii=False))
            before = ",\n"
        file.write("[]\n" if before == "[\n" else "\n]\n")


def _write_parquet(path: Path, rows: Iterable[Row], columns: Sequence[Column]) -> None:
    kinds = {"text": pyarrow.string(), "number": pyarrow.float64()}
    schema = pyarrow.schema([(each.name, kinds[each.kind]) for each in columns])
    waiting = iter(rows)
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(waiting, BATCH)):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))


def _write_xlsx(
    path: Path, rows: Iterable[Row], columns: Sequence[Column], dictionary: Iterable[Row]
) -> None:
    # Before the book is begun: one that is given up leaves what it wrote on the disk.
    held = list(islice(rows, MOST_ROWS + 1))
    if len(held) > MOST_ROWS:
        raise TableError(
            f"there are more than {MOST_ROWS:,} rows, which is too many for a workbook; "
            "choose one period or agency, or CSV or Parquet"
        )
    book = openpyxl.Workbook(write_only=True)
    _fill_sheet(book.create_sheet("data"), held, [each.name for each in columns])
    told = list(dictionary)
    if told:
        _fill_sheet(book.create_sheet("dictionary"), told, list(told[0]))
    book.save(path)


def _fill_sheet(sheet: Any, rows: Iterable[Row], names: Sequence[str]) -> None:
    sheet.append(list(names))
    for row in rows:
        sheet.append([_as_text(sheet, row[name]) for name in names])


def _as_text(sheet: Any, cell: Any) -> Any:
    """A cell that is no formula, whatever it begins with."""
    if not _is_formula(cell):
        return cell
    made = WriteOnlyCell(sheet, cell)
    made.data_type = "s"
    return made


def _neutral(cell: Any) -> Any:
    return f"'{cell}" if _is_formula(cell) else cell


def _is_formula(cell: Any) -> bool:
    return isinstance(cell, str) and cell.startswith(FORMULA_STARTS)


_WRITERS: Mapping[Format, Callable[[Path, Iterable[Row], Sequence[Column]], None]] = {
    Format.CSV: _write_csv,
    Format.PARQUET: _write_parquet,
    Format.JSON: _write_json,
}
