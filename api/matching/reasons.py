"""The plain words for why two contacts may be about one child or family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from nlp.rule_files import RuleFile, load_rule_file

_FILE = Path(__file__).parent / "reasons.yaml"


class ReasonFile(RuleFile):
    """Words for what speaks for a match and what speaks against it, in the order to show them."""

    reasons: Mapping[str, str]
    differences: Mapping[str, str]


@cache
def load_reasons() -> ReasonFile:
    """Give the words by code, such as ``surname.sounds``.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(_FILE, ReasonFile)


def put_reasons(codes: Iterable[str]) -> tuple[str, ...]:
    """Give the words of what speaks for a match, strongest kind first."""
    found = set(codes)
    return tuple(words for code, words in load_reasons().reasons.items() if code in found)


def put_differences(codes: Iterable[str]) -> tuple[str, ...]:
    """Give the words of what speaks against a match."""
    found = set(codes)
    return tuple(words for code, words in load_reasons().differences.items() if code in found)
