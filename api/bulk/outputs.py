"""Write scored rows: JSON Lines nests the record, tables flatten it.

A cell that a spreadsheet would run as a formula is written with an apostrophe before it
(OWASP ASVS 5.0, 1.2.10).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from api.bulk.scoring import ScoredRow
from nlp.domain import LEVELS, Assertion, Element
from nlp.errors import TableError

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_JOIN = " | "
# Excel's own limit on the characters of a cell.
_CELL_LIMIT = 32_767
_PARQUET_BATCH = 1_000
_NUMBERS = {"ppn_probability_inappropriate", "milliseconds"}


def write_scored(path: Path, rows: Iterable[ScoredRow]) -> None:
    """Write the rows that have a record to *path*, by its ending; all or nothing.

    Raises:
        TableError: If the ending is not one we write.
    """
    writer = writer_for(path)
    unfinished = path.with_name(path.name + ".writing")
    writer(unfinished, (row for row in rows if row.record is not None))
    unfinished.replace(path)


def writer_for(path: Path) -> Callable[[Path, Iterable[ScoredRow]], None]:
    """Give the writer for *path*'s ending.

    Raises:
        TableError: If there is none.
    """
    if path.suffix.lower() not in _WRITERS:
        raise TableError(
            f"cannot write '{path.suffix}', expected one of {', '.join(_WRITERS)}; "
            "change the ending of the output"
        )
    return _WRITERS[path.suffix.lower()]


def write_problems(path: Path, rows: Iterable[ScoredRow]) -> int:
    """Write number, id and reason of every row without a record; give how many there are."""
    bad = [row for row in rows if row.record is None]
    path.unlink(missing_ok=True)
    if bad:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(["row", "id", "reason"])
            table.writerows([row.number, _neutral(row.id), row.problem] for row in bad)
    return len(bad)


def flatten(row: ScoredRow) -> dict[str, Any]:
    """Give a record as one flat row of cells; lists are joined with a bar.

    ``record`` holds the whole record as JSON, so that a table loses nothing.
    """
    record = row.record or {}
    return {
        "id": row.id,
        **_completeness(record["completeness"]),
        **_level(record["level"]),
        "urgency": record["urgency"]["rating"],
        "urgency_because": _JOIN.join(record["urgency"]["because"]),
        "need_domains": _JOIN.join(d["domain"] for d in record["need_domains"]),
        "safety_flags": _JOIN.join(_present_flags(record["safety_flags"])),
        **_notification(record["notification"]),
        "feedback_summary": record["feedback"]["summary"],
        "improve": _JOIN.join(item["add"] for item in record["feedback"]["improve"]),
        **record["provenance"],
        "record": json.dumps(record, ensure_ascii=False),
    }


def _completeness(found: dict[str, Any]) -> dict[str, Any]:
    elements = {item["element"]: item for item in found["elements"]}
    cells = {"score": found["score"], "rating": found["rating"], "capped": found["capped"]}
    for element in Element:
        cells[f"{element}_status"] = elements[element]["status"]
        quotes = (evidence["quote"] for evidence in elements[element]["evidence"])
        cells[f"{element}_evidence"] = _JOIN.join(quotes)
    return cells


def _level(found: dict[str, Any]) -> dict[str, Any]:
    probabilities = {f"level_{level}": found["probabilities"][level] for level in LEVELS}
    return {
        "level": found["likely"],
        **probabilities,
        "level_plausible": _JOIN.join(found["plausible"]),
        "level_certainty": found["certainty"],
        "level_local": f"{found['local']['number']} {found['local']['name']}",
    }


def _notification(found: dict[str, Any] | None) -> dict[str, Any]:
    found = found or {}
    return {
        "ppn_appropriate": found.get("appropriate"),
        "ppn_probability_inappropriate": found.get("probability_inappropriate"),
        "ppn_reasons": _JOIN.join(reason["reason"] for reason in found.get("reasons", ())),
        "ppn_never_inappropriate_because": found.get("never_inappropriate_because"),
    }


def _present_flags(flags: list[dict[str, Any]]) -> list[str]:
    present = (flag["flag"] for flag in flags if flag["assertion"] == Assertion.PRESENT)
    return list(dict.fromkeys(present))


def _neutral(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _neutral_rows(rows: Iterable[ScoredRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: _neutral(cell) for name, cell in flatten(row).items()}


def _write_jsonl(path: Path, rows: Iterable[ScoredRow]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({"id": row.id, **(row.record or {})}, ensure_ascii=False) + "\n")


def _write_csv(path: Path, rows: Iterable[ScoredRow]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table: csv.DictWriter[str] | None = None
        for cells in _neutral_rows(rows):
            if table is None:
                table = csv.DictWriter(file, list(cells))
                table.writeheader()
            table.writerow(cells)


def _write_xlsx(path: Path, rows: Iterable[ScoredRow]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("contacts")
    for position, cells in enumerate(_neutral_rows(rows)):
        # A whole record often outgrows an Excel cell; the other formats carry it.
        del cells["record"]
        if position == 0:
            sheet.append(list(cells))
        sheet.append([_fit_for_excel(cell) for cell in cells.values()])
    book.save(path)


def _fit_for_excel(cell: Any) -> Any:
    return ILLEGAL_CHARACTERS_RE.sub(" ", cell)[:_CELL_LIMIT] if isinstance(cell, str) else cell


def _write_parquet(path: Path, rows: Iterable[ScoredRow]) -> None:
    flat = (flatten(row) for row in rows)
    writer: pyarrow.parquet.ParquetWriter | None = None
    while batch := list(islice(flat, _PARQUET_BATCH)):
        schema = pyarrow.schema([(name, _parquet_type(name)) for name in batch[0]])
        writer = writer or pyarrow.parquet.ParquetWriter(path, schema)
        writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))
    if writer:
        writer.close()
    else:
        pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array([], "string")}), path)


def _parquet_type(name: str) -> pyarrow.DataType:
    """The column's type, said rather than guessed: a batch may hold only nulls."""
    if name in {"capped", "ppn_appropriate"}:
        return pyarrow.bool_()
    if name == "score":
        return pyarrow.int64()
    is_number = name in _NUMBERS or name in {f"level_{level}" for level in LEVELS}
    return pyarrow.float64() if is_number else pyarrow.string()


_WRITERS: dict[str, Callable[[Path, Iterable[ScoredRow]], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
