"""The released folder of a flag reader: written with hashes, loaded only if whole and fitting.

It holds ``heads.npz`` (numbers), ``flags.toml`` (the training run), ``model_card.md``, and
``manifest.json`` with the SHA-256 of each and of the encoder whose vectors the numbers weigh.
Nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from models.flag_config import read_flag_config
from models.flag_heads import QUESTIONS, FlagHeads
from models.flag_reader import FlagReader
from models.transformer.encoding import SentenceVectors
from nlp.domain import SafetyFlag
from nlp.errors import ArtefactError

FORMAT = 1
MANIFEST, HEADS, CONFIG, CARD = "manifest.json", "heads.npz", "flags.toml", "model_card.md"
FILES = (HEADS, CONFIG, CARD)
LABELS = tuple(SafetyFlag)

_CARD = """# Model card: {name}

**What it does.** Gives for each sentence of a contact the probability that each of the 20 safety
flags is present: now or lately, of this child or carer. It reads beside the rulebook; what either
finds is shown with its source.

**What it must not be used for.** Closing, returning, refusing or delaying a contact; deciding
anything about a child. **Nobody may rely on the absence of a flag.**

**How it is made.** Logistic regressions on the transformer reader's sentence vectors, of a
sentence and its two neighbours. One asks whether any flag is present; twenty share its answer out.
A flag is raised from a probability of {raised_from}.

**Trained on** {corpus}. Every text is fictional and machine-written, and no practitioner has
labelled one: **validate it on local contacts and run it silently before anyone sees it.** The dev
split was not used for training, thresholds or choices.

**Figures.** `python -m evaluation.flag_contacts` gives them, beside the rules' and both together.
The encoder had seen the whole training corpus, so leaving its authors out is not a fair test.
"""


class FlagManifest(BaseModel):
    """What a folder says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    kind: str
    name: str
    labels: tuple[str, ...]
    encoder: str
    corpus: dict[str, str | int]
    files: dict[str, str]


def save_flags(
    heads: FlagHeads,
    folder: Path,
    *,
    source: str,
    encoder: Path,
    corpus: Mapping[str, str | int],
) -> None:
    """Write *heads* to *folder*, which is made where it is not there.

    Args:
        heads: What was fitted.
        folder: The released folder.
        source: The TOML text of the run.
        encoder: The encoder's graph.
        corpus: Facts of what they were fitted on.
    """
    config = read_flag_config(source)
    name = f"{config.name} {config.version}"
    facts = ", ".join(f"{what} {value}" for what, value in corpus.items())
    contents = {
        HEADS: _pack(heads),
        CONFIG: source.encode(),
        CARD: _CARD.format(name=name, raised_from=config.raised_from, corpus=facts).encode(),
    }
    manifest = FlagManifest(
        format=FORMAT,
        kind="flags",
        name=name,
        labels=LABELS,
        encoder=_hash(encoder.read_bytes()),
        corpus=dict(corpus),
        files={file: _hash(content) for file, content in contents.items()},
    )
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")


def load_flags(folder: Path, *, encoder: Path, vectors: SentenceVectors) -> FlagReader:
    """Give the flag reader of *folder*.

    Args:
        folder: A released folder.
        encoder: The graph that gives the *vectors*.
        vectors: The transformer reader's.

    Raises:
        ArtefactError: If a file is missing or not the one that was released, or the heads were
            fitted on another encoder, or ask for other flags than this version of the product.
    """
    manifest = _manifest(folder)
    if manifest.encoder != _hash(encoder.read_bytes()):
        raise _refuse(folder, "it was trained on another encoder")
    contents = {file: _read_checked(folder, file, manifest) for file in FILES}
    config = read_flag_config(contents[CONFIG].decode())
    return FlagReader(
        name=manifest.name,
        heads=_unpack(contents[HEADS], folder),
        vectors=vectors,
        thresholds=dict.fromkeys(SafetyFlag, config.raised_from),
    )


def _manifest(folder: Path) -> FlagManifest:
    try:
        content = (folder / MANIFEST).read_text(encoding="utf-8")
        manifest = FlagManifest.model_validate_json(content)
    except (OSError, ValidationError) as error:
        raise _refuse(folder, f"its manifest cannot be read ({type(error).__name__})") from None
    if (manifest.format, manifest.kind) != (FORMAT, "flags"):
        raise _refuse(folder, f"it is a {manifest.kind!r} of format {manifest.format}")
    if manifest.labels != LABELS:
        raise _refuse(folder, "it answers other flags than this version asks")
    return manifest


def _read_checked(folder: Path, file: str, manifest: FlagManifest) -> bytes:
    path = folder / file
    content = path.read_bytes() if path.is_file() else b""
    if _hash(content) != manifest.files.get(file):
        raise _refuse(folder, f"{file} is missing or not the one that was released")
    return content


def _pack(heads: FlagHeads) -> bytes:
    """Weights are kept in half precision."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, weights=heads.weights.astype(np.float16), intercept=heads.intercept)
    return buffer.getvalue()


def _unpack(content: bytes, folder: Path) -> FlagHeads:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            weights = arrays["weights"].astype(np.float32)
            intercept = arrays["intercept"].astype(np.float32)
    except (BadZipFile, KeyError, ValueError) as error:
        raise _refuse(folder, f"its numbers cannot be read ({type(error).__name__})") from None
    if weights.ndim != 2 or weights.shape[1] != QUESTIONS or intercept.shape != (QUESTIONS,):
        raise _refuse(folder, f"its numbers are not those of {QUESTIONS} questions")
    return FlagHeads(weights, intercept)


def _refuse(folder: Path, found: str) -> ArtefactError:
    return ArtefactError(
        f"{folder.name}: {found}; take the released folder again, or train it with: "
        "python -m models.flag_training models/configs/flags.toml"
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
