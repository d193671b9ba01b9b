"""Save a reader as a folder of plain files, and load it only if it is whole and ours.

A folder holds ``manifest.json`` (what it is, its label sets, what it was made from and with, and
the SHA-256 of every other file), ``parameters.npz`` (numbers), ``vocabulary.json`` (words),
``config.toml`` (the training run), ``need_words.toml`` (what needs are called) and
``model_card.md``. Nothing in it is ever executed.
"""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZIP_LZMA, BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from models.conformal import LevelSets
from models.features import DOCUMENT_BLOCKS, SENTENCE_BLOCKS, SPLIT, Block
from models.heads import Heads
from models.needs import NeedWords, read_need_words
from models.sealing import Seal, SealedManifest, hash_content, write_manifest_file
from models.shortening import ELSEWHERE, Shortening, drop_least, shorten
from models.tfidf import URGENCIES, StatusHeads, TfidfReader
from models.words import NEUTRAL_WORDS
from nlp.domain import LEVELS, STATUSES, Certainty, Element, NeedDomain, Reason
from nlp.reading import Thresholds

SEAL = Seal(
    kind="tfidf",
    format=2,
    remedy="restore the folder from the release, or train it again with: "
    "python -m models train models/configs/tfidf.toml",
)
FILES = ("config.toml", "model_card.md", "need_words.toml", "parameters.npz", "vocabulary.json")
HEADS = ("level", "certainty", "domains", "urgency", "inappropriate", "reasons")
PARTS = ("coef", "intercept", "slope", "offset")
LABELS: Mapping[str, tuple[StrEnum, ...]] = {
    "elements": tuple(Element),
    "statuses": STATUSES,
    "levels": LEVELS,
    "certainty": tuple(Certainty),
    "urgency": URGENCIES,
    "domains": tuple(NeedDomain),
    "reasons": tuple(Reason),
}

Arrays = Mapping[str, npt.NDArray[Any]]


class Manifest(SealedManifest):
    """What a folder says of itself."""

    labels: dict[str, tuple[str, ...]]
    corpus: dict[str, str | int]
    versions: dict[str, str]
    neutral_words: str
    thresholds: dict[str, dict[str, float]]
    level_sets: dict[str, float]


