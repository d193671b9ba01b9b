"""Short fictional contacts in versions that differ in little but what decides.

See ``datasheet.md``. Readers learn the level, the urgency, the needs, what is said of a PPN and the
flags from them, and nothing about elements, which nobody labelled. The versions of one contact are
a *family*.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from pydantic import Field, ValidationError

from annotation.corpus import read_lines
from annotation.labels import LabelledContact
from annotation.records import WholeRecord, mistakes_of_form, mistakes_of_whole, to_contact
from nlp.errors import CorpusError

CONTRASTS = Path(__file__).parent / "contrasts.jsonl"

Family = tuple[LabelledContact, ...]


class _Record(WholeRecord):
    """Writer (three characters), family (two digits), version (a letter)."""

    id: str = Field(pattern=r"^C[A-Z][0-9A-Z]\d{2}[A-H]$")


def load_contrasts(path: Path = CONTRASTS) -> tuple[LabelledContact, ...]:
    """Give the contacts of the JSON Lines file at *path*, in its order, a family's together.

    Raises:
        CorpusError: If the file cannot be read or any line holds a mistake; the message lists
            every mistake by line, and no words of a text.
    """
    found: dict[str, LabelledContact] = {}
    mistakes: list[str] = []
    for number, line in enumerate(read_lines(path), start=1):
        record, wrong = _parse(line)
        if record and record.id in found:
            wrong = ["id: stands twice; give each its own"]
        mistakes += [f"{path.name}, line {number}: {mistake}" for mistake in wrong]
        if record:
            found[record.id] = to_contact(record, status={}, people=())
    if mistakes:
        raise CorpusError("\n".join(mistakes))
    return tuple(found.values())


def families(contacts: Iterable[LabelledContact]) -> list[Family]:
    """Part *contacts*, in which a family's stand together, by family."""
    return [tuple(family) for _, family in groupby(contacts, key=lambda contact: contact.id[:-1])]


def _parse(line: str) -> tuple[_Record | None, list[str]]:
    try:
        record = _Record.model_validate_json(line)
    except ValidationError as error:
        return None, list(mistakes_of_form(error))
    return record, list(mistakes_of_whole(record))
