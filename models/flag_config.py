"""A training run of the flag reader as one file, read into a typed object."""

from __future__ import annotations

import tomllib

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.errors import ArtefactError


class FlagConfig(BaseModel):
    """What is fitted, and from what probability a flag is raised.

    ``every`` takes that share of the corpus' sentences that neither a label nor a rule flags, each
    weighing as many; ``wide`` weighs the flag sentences beside the corpus.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
    try:
        return FlagConfig.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        raise ArtefactError(f"flags.toml: cannot be read as TOML ({error})") from None
    except ValidationError as error:
        raise ArtefactError(
            "\n".join(
                f"flags.toml: {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
                for detail in error.errors(include_url=False)
            )
        ) from None
