"""Offsets in code points, as ours are, and in UTF-16 units, as browsers count."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from nlp.errors import CorpusError

_LAST_OF_ONE_UNIT = "\uffff"


def utf16_offsets(text: str) -> Sequence[int]:
    """Give for each offset of *text*, from 0 to its length, the same place in UTF-16 units."""
    return tuple(accumulate((1 + (each > _LAST_OF_ONE_UNIT) for each in text), initial=0))


def from_utf16(units: Sequence[int], offset: int) -> int:
    """Give the place in code points of an *offset* in UTF-16 units.

    Args:
        units: As `utf16_offsets` gives them for the text.
        offset: In UTF-16 units.

    Raises:
        CorpusError: If the offset lies in the middle of a character or outside the text.
    """
    place = bisect_left(units, offset)
    if place == len(units) or units[place] != offset:
        raise CorpusError(
            f"offset {offset} lies in the middle of a character or outside the text; "
            "was the text changed after the export?"
        )
    return place
