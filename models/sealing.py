"""What all released folders have in common: a manifest with the SHA-256 of each file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import ArtefactError

MANIFEST = "manifest.json"

AnyManifest = TypeVar("AnyManifest", bound="SealedManifest")


class SealedManifest(BaseModel):
    """What a folder says of itself; each kind of reader says more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    kind: str
    name: str
    files: dict[str, str]


@dataclass(frozen=True)
class Seal:
    """One kind of released folder. ``remedy`` says what to do about one that is refused."""

    kind: str
    format: int
    remedy: str

    def read_manifest(self, folder: Path, schema: type[AnyManifest]) -> AnyManifest:
        """Give what *folder* says of itself.

        Raises:
            ArtefactError: If it cannot be read, or is of another kind or format.
        """
        try:
            manifest = schema.model_validate_json((folder / MANIFEST).read_bytes())
        except OSError as error:
            raise self.refuse(folder, f"{MANIFEST} cannot be read ({error.strerror})") from None
        except ValidationError as error:
            found = f"{MANIFEST} holds {error.error_count()} mistakes"
            raise self.refuse(folder, found) from None
        if (manifest.kind, manifest.format) != (self.kind, self.format):
            found = f"found format {manifest.kind} {manifest.format}"
            raise self.refuse(folder, f"{found}, expected {self.kind} {self.format}")
        return manifest

    def read_file(self, folder: Path, file: str, manifest: SealedManifest) -> bytes:
        """Give the content of *file*.

        Raises:
            ArtefactError: If it is missing or not the one that was released.
        """
        try:
            content = (folder / file).read_bytes()
        except OSError as error:
            raise self.refuse(folder, f"{file} cannot be read ({error.strerror})") from None
        found, expected = hash_content(content), manifest.files.get(file, "none")
        if found != expected:
            told = f"{file} has SHA-256 {found[:12]}, expected {expected[:12]}"
            raise self.refuse(folder, told)
        return content

    def refuse(self, folder: Path, found: str) -> ArtefactError:
        """Give the error that says what was *found* in *folder* and what to do."""
        return ArtefactError(f"reader {folder.name}: {found}; {self.remedy}")


def hash_content(content: bytes) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def write_manifest_file(folder: Path, manifest: SealedManifest) -> None:
    """Write what *folder* says of itself."""
    content = manifest.model_dump_json(indent=1) + "\n"
    (folder / MANIFEST).write_text(content, encoding="utf-8")
