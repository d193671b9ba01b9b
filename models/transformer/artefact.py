"""The released folder of a transformer reader: written with hashes, loaded only if whole.

It holds the two graphs, the tokenizer, the scales, what tells a hollow sentence, how it is joined
with the linear reader, the record of the run, a card, and ``manifest.json`` with the SHA-256 of
each. Nothing in it is ever executed.
"""

from __future__ import annotations

from pathlib import Path

from models.sealing import Seal, SealedManifest, hash_content, write_manifest_file
from models.transformer.document_outputs import LABELS
from models.transformer.reader import (
    ENCODER,
    HEADS,
    HOLLOW,
    KNOWN,
    SCALES,
    TOKENIZER,
    TransformerReader,
)

SEAL = Seal(
    kind="transformer",
    format=3,
    remedy="take the released folder again, or train one with: python -m models.transformer "
    "models/configs/transformer.toml",
)
RUN, CARD, JOINT = "run.json", "model_card.md", "joint.json"
FILES = (ENCODER, HEADS, TOKENIZER, KNOWN, HOLLOW, SCALES, JOINT, RUN, CARD)


class TransformerManifest(SealedManifest):
    """What a folder says of itself."""

    labels: dict[str, tuple[str, ...]]


def write_manifest(folder: Path, *, name: str) -> None:
    """Seal *folder* as it stands.

    Raises:
        FileNotFoundError: If one of ``FILES`` is not there.
    """
    manifest = TransformerManifest(
        format=SEAL.format,
        kind=SEAL.kind,
        name=name,
        labels=LABELS,
        files={file: hash_content((folder / file).read_bytes()) for file in FILES},
    )
    write_manifest_file(folder, manifest)


def load_transformer(folder: Path, *, threads: int = 1) -> TransformerReader:
    """Give the reader of *folder*.

    Args:
        folder: A released folder.
        threads: Of each of the two sessions. One for each worker serves best.

    Raises:
        ArtefactError: If a file is missing or not the one that was released, or the reader
            answers other labels than this version of the product asks.
    """
    manifest = SEAL.read_manifest(folder, TransformerManifest)
    if manifest.labels != LABELS:
        raise SEAL.refuse(folder, "it answers other labels than this version asks")
    for file in FILES:
        SEAL.read_file(folder, file, manifest)
    return TransformerReader.load(folder, name=manifest.name, threads=threads)
