"""Which reader is in service: numbered versions, and a history whose last entry says.

A folder of readers holds ``versions/1``, ``versions/2``, ... and ``history.json``. Version 0 is the
shipped reader.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from models import predict
from models.gate_record import require_open
from models.release_history import (
    SHIPPED,
    VERSIONS,
    Act,
    Entry,
    History,
    read_history,
    write_history,
)
from models.whole import TFIDF, check_whole
from nlp.errors import ArtefactError
from nlp.reading import Reader
from nlp.rules import load_rulebook


def folder_of(readers: Path, version: int) -> Path:
    """Give the folder of one version."""
    return predict.RELEASED if version == SHIPPED else readers / VERSIONS / str(version)


def served_folder(folder: Path | None) -> Path:
    """Give the folder of one reader: that in service of a folder of readers, or *folder* itself.

    Without any, the shipped one.
    """
    if folder is None:
        return predict.RELEASED
    if (folder / TFIDF).exists():
        return folder
    return folder_of(folder, read_history(folder).in_service)


def load_in_service(readers: Path) -> Reader:
    """Give the reader in service.

    Raises:
        ArtefactError: If it is not whole, or not the one that was released.
    """
    history = read_history(readers)
    if history.in_service == SHIPPED:
        return predict.load_reader(released=predict.RELEASED)
    folder = _check_version(readers, history, history.in_service)
    reader, expected = predict.load_reader(released=folder), history.entries[-1].reader
    if reader.name != expected:  # a part that this version of the product cannot load
        raise ArtefactError(f"version {folder.name} loads as {reader.name}, was {expected}")
    return reader


def release(candidate: Path, readers: Path, *, why: str) -> Entry:
    """Put *candidate* in service, once its gate is open for exactly its files.

    Raises:
        ArtefactError: If it is damaged, or its gate is not open; see `gate_record.require_open`.
    """
    readers.mkdir(parents=True, exist_ok=True)
    with _alone(readers):
        history = read_history(readers)
        parts = check_whole(candidate)
        in_service = check_whole(folder_of(readers, history.in_service))
        record = require_open(
            candidate, parts=parts, in_service=in_service, rulebook=load_rulebook().version
        )
        write_history(readers, history)  # from now on its loss is noticed
        number = 1 + max((entry.version for entry in history.entries), default=SHIPPED)
        _copy(candidate, folder_of(readers, number), parts)
        entry = _entry(history, Act.RELEASED, number, record.candidate.name, parts, why)
        write_history(readers, history.then(entry))
    return entry


def roll_back(readers: Path, *, to: int | None = None, why: str) -> Entry:
    """Put back the version that the present one replaced, or version *to*.

    Raises:
        ArtefactError: If there is none, or it is not the one that was released.
    """
    with _alone(readers):
        history = read_history(readers)
        now = history.in_service
        if to == now or (to is None and now == SHIPPED):
            raise ArtefactError(f"version {now} is in service already; there is nothing to undo")
        version = history.released(now).before if to is None else to
        folder = _check_version(readers, history, version)
        name = predict.load_reader(released=folder).name
        entry = _entry(history, Act.ROLLED_BACK, version, name, check_whole(folder), why)
        write_history(readers, history.then(entry))
    return entry


def _check_version(readers: Path, history: History, version: int) -> Path:
    folder = folder_of(readers, version)
    if version != SHIPPED:
        released = history.released(version)
        if check_whole(folder) != released.parts:
            raise ArtefactError(f"version {version} is not the one that was released; take another")
    return folder


def _entry(
    history: History, act: Act, version: int, reader: str, parts: dict[str, str], why: str
) -> Entry:
    return Entry(
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        who=_user(),
        act=act,
        version=version,
        before=history.in_service,
        reader=reader,
        parts=parts,
        why=why,
    )


def _user() -> str:
    """Asked of the system: the environment may say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


def _copy(candidate: Path, folder: Path, parts: dict[str, str]) -> None:
    """Copied aside and renamed: a version is there whole, or not at all."""
    aside = folder.with_name(f".{folder.name}.partial")
    for left in (aside, folder):  # of a release that was cut off before the history told of it
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(candidate, aside)
    if check_whole(aside) != parts:
        raise ArtefactError(f"{candidate.name} changed while it was copied; release it again")
    aside.rename(folder)


@contextmanager
def _alone(readers: Path) -> Iterator[None]:
    """One change at a time."""
    try:
        lock = os.open(readers, os.O_RDONLY)
    except OSError as error:
        raise ArtefactError(
            f"{readers.name}: cannot be opened ({error.strerror}); give the folder of readers"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
