"""Read JSON Lines: every mistake at once, by line, and never a word of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from nlp.errors import CorpusError, ReferralQualityError

Given = TypeVar("Given", bound=BaseModel)
Made = TypeVar("Made")


def read_lines(path: Path) -> list[str]:
    """Give the lines of a JSON Lines file.

    Raises:
        CorpusError: If it cannot be read as UTF-8.
    """
    try:
        # Not splitlines: a contact may hold other line separators, which JSON leaves as they are.
        return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path.name}: cannot be read ({type(error).__name__}); give a UTF-8 JSON Lines file"
        ) from None


def read_records(
    path: Path,
    schema: type[Given],
    make: Callable[[Given], Made],
    *,
    once: Callable[[Given], str] | None = None,
) -> tuple[Made, ...]:
    """Give what *make* makes of each line, which holds one record of *schema*, in order.

    *once* gives of a record the id that no other may have.

    Raises:
        CorpusError: If the file cannot be read, a line holds a mistake, or *make* refuses one; the
            message has a line for each mistake.
    """
    made: list[Made] = []
    mistakes: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(read_lines(path), start=1):
        where = f"{path.name}, line {number}"
        try:
            record = schema.model_validate_json(line)
            if once is not None:
                _check_once(once(record), seen)
            made.append(make(record))
        except ValidationError as error:
            mistakes += (f"{where}: {each}" for each in mistakes_of_form(error))
        except ReferralQualityError as error:
            mistakes.append(f"{where}: {error}")
    if mistakes:
        raise CorpusError("\n".join(mistakes))
    return tuple(made)


def _check_once(code: str, seen: set[str]) -> None:
    if code in seen:
        raise CorpusError("id: stands twice; give each its own")
    seen.add(code)


def mistakes_of_form(error: ValidationError) -> Iterator[str]:
    """Pydantic's messages, less the input, which may be words of a contact."""
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        yield f"{'.'.join(str(step) for step in detail['loc'])}: {detail['msg']}"
