"""Load the reader that serves."""

from __future__ import annotations

from pathlib import Path

from models import whole
from models.artefact import load_tfidf
from nlp.errors import ArtefactError
from nlp.reading import Reader

RELEASED = Path(__file__).parent / "released"
TFIDF = RELEASED / whole.TFIDF
TRANSFORMER = RELEASED / whole.TRANSFORMER


def load_reader(*, released: Path | None = None) -> Reader:
    """Give the reader in the folder *released*, or the shipped one.

    It is the transformer joined with the linear reader.

    Where the transformer is missing or damaged, the linear reader answers alone and flags are the
    rules'; its name in every record says so.

    Raises:
        ArtefactError: If the linear reader too is missing or damaged, or answers other labels
            than are asked.
    """
    # Only here: the linear reader alone needs no onnxruntime.
    from models.joined import load_joined

    folder = released or RELEASED
    try:
        return load_joined(folder / whole.TRANSFORMER, folder / whole.TFIDF)
    except ArtefactError:
        return load_tfidf(folder / whole.TFIDF)
