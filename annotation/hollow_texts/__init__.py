"""Short texts that say nothing of any child or family, to teach what is to be set aside unread.

See ``datasheet.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.errors import CorpusError

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


@dataclass(frozen=True)
class HollowText:
    """A text, what it is, and who wrote it."""

    id: str
    writer: str
    kind: Kind
    text: str


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^H\d{4}$")
    writer: str = Field(pattern=r"^[A-Z]$")
    kind: Kind
    text: str = Field(min_length=1)


def load_hollow_texts(path: Path = TEXTS) -> tuple[HollowText, ...]:
    """Give the texts of the JSON Lines file at *path*, in its order.

    Raises:
        CorpusError: If the file cannot be read, or a line holds a mistake; the message names the
            line and no words of a text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path.name}: cannot be read ({type(error).__name__}); give a UTF-8 JSON Lines file"
        ) from None
    return tuple(_read(line, f"{path.name}, line {n}") for n, line in enumerate(lines, start=1))


def _read(line: str, where: str) -> HollowText:
    try:
        record = _Record.model_validate_json(line)
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "line" for e in error.errors(include_input=False)}
        raise CorpusError(
            f"{where}: {', '.join(sorted(fields))} cannot be used; expected id (H0001), writer "
            "(one capital), kind and text"
        ) from None
    return HollowText(record.id, record.writer, record.kind, record.text)


def fingerprint_hollow(texts: Iterable[HollowText]) -> str:
    """Give the SHA-256 of the texts with their kinds, whatever their order in the file."""
    lines = sorted("\t".join((each.id, each.kind, each.text)) for each in texts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
