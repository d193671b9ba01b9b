"""What leaders read for what a chart shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from api.figures.funnel import Place
from api.figures.xmr import Rule, Variation
from nlp.rule_files import RuleFile, loader_of


class FigureWords(RuleFile):
    """Words for every code of a chart."""

    rules: Mapping[Rule, str]
    variations: Mapping[Variation, str]
    places: Mapping[Place, str]


load_words = loader_of(Path(__file__).with_suffix(".yaml"), FigureWords)
