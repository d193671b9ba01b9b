"""Sentences set aside, and a reading that answers for all."""

from __future__ import annotations

from models.set_aside import with_all, with_none, without
from nlp.document import read_document
from nlp.domain import Contact, Element, Form, NeedDomain
from tests.fakes import FakeReader

TEXT = "First. Second. Third."
READER = FakeReader(evidence={Element.CONCERN: "Third"}, weights={NeedDomain.NEGLECT: "Third"})


def test_what_is_left_stands_where_it_stood() -> None:
    document = read_document(TEXT)
    kept = without(document, {1})
    assert [s.text for s in kept.sentences] == ["First.", "Third."]
    assert kept.sentences[1] is document.sentences[2]
    assert kept.text == TEXT


def test_a_reading_answers_for_every_sentence() -> None:
    document = read_document(TEXT)
    reading = READER.read(Contact(TEXT, Form.REFERRAL), without(document, {0}))
    whole = with_all(reading, {0})
    assert whole.not_read == {0}
    assert whole.sentences[1:] == reading.sentences
    assert set(whole.sentences[0].elements.values()) == {0.0}
    assert list(whole.weights[NeedDomain.NEGLECT]) == [0.0, *reading.weights[NeedDomain.NEGLECT]]


def test_where_all_was_read_nothing_changes() -> None:
    reading = READER.read(Contact(TEXT, Form.REFERRAL), read_document(TEXT))
    assert with_all(reading, set()) is reading


def test_where_nothing_tells_anything_no_sentence_bears_anything_out() -> None:
    reading = READER.read(Contact(TEXT, Form.REFERRAL), read_document(TEXT))
    none = with_none(reading)
    assert none.not_read == {0, 1, 2}
    assert not any(chance for said in none.sentences for chance in said.elements.values())
    assert list(none.weights[NeedDomain.NEGLECT]) == [0.0] * 3
    assert set(none.domains.values()) == {0.0}
    assert (none.level, none.status) == (reading.level, reading.status)
