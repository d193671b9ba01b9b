"""The history of a folder of readers: every release and roll-back, the last of which counts.

It is one file, written aside and renamed, so that there is never half a change.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import ArtefactError

HISTORY, VERSIONS = "history.json", "versions"
SHIPPED = 0


class Act(StrEnum):
    """What was done."""

    RELEASED = "released"
    ROLLED_BACK = "rolled_back"


class Entry(BaseModel):
    """One change of the reader in service, from version ``before`` to ``version``.

    ``parts`` are what `check_whole` found of the version then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str
    who: str
    act: Act
    version: int
    before: int
    reader: str
    parts: dict[str, str]
    why: str


class History(BaseModel):
    """Every change, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: tuple[Entry, ...] = ()

    def then(self, entry: Entry) -> History:
        """Give the history that ends with *entry*."""
        return History(entries=(*self.entries, entry))

    @property
    def in_service(self) -> int:
        """The version that answers."""
        return self.entries[-1].version if self.entries else SHIPPED

    def released(self, version: int) -> Entry:
        """Give the entry by which *version* was released.

        Raises:
            ArtefactError: If it never was.
        """
        for entry in self.entries:
            if entry.act is Act.RELEASED and entry.version == version:
                return entry
        known = [str(e.version) for e in self.entries if e.act is Act.RELEASED]
        raise ArtefactError(
            f"version {version} was never released; choose from {', '.join(['0', *known])}"
        )


def read_history(readers: Path) -> History:
    """Give the history of a folder of readers; empty where nothing was released yet.

    Raises:
        ArtefactError: If it cannot be read, or is gone while versions are there.
    """
    try:
        return History.model_validate_json((readers / HISTORY).read_bytes())
    except FileNotFoundError:
        if readers.is_dir() and not (readers / VERSIONS).exists():
            return History()
        told = "is gone" if readers.is_dir() else "cannot be found: there is no such folder"
    except (OSError, ValidationError) as error:
        told = f"cannot be read ({type(error).__name__})"
    raise ArtefactError(f"{readers.name}: {HISTORY} {told}; restore the folder of readers")


def write_history(readers: Path, history: History) -> None:
    """Put *history* in the place of the one before, whole or not at all."""
    aside = readers / f".{HISTORY}.partial"
    with aside.open("w", encoding="utf-8") as file:
        file.write(history.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(readers / HISTORY)


def write_table(history: History) -> str:
    """Give the history in plain text, a change a line, and what is in service."""
    lines = [
        f"{entry.when}  {entry.act.replace('_', ' '):12}version {entry.version} "
        f"(before: {entry.before})  by {entry.who}: {entry.why}\n    {entry.reader}"
        for entry in history.entries
    ]
    now = history.in_service
    shipped = " (the shipped reader)" if now == SHIPPED else ""
    return "\n".join([*lines, f"in service: version {now}{shipped}"])
