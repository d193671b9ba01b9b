"""Vague wording: where it counts, and where the sentence says more."""

from __future__ import annotations

import pytest

from nlp.document import read_document
from nlp.domain import Element
from nlp.rule_schemas import VagueRuleText
from nlp.rules import load_rulebook
from nlp.vague import find_vague

BOOK = load_rulebook()


def _examples(*, vague: bool) -> list[tuple[VagueRuleText, str]]:
    return [
        (rule, text)
        for rule in BOOK.vague_rules
        for text in (rule.matches if vague else rule.does_not_match)
    ]


def _id(parameter: object) -> str | None:
    return getattr(parameter, "id", None)


@pytest.mark.parametrize(("rule", "text"), _examples(vague=True), ids=_id)
def test_a_rule_finds_its_vague_examples(rule: VagueRuleText, text: str) -> None:
    assert set(rule.elements) <= set(find_vague(read_document(text), BOOK))


@pytest.mark.parametrize(("rule", "text"), _examples(vague=False), ids=_id)
def test_a_rule_leaves_a_sentence_that_says_more(rule: VagueRuleText, text: str) -> None:
    assert not set(rule.elements) & set(find_vague(read_document(text), BOOK))


def test_evidence_quotes_the_sentence_and_has_no_probability() -> None:
    text = "Concern about home life. The family are known to services."

    (evidence,) = find_vague(read_document(text), BOOK)[Element.HISTORY]

    assert evidence.quote == "The family are known to services."
    assert text[evidence.start : evidence.end] == evidence.quote
    assert evidence.probability is None


def test_one_sentence_may_be_vague_about_two_elements() -> None:
    found = find_vague(read_document("Parents aware, no concerns."), BOOK)

    assert {Element.PARENT_VIEW, Element.IMMEDIATE_SAFETY} <= set(found)
