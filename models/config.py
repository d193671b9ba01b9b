"""A training run as one file, read into a typed object and saved beside what it made."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.errors import ArtefactError


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BlockConfig(_Part):
    """What a kind of term weighs, and in how many rows a term must stand."""

    weight: float = Field(gt=0)
    at_least: int = Field(ge=1)


class HeadConfig(_Part):
    """How a family of linear questions is fitted; see `models.fitting.fit_heads`."""

    cost: float = Field(gt=0)
    balance: float = Field(ge=0, le=1)
    smoothing: float = Field(gt=0)
    emphasis: float = Field(ge=0, le=1)


class SoftConfig(_Part):
    """How much a second label counts."""

    alternative_level: float = Field(ge=0, le=0.5)


class PlausibleConfig(_Part):
    """How often the set of levels shall hold the true one."""

    coverage: float = Field(gt=0, lt=1)
    coverage_protection: float = Field(gt=0, lt=1)


class LocalConfig(_Part):
    """How much a council's own contact counts beside one of the corpus."""

    weight: float = Field(default=1.0, gt=0)


class SentenceBlocksConfig(_Part):
    """The kinds of term that a sentence has."""

    words: BlockConfig
    parts: BlockConfig
    around: BlockConfig
    place: BlockConfig


class DocumentBlocksConfig(_Part):
    """The kinds of term that a whole contact has."""

    words: BlockConfig
    parts: BlockConfig
    threes: BlockConfig
    near: BlockConfig


class TfidfConfig(_Part):
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
    local: LocalConfig = LocalConfig()


def load_config(path: Path) -> TfidfConfig:
    """Give the training run that the TOML file at *path* describes.

    Raises:
        ArtefactError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    try:
        content: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        return TfidfConfig.model_validate(content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArtefactError(f"{path.name}: cannot be read as TOML ({error})") from None
    except ValidationError as error:
        mistakes = (
            f"{path.name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
            for detail in error.errors(include_url=False)
        )
        raise ArtefactError("\n".join(mistakes)) from None
