"""The released folder of a transformer reader: written with hashes, loaded only if whole.

It holds the two graphs, the tokenizer, the scales, how it is joined with the linear reader, the
record of the run, a card, and ``manifest.json`` with the SHA-256 of each. Nothing
in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.transformer.document_outputs import LABELS
from models.transformer.reader import (
    ENCODER,
    HEADS,
    KNOWN,
    SCALES,
    TOKENIZER,
    TransformerReader,
)
from nlp.errors import ArtefactError

FORMAT = 1
MANIFEST, RUN, CARD, JOINT = "manifest.json", "run.json", "model_card.md", "joint.json"
FILES = (ENCODER, HEADS, TOKENIZER, KNOWN, SCALES, JOINT, RUN, CARD)


class TransformerManifest(BaseModel):
    """What a folder says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    kind: str
    name: str
    labels: dict[str, tuple[str, ...]]
    files: dict[str, str]


def write_manifest(folder: Path, *, name: str) -> None:
    """Seal *folder* as it stands.

    Raises:
        FileNotFoundError: If one of ``FILES`` is not there.
    """
    manifest = TransformerManifest(
        format=FORMAT,
        kind="transformer",
        name=name,
        labels=LABELS,
        files={file: _hash(folder / file) for file in FILES},
    )
    content = json.dumps(manifest.model_dump(mode="json"), indent=1) + "\n"
    (folder / MANIFEST).write_text(content, encoding="utf-8")


def load_transformer(folder: Path, *, threads: int = 1) -> TransformerReader:
    """Give the reader of *folder*.

    Args:
        folder: A released folder.
        threads: Of each of the two sessions. One for each worker serves best.

    Raises:
        ArtefactError: If a file is missing or not the one that was released, or the reader
            answers other labels than this version of the product asks.
    """
    manifest = _manifest(folder)
    for file in FILES:
        if not (folder / file).is_file() or _hash(folder / file) != manifest.files.get(file):
            raise _refuse(folder, f"{file} is missing or not the one that was released")
    return TransformerReader.load(folder, name=manifest.name, threads=threads)


def _manifest(folder: Path) -> TransformerManifest:
    try:
        content = (folder / MANIFEST).read_text(encoding="utf-8")
        manifest = TransformerManifest.model_validate_json(content)
    except (OSError, ValidationError) as error:
        raise _refuse(folder, f"its manifest cannot be read ({type(error).__name__})") from None
    if (manifest.format, manifest.kind) != (FORMAT, "transformer"):
        raise _refuse(folder, f"it is a {manifest.kind!r} of format {manifest.format}")
    if manifest.labels != LABELS:
        raise _refuse(folder, "it answers other labels than this version asks")
    return manifest


def _refuse(folder: Path, found: str) -> ArtefactError:
    return ArtefactError(
        f"{folder.name}: {found}; expected a transformer reader of format {FORMAT}, whole: "
        "take the released folder again, or train one"
    )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
