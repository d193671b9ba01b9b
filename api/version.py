"""The version of this checkout."""

from __future__ import annotations

import tomllib
from pathlib import Path


def _read_version() -> str:
    with (Path(__file__).parent.parent / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


VERSION = _read_version()
