"""What partners read for the codes of sending."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from api.store.codes import Relation, Stage
from nlp.rule_files import RuleFile, loader_of
from nlp.rule_schemas import RulePart, Words


class NotSentWords(RulePart):
    """Why something was not sent, and what to do."""

    signed_out: Words
    signed_in_again: Words
    no_referrer: Words
    sent_before: Words


class _WordsFile(RuleFile):
    not_sent: NotSentWords
    relations: Mapping[Relation, Words]
    stages: Mapping[Stage, Words]


def relation_names() -> Mapping[str, str]:
    """Give what each relation to the child is called."""
    return {code.value: name for code, name in _load().relations.items()}


def stage_names() -> Mapping[str, str]:
    """Give what each stage is called to those who sent."""
    return {code.value: name for code, name in _load().stages.items()}


def not_sent_words() -> NotSentWords:
    """Give why something was not sent, in words."""
    return _load().not_sent


_load = loader_of(Path(__file__).with_suffix(".yaml"), _WordsFile)
