"""Fictional sentences marked with their safety flags, written to be wide in wording.

See ``datasheet.md``. The transformer is trained on them and the rules for flags are made from them;
no figure is ever measured on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from annotation.json_lines import read_records
from annotation.labels import LabelledFlag, LabelledSentence
from annotation.records import FlagRecord
from nlp.domain import Form

SENTENCES = Path(__file__).parent / "sentences.jsonl"
_STOPS = ".!?\"')\u201d\u2019"


@dataclass(frozen=True)
class FlagText:
    """A short text and the flags of its sentences, none of which has an element."""

    id: str
    form: Form
    text: str
    sentences: tuple[LabelledSentence, ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sentence(_Part):
    text: str = Field(min_length=1)
    flags: tuple[FlagRecord, ...]


class _Record(_Part):
    id: str = Field(pattern=r"^F\d{4}$")
    form: Form
    sentences: tuple[_Sentence, ...] = Field(min_length=1)


def load_flag_sentences(path: Path = SENTENCES) -> tuple[FlagText, ...]:
    """Give the texts of the JSON Lines file at *path*, in its order.

    Raises:
        CorpusError: If the file cannot be read or any line holds a mistake; the message lists
            every mistake by line, and no words of a text.
    """
    return read_records(path, _Record, _to_text, once=attrgetter("id"))


def fingerprint_texts(texts: Iterable[FlagText]) -> str:
    """Give the SHA-256 of the texts with their flags, whatever their order in the file."""
    lines = sorted(json.dumps(_content(text), ensure_ascii=False) for text in texts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _content(text: FlagText) -> list[object]:
    marks = [(s.start, s.end, [[m.flag, m.assertion] for m in s.flags]) for s in text.sentences]
    return [text.id, text.form, text.text, marks]


def _to_text(record: _Record) -> FlagText:
    """Sentences that end in a stop run on; others stand on a line of their own."""
    text = ""
    sentences = []
    for each in record.sentences:
        text += "" if not text else " " if text[-1] in _STOPS else "\n"
        flags = tuple(LabelledFlag(marked.flag, marked.assertion) for marked in each.flags)
        end = len(text) + len(each.text)
        sentences.append(LabelledSentence(len(text), end, frozenset(), flags))
        text += each.text
    return FlagText(record.id, record.form, text, tuple(sentences))
