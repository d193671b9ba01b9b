"""What has been scored so far, kept beside the output so that an interrupted run goes on.

The first line says what the run was of (input, framework, versions); each further line is
one scored row. A line cut short by an interruption is dropped and its row scored again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.bulk.scoring import ScoredRow
from nlp.errors import TableError


class Journal:
    """The journal of one run, at ``<output>.partial``."""

    def __init__(self, output: Path, *, run: dict[str, Any]) -> None:
        self.path = output.with_name(output.name + ".partial")
        self._run = run

    def resume(self) -> set[int]:
        """Begin, or go on with, the run; give the numbers of rows already scored.

        Raises:
            TableError: If a journal of another run (input or versions changed) is in the way.
        """
        if not self.path.exists():
            self.path.write_text(json.dumps(self._run) + "\n", encoding="utf-8")
            return set()
        self._drop_cut_line()
        with self.path.open(encoding="utf-8") as file:
            if json.loads(file.readline() or "null") != self._run:
                raise TableError(
                    f"{self.path.name} is of another run (the input, framework or a version has "
                    "changed since); finish that run, or delete the file to start again"
                )
            return {json.loads(line)["number"] for line in file}

    def append(self, rows: Iterable[ScoredRow]) -> None:
        """Keep scored rows; they are on disk when this returns."""
        lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(lines)

    def rows(self) -> Iterator[ScoredRow]:
        """Give every scored row, in the order of the input."""
        with self.path.open(encoding="utf-8") as file:
            next(file)
            for line in file:
                yield ScoredRow(**json.loads(line))

    def close(self) -> None:
        """Remove the journal: the output is whole."""
        self.path.unlink()

    def _drop_cut_line(self) -> None:
        content = self.path.read_bytes()
        if not content.endswith(b"\n"):
            self.path.write_bytes(content[: content.rfind(b"\n") + 1])


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes.

    Raises:
        TableError: If the file is not there.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise TableError(f"{path.name} cannot be read; check the name and folder") from None
