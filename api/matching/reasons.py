"""The plain words for why two contacts may be about one child or family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nlp.rule_files import RuleFile, loader_of


class ReasonFile(RuleFile):
    """Words for what speaks for a match and what speaks against it, in the order to show them."""

    reasons: Mapping[str, str]
    differences: Mapping[str, str]


load_reasons = loader_of(Path(__file__).with_suffix(".yaml"), ReasonFile)


def put_reasons(codes: Iterable[str]) -> tuple[str, ...]:
    """Give the words of what speaks for a match, strongest kind first."""
    found = set(codes)
    return tuple(words for code, words in load_reasons().reasons.items() if code in found)


def put_differences(codes: Iterable[str]) -> tuple[str, ...]:
    """Give the words of what speaks against a match."""
    found = set(codes)
    return tuple(words for code, words in load_reasons().differences.items() if code in found)
