"""Contacts that run on: written without full stops, with the sentences a careful typist would part.

See ``datasheet.md``.
"""

from __future__ import annotations

from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from annotation.json_lines import read_records

TEXTS = Path(__file__).parent / "texts.jsonl"
UNREAD = Path(__file__).parent / "unread.jsonl"


class Style(StrEnum):
    """How a text is typed: all small, with some commas, in capitals, or with names in capitals."""

    SMALL = "small"
    COMMAS = "commas"
    CAPITALS = "capitals"
    NAMES = "names"


class RunOn(BaseModel):
    """A text, as its sentences in order; joined by single spaces they are the text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^R\d{3}$")
    writer: str = Field(pattern=r"^[A-Z]$")
    style: Style
    sentences: tuple[str, ...] = Field(min_length=2)

    @property
    def text(self) -> str:
        """The text as it was typed."""
        return " ".join(self.sentences)


def load_run_ons(path: Path = TEXTS) -> tuple[RunOn, ...]:
    """Give the texts of the JSON Lines file at *path*, in its order.

    Raises:
        CorpusError: If the file cannot be read or any line holds a mistake; the message lists
            every mistake by line, and no words of a text.
    """
    return read_records(path, RunOn, lambda text: text, once=attrgetter("id"))
