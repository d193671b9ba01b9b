"""Vague wording, which names an element and says nothing of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from nlp.assessment import Evidence
from nlp.domain import Document, Element
from nlp.matching import Match
from nlp.patterns import words_of
from nlp.rule_schemas import VagueRuleText
from nlp.rules import Rulebook


def find_vague(document: Document, rulebook: Rulebook) -> Mapping[Element, tuple[Evidence, ...]]:
    """Give the sentences that are vague about an element, for each element that has any.

    A sentence counts only where it says little more than the vague wording.
    """
    found: dict[Element, list[Evidence]] = defaultdict(list)
    for sentence in document.sentences:
        quote = document.text[sentence.start : sentence.end]
        evidence = Evidence(start=sentence.start, end=sentence.end, quote=quote, probability=None)
        for element in _vague_elements(words_of(sentence.text), rulebook):
            found[element].append(evidence)
    return {element: tuple(evidence) for element, evidence in found.items()}


def _vague_elements(words: str, rulebook: Rulebook) -> list[Element]:
    matches = list(rulebook.vague.find(words))
    if not matches:
        return []
    spare = _words_left(words, matches, rulebook.filler)
    return list(
        dict.fromkeys(
            element
            for match in matches
            if spare <= match.key.spare
            for element in match.key.elements
        )
    )


def _words_left(words: str, matches: list[Match[VagueRuleText]], filler: frozenset[str]) -> int:
    """How many words carry meaning outside the vague wording."""
    kept, position = [], 0
    for start, end in sorted((match.start, match.end) for match in matches):
        kept.append(words[position : max(position, start)])
        position = max(position, end)
    kept.append(words[position:])
    return sum(word not in filler and word.isalnum() for word in " ".join(kept).split())
