"""Fictional contacts that the demonstration offers to try."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nlp.domain import Agency
from nlp.rule_files import RuleFile, load_rule_file

_FILE = Path(__file__).parent / "examples.yaml"


class Example(RuleFile):
    """One contact to try, and the layout of the form it is shown in."""

    id: str
    title: str
    layout: str
    agency: Agency
    text: str


class ExampleFile(RuleFile):
    """All the contacts to try, in order."""

    examples: tuple[Example, ...]


@cache
def load_examples() -> Mapping[str, Example]:
    """Give the examples by id.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return {each.id: each for each in load_rule_file(_FILE, ExampleFile).examples}
