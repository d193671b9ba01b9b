"""What leaders read for what a chart shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from api.figures.funnel import Place
from api.figures.xmr import Rule, Variation
from nlp.rule_files import RuleFile, load_rule_file


class FigureWords(RuleFile):
    """Words for every code of a chart."""

    rules: Mapping[Rule, str]
    variations: Mapping[Variation, str]
    places: Mapping[Place, str]


@cache
def load_words() -> FigureWords:
    """Give the words.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(Path(__file__).parent / "words.yaml", FigureWords)