class _Vocabulary(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    known: frozenset[str]
    sentence: dict[str, list[str]]
    document: dict[str, list[str]]


@dataclass(frozen=True)
class Origin:
    """What a reader was made from: text of its run and card, and facts of its corpus."""

    config: str
    card: str
    corpus: Mapping[str, str | int]


def save_reader(
    reader: TfidfReader, folder: Path, origin: Origin, *, kept: Shortening = ELSEWHERE
) -> None:
    """Write *reader*, its weights shortened, to *folder*, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "config.toml": origin.config.encode(),
        "model_card.md": origin.card.encode(),
        "need_words.toml": reader.needs.source.encode(),
        "parameters.npz": _pack(_to_arrays(reader, kept)),
        "vocabulary.json": _to_json(_to_vocabulary(reader)).encode(),
    }
    manifest = Manifest(
        format=SEAL.format,
        kind=SEAL.kind,
        name=reader.name,
        labels={name: tuple(labels) for name, labels in LABELS.items()},
        corpus=dict(origin.corpus),
        versions={
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scipy", "scikit-learn", "spacy")},
        },
        neutral_words=hash_content(NEUTRAL_WORDS.read_bytes()),
        thresholds=_to_thresholds(reader.thresholds),
        level_sets={
            "any_level": reader.level_sets.any_level,
            "child_protection": reader.level_sets.child_protection,
        },
        files={name: hash_content(content) for name, content in contents.items()},
    )
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    write_manifest_file(folder, manifest)


def load_tfidf(folder: Path) -> TfidfReader:
    """Give the reader saved in *folder*.

    Raises:
        ArtefactError: If a file is missing or not the one that was saved, or the reader answers
            other labels than this version of the product asks.
    """
    manifest = load_manifest(folder)
    contents = {name: SEAL.read_file(folder, name, manifest) for name in FILES}
    try:
        vocabulary = _Vocabulary.model_validate_json(contents["vocabulary.json"])
        with np.load(io.BytesIO(contents["parameters.npz"]), allow_pickle=False) as arrays:
            needs = read_need_words(contents["need_words.toml"].decode())
            return _from_parts(manifest, vocabulary, dict(arrays), needs)
    except (ValidationError, BadZipFile, KeyError, ValueError) as error:
        raise SEAL.refuse(
            folder, f"its parts do not fit together ({type(error).__name__})"
        ) from None


def load_manifest(folder: Path) -> Manifest:
    """Give what the reader in *folder* says of itself, once found to be ours.

    Raises:
        ArtefactError: If it cannot be read, or is of another format or label set.
    """
    manifest = SEAL.read_manifest(folder, Manifest)
    if manifest.neutral_words != hash_content(NEUTRAL_WORDS.read_bytes()):
        raise SEAL.refuse(folder, f"was trained with another {NEUTRAL_WORDS.name}")
    for name, labels in LABELS.items():
        if manifest.labels.get(name) != tuple(labels):
            raise SEAL.refuse(folder, f"its {name} are not the {len(labels)} that the product asks")
    return manifest


def _to_arrays(reader: TfidfReader, kept: Shortening) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, heads in {"elements": reader.elements, **reader.documents}.items():
        for part in PARTS:
            arrays[f"{name}.{part}"] = getattr(heads, part)
    for part in ("words", "numbers", "intercept", "slope", "offset"):
        arrays[f"status.{part}"] = getattr(reader.status, part)
    for kind, blocks in (
        ("sentence", reader.sentence_blocks),
        ("document", reader.document_blocks),
    ):
        for name, block in blocks.items():
            arrays[f"{kind}.{name}.idf"] = block.idf
            arrays[f"{kind}.{name}.weight"] = np.array([block.weight], dtype=np.float32)
    for name in ("elements.coef", "status.words", *(f"{head}.coef" for head in HEADS)):
        arrays[name] = shorten(drop_least(arrays[name], kept.dropped.get(name, 0.0)), kept.bits)
    return arrays


def _to_vocabulary(reader: TfidfReader) -> dict[str, Any]:
    return {
        "known": sorted(reader.known),
        "sentence": {
            name: list(block.vocabulary) for name, block in reader.sentence_blocks.items()
        },
        "document": {
            name: list(block.vocabulary) for name, block in reader.document_blocks.items()
        },
    }


def _to_thresholds(thresholds: Thresholds) -> dict[str, dict[str, float]]:
    return {
        "elements": {label.value: value for label, value in thresholds.elements.items()},
        "domains": {label.value: value for label, value in thresholds.domains.items()},
        "reasons": {label.value: value for label, value in thresholds.reasons.items()},
        "notification": {"inappropriate": thresholds.inappropriate},
    }


def _from_parts(
    manifest: Manifest, vocabulary: _Vocabulary, arrays: Arrays, needs: NeedWords
) -> TfidfReader:
    thresholds = manifest.thresholds
    return TfidfReader(
        name=manifest.name,
        thresholds=Thresholds(
            elements={label: thresholds["elements"][label] for label in Element},
            domains={label: thresholds["domains"][label] for label in NeedDomain},
            reasons={label: thresholds["reasons"][label] for label in Reason},
            inappropriate=thresholds["notification"]["inappropriate"],
        ),
        known=vocabulary.known,
        sentence_blocks=_blocks("sentence", SENTENCE_BLOCKS, vocabulary.sentence, arrays),
        document_blocks=_blocks("document", DOCUMENT_BLOCKS, vocabulary.document, arrays),
        needs=needs,
        elements=_heads("elements", arrays),
        status=StatusHeads(
            **{
                part: _single(arrays[f"status.{part}"])
                for part in ("words", "numbers", "intercept", "slope", "offset")
            }
        ),
        documents={name: _heads(name, arrays) for name in HEADS},
        level_sets=LevelSets(**manifest.level_sets),
    )


def _blocks(
    kind: str, names: Mapping[str, object], words: Mapping[str, list[str]], arrays: Arrays
) -> dict[str, Block]:
    return {
        name: Block(
            {term: number for number, term in enumerate(words[name])},
            _single(arrays[f"{kind}.{name}.idf"]),
            float(arrays[f"{kind}.{name}.weight"][0]),
            SPLIT.get(name),
        )
        for name in names
    }


def _heads(name: str, arrays: Arrays) -> Heads:
    return Heads(**{part: _single(arrays[f"{name}.{part}"]) for part in PARTS})


def _single(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(values, dtype=np.float32)


def _pack(arrays: Arrays) -> bytes:
    """As numpy's ``.npz``, whose members may be packed by LZMA: a fifth less than by its own way.

    Every release stays in the repository's history.
    """
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_LZMA) as packed:
        for name in sorted(arrays):
            with packed.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, arrays[name], allow_pickle=False)
    return buffer.getvalue()


def _to_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
