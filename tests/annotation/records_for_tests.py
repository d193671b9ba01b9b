"""Corpus records for tests: small, made up, and right until a test breaks one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotation.labels import LabelledContact
from annotation.records import parse_record
from nlp.domain import Element


def write_lines(folder: Path, *records: object, name: str = "records.jsonl") -> Path:
    """A file of JSON Lines; a string is a line as it stands."""
    path = folder / name
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def make_record(name: str = "AA10001", **changes: Any) -> dict[str, Any]:
    text = "Tom was hit. Please help."
    record: dict[str, Any] = {
        "id": name,
        "form": "referral",
        "agency": "school",
        "role": "head teacher",
        "text": text,
        "spans": [
            {"start": 0, "end": 12, "elements": ["concern"], "flags": []},
            {"start": 13, "end": 25, "elements": ["requested_outcome"], "flags": []},
        ],
        "status": {element.value: 0 for element in Element}
        | {"concern": 2, "requested_outcome": 1},
        "level": 3,
        "alt_level": 2,
        "certainty": "borderline",
        "urgency": "amber",
        "domains": ["physical_abuse"],
        "ppn": None,
        "people": ["Tom"],
    }
    return record | changes


def make_contact(name: str = "AA10001", **changes: Any) -> LabelledContact:
    """The contact of `make_record`."""
    contact, mistakes = parse_record(make_record(name, **changes))
    assert contact is not None, mistakes
    return contact
