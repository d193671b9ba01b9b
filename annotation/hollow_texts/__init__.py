"""Short texts that say nothing of any child or family, to teach what is to be set aside unread.

See ``datasheet.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from annotation.json_lines import read_records

TEXTS = Path(__file__).parent / "texts.jsonl"
UNREAD = Path(__file__).parent / "unread.jsonl"


class Kind(StrEnum):
    """What a text is; ``REAL`` tells something after all, and must be read."""

    POLICY = "policy"
    FOOTER = "footer"
    INSTRUCTION = "instruction"
    CLAIM = "claim"
    HEADINGS = "headings"
    KEYWORDS = "keywords"
    OFF_TOPIC = "off_topic"
    GIBBERISH = "gibberish"
    ORDERS = "orders"
    COURTESY = "courtesy"
    OTHER_LANGUAGE = "other_language"
    REAL = "real"


class HollowText(BaseModel):
    """A text, what it is, and who wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^H\d{4}$")
    writer: str = Field(pattern=r"^[A-Z]$")
    kind: Kind
    text: str = Field(min_length=1)


def load_hollow_texts(path: Path = TEXTS) -> tuple[HollowText, ...]:
    """Give the texts of the JSON Lines file at *path*, in its order.

    Raises:
        CorpusError: If the file cannot be read or any line holds a mistake; the message lists
            every mistake by line, and no words of a text.
    """
    return read_records(path, HollowText, lambda text: text, once=attrgetter("id"))


def fingerprint_hollow(texts: Iterable[HollowText]) -> str:
    """Give the SHA-256 of the texts with their kinds, whatever their order in the file."""
    lines = sorted("\t".join((each.id, each.kind, each.text)) for each in texts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
