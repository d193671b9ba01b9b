"""The text of a file, and tidying that every kind of file needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Control characters but tab and line feed, byte order marks and halves of surrogate pairs.
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
SPACE_BEFORE_LINE_END = re.compile(r"(?<![ \t\xa0])[ \t\xa0]++\n")
EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class DocumentFile:
    """What was read from a file; ``attachments`` counts files in an email that were not read."""

    type: str
    text: str
    attachments: int = 0


def tidy(text: str) -> str:
    """Give *text* with plain line ends, no two empty lines together and no control characters."""
    text = UNWANTED.sub("", LINE_ENDS.sub("\n", text))
    return EMPTY_LINES.sub("\n\n", SPACE_BEFORE_LINE_END.sub("\n", text)).strip()
