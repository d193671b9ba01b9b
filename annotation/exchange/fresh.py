"""Contacts that nobody has labelled, cut into sentences for the tool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from annotation.exchange.marks import Record
from annotation.json_lines import read_records
from nlp.document import read_document
from nlp.domain import Agency, Form


class Place(BaseModel):
    """Where a sentence stands, in code points."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    start: int
    end: int


class FreshContact(BaseModel):
    """A line of a file of contacts; of a labelled one, only what is no label is read."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9A-Z]{2,}$")]
    form: Form
    agency: Agency
    text: Annotated[str, Field(min_length=1)]
    role: str = ""
    people: tuple[str, ...] = ()
    spans: tuple[Place, ...] = ()


def load_fresh(path: Path) -> tuple[Record, ...]:
    """Give the contacts of the JSON Lines file at *path* as records with sentences, no labels.

    Sentences are those of the file, or else those that the product reads, so that labels fall
    where it will look.

    Raises:
        CorpusError: If the file cannot be read or any line holds a mistake; the message lists
            every mistake by line, and no words of a contact.
    """
    return read_records(path, FreshContact, _to_record)


def _to_record(contact: FreshContact) -> Record:
    places = contact.spans or read_document(contact.text).sentences
    plain: dict[str, Any] = json.loads(contact.model_dump_json())
    return {
        **plain,
        "spans": [{"start": s.start, "end": s.end, "elements": [], "flags": []} for s in places],
    }
