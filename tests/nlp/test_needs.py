"""The needs that a text raises, and the sentences that weighed most in saying so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.assessment import DomainFinding
from nlp.document import read_document
from nlp.domain import Contact, Form, NeedDomain
from nlp.needs import MOST_QUOTED, find_needs
from tests.fakes import FakeReader

TEXT = (
    "What happened:\nHe was hungry. Mum was drunk again. He had no coat. He was dirty. He is six."
)
READER = FakeReader(domains=frozenset({NeedDomain.NEGLECT}))


def needs(*weights: float) -> tuple[DomainFinding, ...]:
    document = read_document(TEXT)
    assert not weights or len(weights) == len(document.sentences)
    reading = READER.read(Contact(TEXT, Form.REFERRAL), document)
    if weights:
        reading = replace(reading, weights={NeedDomain.NEGLECT: weights})
    return find_needs(document, reading, READER.thresholds)


def quotes(*weights: float) -> list[str]:
    (need,) = needs(*weights)
    for each in need.evidence:
        assert TEXT[each.start : each.end] == each.quote
        assert each.probability is None
    return [each.quote.strip() for each in need.evidence]


def test_the_heaviest_sentences_are_quoted_heaviest_first() -> None:
    assert quotes(0, 0.8, 0.1, 1.0, -1, 0) == ["He had no coat.", "He was hungry."]


def test_no_more_than_a_few_are_quoted_and_never_a_heading() -> None:
    found = quotes(9, 1.0, 1.1, 1.2, 1.3, 1.4)
    assert len(found) == MOST_QUOTED
    assert found[0] == "He is six."


def test_what_speaks_against_a_need_is_no_evidence_of_it() -> None:
    assert quotes(0, -0.1, -2, -0.3, -0.4, -5) == []


def test_a_reader_that_cannot_tell_quotes_nothing() -> None:
    assert quotes() == []


def test_a_weight_for_every_sentence_is_asked() -> None:
    document = read_document(TEXT)
    reading = READER.read(Contact(TEXT, Form.REFERRAL), document)
    with pytest.raises(ValueError, match="longer"):
        find_needs(
            document,
            replace(reading, weights={NeedDomain.NEGLECT: [1.0]}),
            READER.thresholds,
        )
