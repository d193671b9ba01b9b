"""Offsets as a browser counts them.

Python counts code points; JavaScript counts UTF-16 units, two for each character outside the
Basic Multilingual Plane. One emoji would shift every highlight after it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from nlp.assessment import Assessment

FIRST_ASTRAL = "\U00010000"


def utf16_counter(text: str) -> Callable[[int], int]:
    """Give a function from an offset in code points of *text* to one in UTF-16 units."""
    astral = [at for at, character in enumerate(text) if character >= FIRST_ASTRAL]
    return lambda offset: offset + bisect_left(astral, offset)


def to_utf16(assessment: Assessment, *, text: str) -> Assessment:
    """Give *assessment* of *text* with every ``start`` and ``end`` in UTF-16 units."""
    count = utf16_counter(text)
    return Assessment.model_validate(_recount(assessment.model_dump(), count))


def _recount(value: Any, count: Callable[[int], int]) -> Any:
    if isinstance(value, dict):
        return {
            key: count(item) if key in {"start", "end"} else _recount(item, count)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return tuple(_recount(item, count) for item in value)
    return value
