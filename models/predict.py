"""Load the reader that serves."""

from __future__ import annotations

from pathlib import Path

from models.artefact import load_tfidf
from nlp.reading import Reader

RELEASED = Path(__file__).parent / "released"
TFIDF = RELEASED / "tfidf"


def load_reader(folder: Path | None = None) -> Reader:
    """Give the released reader, or the one saved in *folder*.

    Raises:
        ArtefactError: If it is missing or damaged, or answers other labels than are asked.
    """
    return load_tfidf(folder or TFIDF)
