"""How a batch is chosen, as one file read into a typed object."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nlp.errors import ArtefactError

CONFIG = Path(__file__).with_name("choosing.toml")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Part):
    """What each signal weighs; see the file for the reasons."""

    doubt: float = Field(ge=0)
    level_set: float = Field(ge=0)
    novelty: float = Field(ge=0)

    @model_validator(mode="after")
    def _weigh_something(self) -> Weights:
        if not self.doubt + self.level_set + self.novelty > 0:
            raise ValueError("all weights are 0; give one signal a weight")
        return self


class ChoosingConfig(_Part):
    """``random_share`` of a batch is drawn at random; ``agency_power`` sets each fair share."""

    random_share: float = Field(ge=0, le=1)
    agency_power: float = Field(ge=0, le=1)
    weights: Weights


def load_choosing_config(path: Path = CONFIG) -> ChoosingConfig:
    """Give what the TOML file at *path* says.

    Raises:
        ArtefactError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    try:
        return ChoosingConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArtefactError(f"{path.name}: cannot be read as TOML ({error})") from None
    except ValidationError as error:
        raise ArtefactError(
            "\n".join(
                f"{path.name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
                for detail in error.errors(include_url=False)
            )
        ) from None
