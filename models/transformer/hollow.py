"""Lines that stand in contacts and are evidence for nothing: ``hollow.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

HOLLOW = Path(__file__).with_name("hollow.toml")


@cache
def hollow_lines() -> tuple[str, ...]:
    """Give every line, in the order of the file."""
    kinds = tomllib.loads(HOLLOW.read_text(encoding="utf-8"))
    return tuple(line for lines in kinds.values() for line in lines)
