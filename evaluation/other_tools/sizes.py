"""What a contestant takes on a disk: its own files, and the packages that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

MEGABYTE = 1e6


def folder_megabytes(*folders: Path) -> float:
    """Give what the files of *folders* take."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / MEGABYTE


def installed_megabytes(packages: Iterable[str]) -> float:
    """Give what *packages* and all that they require take here, each counted once."""
    return sum(_bytes(name) for name in _closure(packages)) / MEGABYTE


def _closure(packages: Iterable[str]) -> set[NormalizedName]:
    found: set[NormalizedName] = set()
    waiting = [canonicalize_name(name) for name in packages]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += _required(name)
    return found


def _required(name: str) -> Sequence[NormalizedName]:
    """What is required here, without extras; nothing of a package that is not installed."""
    try:
        lines = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    needed = map(Requirement, lines)
    return [
        canonicalize_name(each.name)
        for each in needed
        if each.marker is None or each.marker.evaluate({"extra": ""})
    ]


def _bytes(name: str) -> int:
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return 0
    paths = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in paths if path.is_file())
