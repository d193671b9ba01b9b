"""A training run of the flag reader as one file, read into a typed object."""

from __future__ import annotations

from pydantic import Field

from models.toml_files import TomlTable, read_toml


class FlagConfig(TomlTable):
    """What is fitted, and from what probability a flag is raised.

    ``every`` takes that share of the corpus' sentences that neither a label nor a rule flags, each
    weighing as many; ``wide`` weighs the flag sentences beside the corpus.
    """

    name: str
    version: str
    every: int = Field(ge=1)
    wide: float = Field(gt=0)
    cost: float = Field(gt=0)
    iterations: int = Field(ge=1)
    raised_from: float = Field(gt=0, lt=1)


def read_flag_config(source: str) -> FlagConfig:
    """Give the run that the TOML text *source* describes.

    Raises:
        ArtefactError: If it is not TOML or breaks the schema; every mistake is listed.
    """
    return read_toml(source, FlagConfig, name="flags.toml")
