"""Read a rule file and say every mistake in it with file, rule and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import RulebookError

try:  # libyaml reads the rulebook several times as fast; its wheels are not on every platform.
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

RULEBOOK = Path(__file__).parent / "rulebook"

Schema = TypeVar("Schema", bound="RuleFile")


class RuleFile(BaseModel):
    """The schema of one kind of rule file; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load_rule_file(path: Path, schema: type[Schema]) -> Schema:
    """Give the checked content of the YAML file at *path*.

    Raises:
        RulebookError: If the file cannot be read, is not YAML, or breaks the schema; the
            message lists every mistake, a line each.
    """
    content = _parse(path)
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        raise RulebookError("\n".join(_mistakes(path, content, error))) from None


def loader_of(path: Path, schema: type[Schema]) -> Callable[[], Schema]:
    """Give a function that gives the checked content of the file at *path*, and reads it once.

    It raises what `load_rule_file` raises.
    """
    return cache(lambda: load_rule_file(path, schema))


def _parse(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=SafeLoader)
    except OSError as error:
        raise RulebookError(f"{path.name}: cannot be read ({error.strerror})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise RulebookError(
            f"{path.name}{where}: is not valid YAML; check indentation, colons and quotation marks"
        ) from None


def _mistakes(path: Path, content: Any, error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_context=False):
        steps = [str(step) for step in detail["loc"]]
        rule = _rule_id(content, detail["loc"])
        where = f"{path.name}, rule {rule}" if rule else path.name
        yield f"{where}: {'.'.join(steps) or 'file'}: {detail['msg']}"


def _rule_id(content: Any, steps: tuple[int | str, ...]) -> str | None:
    """The innermost ``id`` on the way to the mistake."""
    found = None
    for step in steps:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(content, dict) and "id" in content:
            found = str(content["id"])
    return found
