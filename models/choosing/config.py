"""How a batch is chosen, as one file read into a typed object."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from models.toml_files import TomlTable, load_toml

CONFIG = Path(__file__).with_name("choosing.toml")


class Weights(TomlTable):
    """What each signal weighs; see the file for the reasons."""

    doubt: float = Field(ge=0)
    level_set: float = Field(ge=0)
    novelty: float = Field(ge=0)

    @model_validator(mode="after")
    def _weigh_something(self) -> Weights:
        if not self.doubt + self.level_set + self.novelty > 0:
            raise ValueError("all weights are 0; give one signal a weight")
        return self


class ChoosingConfig(TomlTable):
    """``random_share`` of a batch is drawn at random; ``agency_power`` sets each fair share."""

    random_share: float = Field(ge=0, le=1)
    agency_power: float = Field(ge=0, le=1)
    weights: Weights


def load_choosing_config(path: Path = CONFIG) -> ChoosingConfig:
    """Give what the TOML file at *path* says.

    Raises:
        ArtefactError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    return load_toml(path, ChoosingConfig)
