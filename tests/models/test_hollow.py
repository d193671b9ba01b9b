"""Which sentences say nothing, and are set aside."""

from __future__ import annotations

import numpy as np
import pytest

from models.hollow import (
    BESIDE,
    HIGHEST,
    LOWEST,
    PARAGRAPH,
    HollowFinder,
    HollowModel,
    paragraphs_of,
    terms_of,
    with_neighbours,
)
from nlp.document import read_document

KNOWN = frozenset({"she", "he", "cried", "footer", "policy", "a", "at", "home"})
MODEL = HollowModel(
    terms={"footer": 3.0, "policy": 1.2, "cried": -3.0},
    vector=(0.5, 0.0),
    intercept=-1,
    hollow_from=1,
)


def find(text: str, *, telling: tuple[int, ...] = ()) -> list[int]:
    document = read_document(text)
    nothing = np.zeros((len(document.sentences), 2))
    return sorted(HollowFinder(MODEL, KNOWN).find(document, nothing, telling=telling))


def test_what_says_nothing_is_found_and_the_rest_stays() -> None:
    assert find("A footer.\nShe cried at home.\nA footer.") == [0, 2]
    assert find("A footer.\nShe cried at home.", telling=(0,)) == []


def test_a_hollow_neighbour_makes_a_sentence_hollower() -> None:
    assert find("She cried.\nA policy.\nShe cried.") == []
    assert find("A footer.\nA policy.\nShe cried.") == [0]
    strong = MODEL.model_copy(update={"hollow_from": 0.6})
    document = read_document("A footer.\nA policy.\nShe cried.")
    assert HollowFinder(strong, KNOWN).find(document, np.zeros((3, 2))) == {0, 1}


def test_all_may_be_hollow() -> None:
    assert find("A footer.") == [0]
    assert find("A footer.\nA footer policy.") == [0, 1]


def test_a_heading_stays_as_long_as_something_stands_under_it() -> None:
    hollow = "FOOTER\n"
    form = "CONSENT\nShe cried at home.\nFAMILY\nA footer.\n"
    headings = HollowModel(
        terms={"consent": 9.0, "?A": 9.0, "footer": 3.0},
        vector=(0.0, 0.0),
        intercept=0,
        hollow_from=1,
    )
    document = read_document(form + hollow)
    assert [s.is_heading for s in document.sentences][:3] == [True, False, True]
    nothing = np.zeros((len(document.sentences), 2))
    found = HollowFinder(headings, KNOWN).find(document, nothing)
    assert {0, 1}.isdisjoint(found)
    assert {2, 3} <= found


def test_a_vector_counts() -> None:
    document = read_document("She cried.\nHe.")
    vectors = np.array([[0.0, 0.0], [8.0, 0.0]])
    assert HollowFinder(MODEL, KNOWN).find(document, vectors) == {1}


def test_a_name_a_sex_and_a_number_are_read_as_any_other() -> None:
    one = list(terms_of("Ayesha cried at 10, she cried.", known=KNOWN))
    other = list(terms_of("Tom cried at 12, he cried.", known=KNOWN))
    assert one == other
    assert "0" in one


def test_how_much_is_unknown_is_told() -> None:
    terms = list(terms_of("wob flarn cried teth", known=KNOWN))
    assert terms.count("?") == 3
    assert "unknown 4" in terms
    assert "words 2" in terms


def test_a_neighbour_counts_within_bounds() -> None:
    beside = with_neighbours(np.array([0.0, 99.0, -99.0]), [False] * 3, [0, 1, 2])
    assert beside == pytest.approx([BESIDE * HIGHEST, 99 + BESIDE * 0, -99 + BESIDE * HIGHEST])
    alone = with_neighbours(np.array([2.0]), [False], [0])
    assert alone == pytest.approx([2 + BESIDE * LOWEST])


def test_a_heading_lends_nothing() -> None:
    beside = with_neighbours(np.array([9.0, 1.0]), [True, False], [0, 0])
    assert beside == pytest.approx([9 + BESIDE, 1 + BESIDE * LOWEST])


def test_a_hollow_paragraph_makes_a_sentence_hollower_and_a_telling_one_no_less() -> None:
    scores, none = np.array([1.0, 0.0, 2.0, -9.0]), [False] * 4
    apart = with_neighbours(scores, none, [0, 1, 2, 3])
    together = with_neighbours(scores, none, [0, 0, 0, 1])
    assert together - apart == pytest.approx([PARAGRAPH * e for e in (1.0, 1.5, 0.5, 0.0)])
    beside = with_neighbours(scores, none, [0, 1, 2, 2])
    assert beside - apart == pytest.approx([0, 0, 0, PARAGRAPH * 2.0])


def test_an_empty_line_and_a_heading_part_paragraphs() -> None:
    text = "She cried. He left.\nHe slept.\r\n \t\r\nA policy. A footer.\n\n\nShe cried."
    assert paragraphs_of(read_document(text)) == [0, 0, 0, 1, 1, 2]
    assert paragraphs_of(read_document("CONSENT\nShe cried.\nFAMILY\nHe left.")) == [0, 0, 1, 1]
