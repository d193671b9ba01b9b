"""The record is laid beside the labels rightly."""

from __future__ import annotations

import pytest

from annotation.labels import LabelledSentence
from evaluation.outcomes import covers, from_labels, mark_sentences, to_contact
from nlp.domain import Element, Level, SafetyFlag, Span
from tests.evaluation.builders import make_labelled, make_present


def _labelled(start: int, end: int) -> LabelledSentence:
    return LabelledSentence(start, end, frozenset(), ())


@pytest.mark.parametrize(
    ("evidence", "sentence", "expected"),
    [
        pytest.param((0, 10), (0, 10), True, id="the same stretch"),
        pytest.param((2, 6), (0, 10), True, id="a part of the sentence"),
        pytest.param((0, 30), (10, 20), True, id="two sentences run together"),
        pytest.param((0, 10), (5, 15), True, id="half of the shorter"),
        pytest.param((0, 10), (6, 16), False, id="less than half of the shorter"),
        pytest.param((0, 10), (10, 20), False, id="neighbours"),
    ],
)
def test_evidence_covers_a_sentence_when_they_share_half_of_the_shorter(
    *, evidence: tuple[int, int], sentence: tuple[int, int], expected: bool
) -> None:
    assert covers(Span(*evidence), _labelled(*sentence)) is expected


def test_a_sentence_split_too_finely_is_marked_once() -> None:
    marked = mark_sentences(
        [_labelled(0, 20), _labelled(21, 40)],
        {Element.CONCERN: [Span(0, 9), Span(10, 20)], Element.HISTORY: [Span(21, 40)]},
    )
    assert marked == (frozenset({Element.CONCERN}), frozenset({Element.HISTORY}))


def test_no_label_goes_into_the_product() -> None:
    labelled = make_labelled(level=Level.CHILD_PROTECTION)
    contact = to_contact(labelled)
    assert (contact.text, contact.form, contact.agency, contact.earlier_contacts) == (
        labelled.text,
        labelled.form,
        labelled.agency,
        None,
    )


def test_an_annotators_labels_stand_as_a_prediction() -> None:
    labelled = make_labelled(
        level=Level.CHILD_IN_NEED,
        alternative_level=Level.EARLY_HELP,
        flags={1: make_present(SafetyFlag.WEAPON)},
    )
    said = from_labels(labelled)
    assert said.plausible == (Level.EARLY_HELP, Level.CHILD_IN_NEED)
    assert said.flags == {SafetyFlag.WEAPON}
    assert said.evidence == tuple(sentence.elements for sentence in labelled.sentences)
    assert said.inappropriate is None
