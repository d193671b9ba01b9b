"""Read a TOML file into a typed object, and say every mistake in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import ArtefactError

Schema = TypeVar("Schema", bound="TomlTable")


class TomlTable(BaseModel):
    """A file or a table of one; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load_toml(path: Path, schema: type[Schema]) -> Schema:
    """Give what the file at *path* says.

    Raises:
        ArtefactError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArtefactError(f"{path.name}: cannot be read as TOML ({error})") from None
    return read_toml(source, schema, name=path.name)


def read_toml(source: str, schema: type[Schema], *, name: str) -> Schema:
    """Give what the text of a file says; *name* is the file's, for messages.

    Raises:
        ArtefactError: If it is not TOML or breaks the schema; every mistake is listed.
    """
    try:
        return schema.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        raise ArtefactError(f"{name}: cannot be read as TOML ({error})") from None
    except ValidationError as error:
        mistakes = (
            f"{name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
            for detail in error.errors(include_url=False)
        )
        raise ArtefactError("\n".join(mistakes)) from None
