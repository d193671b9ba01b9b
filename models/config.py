"""A training run as one file, read into a typed object and saved beside what it made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from annotation.labels import LabelledContact
from models.toml_files import TomlTable, load_toml


class BlockConfig(TomlTable):
    """What a kind of term weighs, and in how many rows a term must stand."""

    weight: float = Field(gt=0)
    at_least: int = Field(ge=1)


class HeadConfig(TomlTable):
    """How a family of linear questions is fitted; see `models.fitting.fit_heads`."""

    cost: float = Field(gt=0)
    balance: float = Field(ge=0, le=1)
    smoothing: float = Field(gt=0)
    emphasis: float = Field(ge=0, le=1)


class SoftConfig(TomlTable):
    """How much a second label counts."""

    alternative_level: float = Field(ge=0, le=0.5)


class PlausibleConfig(TomlTable):
    """How often the set of levels shall hold the true one."""

    coverage: float = Field(gt=0, lt=1)
    coverage_protection: float = Field(gt=0, lt=1)


class LocalConfig(TomlTable):
    """How much a council's own contact counts beside one of the corpus."""

    weight: float = Field(default=1.0, gt=0)


class ContrastsConfig(TomlTable):
    """How much a contact of the contrast sets counts beside one of the corpus; 0: not learnt."""

    weight: float = Field(default=0.0, ge=0)


class SentenceBlocksConfig(TomlTable):
    """The kinds of term that a sentence has."""

    words: BlockConfig
    parts: BlockConfig
    around: BlockConfig
    place: BlockConfig


class DocumentBlocksConfig(TomlTable):
    """The kinds of term that a whole contact has."""

    words: BlockConfig
    parts: BlockConfig
    threes: BlockConfig
    near: BlockConfig


class TfidfConfig(TomlTable):
    """A training run of the TF-IDF reader."""

    name: str
    version: str
    seed: int
    folds: int = Field(ge=2)
    sentence_blocks: SentenceBlocksConfig
    document_blocks: DocumentBlocksConfig
    elements: HeadConfig
    status: HeadConfig
    level: HeadConfig
    certainty: HeadConfig
    domains: HeadConfig
    urgency: HeadConfig
    notification: HeadConfig
    soft: SoftConfig
    plausible: PlausibleConfig
    contrasts: ContrastsConfig = ContrastsConfig()
    local: LocalConfig = LocalConfig()

    def takes(self, contrasts: Sequence[LabelledContact]) -> tuple[LabelledContact, ...]:
        """Give what of the contrast sets is learnt: all, or nothing where they weigh nothing."""
        return tuple(contrasts) if self.contrasts.weight else ()


def load_config(path: Path) -> TfidfConfig:
    """Give the training run that the TOML file at *path* describes.

    Raises:
        ArtefactError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    return load_toml(path, TfidfConfig)
