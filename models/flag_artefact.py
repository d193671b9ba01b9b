"""The released folder of a flag reader: written with hashes, loaded only if whole and fitting.

It holds ``heads.npz`` (numbers), ``flags.toml`` (the training run), ``model_card.md``, and
``manifest.json`` with the SHA-256 of each and of the encoder whose vectors the numbers weigh.
Nothing in it is ever executed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from models.flag_config import read_flag_config
from models.flag_heads import QUESTIONS, FlagHeads
from models.flag_reader import FlagReader
from models.sealing import Seal, SealedManifest, hash_content, write_manifest_file
from models.transformer.encoding import SentenceVectors
from nlp.domain import SafetyFlag

SEAL = Seal(
    kind="flags",
    format=1,
    remedy="take the released folder again, or train it with: "
    "python -m models.flag_training models/configs/flags.toml",
)
HEADS, CONFIG, CARD = "heads.npz", "flags.toml", "model_card.md"
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


class FlagManifest(SealedManifest):
    """What a folder says of itself."""

    labels: tuple[str, ...]
    encoder: str
    corpus: dict[str, str | int]


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
        format=SEAL.format,
        kind=SEAL.kind,
        name=name,
        labels=LABELS,
        encoder=hash_content(encoder.read_bytes()),
        corpus=dict(corpus),
        files={file: hash_content(content) for file, content in contents.items()},
    )
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    write_manifest_file(folder, manifest)


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
    manifest = SEAL.read_manifest(folder, FlagManifest)
    if manifest.labels != LABELS:
        raise SEAL.refuse(folder, "it answers other flags than this version asks")
    if manifest.encoder != hash_content(encoder.read_bytes()):
        raise SEAL.refuse(folder, "it was trained on another encoder")
    contents = {file: SEAL.read_file(folder, file, manifest) for file in FILES}
    config = read_flag_config(contents[CONFIG].decode())
    return FlagReader(
        name=manifest.name,
        heads=_unpack(contents[HEADS], folder),
        vectors=vectors,
        thresholds=dict.fromkeys(SafetyFlag, config.raised_from),
    )


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
        raise SEAL.refuse(folder, f"its numbers cannot be read ({type(error).__name__})") from None
    if weights.ndim != 2 or weights.shape[1] != QUESTIONS or intercept.shape != (QUESTIONS,):
        raise SEAL.refuse(folder, f"its numbers are not those of {QUESTIONS} questions")
    return FlagHeads(weights, intercept)
