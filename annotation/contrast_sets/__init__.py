"""Short fictional contacts in versions that differ in little but what decides.

See ``datasheet.md``. A reader may learn the level, the urgency, the needs, what is said of a PPN
and the flags from them, and nothing about elements, which nobody labelled. The versions of one
contact are a *family*.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from annotation.corpus import load_corpus
from annotation.labels import LabelledContact
from annotation.records import parse_contrast

CONTRASTS = Path(__file__).parent / "contrasts.jsonl"

Family = tuple[LabelledContact, ...]


def load_contrasts(path: Path = CONTRASTS) -> tuple[LabelledContact, ...]:
    """Give the contacts of the JSON Lines file at *path*, in its order, a family's together.

    Raises:
        CorpusError: As `load_corpus`.
    """
    return load_corpus(path, parse=parse_contrast)


def families(contacts: Iterable[LabelledContact]) -> list[Family]:
    """Part *contacts*, in which a family's stand together, by family."""
    return [tuple(family) for _, family in groupby(contacts, key=lambda contact: contact.id[:-1])]
