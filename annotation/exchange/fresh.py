"""Contacts that nobody has labelled, cut into sentences for the tool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annotation.corpus import read_lines
from annotation.exchange.marks import Record
from nlp.document import read_document
from nlp.domain import Agency, Form
from nlp.errors import CorpusError, ReferralQualityError


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
    found: list[Record] = []
    mistakes: list[str] = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            found.append(_to_record(FreshContact.model_validate_json(line)))
        except ValidationError as error:
            mistakes += _mistakes(f"{path.name}, line {number}", error)
        except ReferralQualityError as error:
            mistakes.append(f"{path.name}, line {number}: {error}")
    if mistakes:
        raise CorpusError("\n".join(mistakes))
    return tuple(found)


def _to_record(contact: FreshContact) -> Record:
    places = contact.spans or read_document(contact.text).sentences
    plain: dict[str, Any] = json.loads(contact.model_dump_json())
    return {
        **plain,
        "spans": [{"start": s.start, "end": s.end, "elements": [], "flags": []} for s in places],
    }


def _mistakes(where: str, error: ValidationError) -> Iterator[str]:
    """Pydantic's messages, less the input, which may be words of a contact."""
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        yield f"{where}: {'.'.join(str(step) for step in detail['loc'])}: {detail['msg']}"
