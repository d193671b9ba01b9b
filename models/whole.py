"""A whole reader's folder: the parts it may hold, and that each is the one that was sealed."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.sealing import MANIFEST, Seal, SealedManifest, hash_content
from nlp.errors import ArtefactError

TFIDF, TRANSFORMER = "tfidf", "transformer"
PARTS = (TFIDF, TRANSFORMER)
LEARNT = "learnt.json"
_REMEDY = "restore the folder, or make the candidate again"


class _AnyManifest(SealedManifest):
    """What the manifests of all kinds of part hold."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Learnt(BaseModel):
    """Hashes of the texts that a reader has learnt from, so that it is not tested on them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texts: frozenset[str]


def check_whole(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each part's manifest, and of what the reader has learnt from.

    Every file of every part is held against its manifest first, so that equal answers mean equal
    files. The linear reader is the one part that must be there.

    Raises:
        ArtefactError: If it is not, or any file is missing or not the one that was sealed.
    """
    parts = [part for part in PARTS if part == TFIDF or (folder / part).exists()]
    found = {part: _check_part(folder / part) for part in parts}
    if (folder / LEARNT).exists():
        found[LEARNT] = hash_content((folder / LEARNT).read_bytes())
    return found


def read_learnt(folder: Path) -> Learnt | None:
    """Give what the reader in *folder* has learnt from, or None where it does not say.

    Raises:
        ArtefactError: If the file cannot be read.
    """
    try:
        return Learnt.model_validate_json((folder / LEARNT).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ArtefactError(
            f"reader {folder.name}: {LEARNT} cannot be read ({type(error).__name__}); {_REMEDY}"
        ) from None


def _check_part(folder: Path) -> str:
    seal = Seal(kind=folder.name, format=0, remedy=_REMEDY)
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = _AnyManifest.model_validate_json(content)
    except (OSError, ValidationError) as error:
        told = f"{MANIFEST} cannot be read ({type(error).__name__})"
        raise seal.refuse(folder, told) from None
    for file in manifest.files:
        seal.read_file(folder, file, manifest)
    return hash_content(content)
