"""What is counted of a sentence and of a contact."""

from __future__ import annotations

from models.features import fit_block, near_terms, parts_of, read_words, three_terms
from nlp.document import read_document

KNOWN = frozenset(["bruises", "seen", "on", "the", "baby", "has", "bruising", "a", "was"])


def terms_of(text: str, find: object) -> list[str]:
    (sentence,) = read_words(read_document(text), known=KNOWN)
    assert callable(find)
    return list(find(sentence))


def test_the_same_fact_in_another_order_and_form_shares_a_near_term() -> None:
    one = terms_of("bruises seen on the baby.", near_terms)
    other = terms_of("the baby has bruising.", near_terms)
    assert {*one} & {*other} == {"baby&bruis"}


def test_near_terms_grow_as_the_sentence_does() -> None:
    short = terms_of(" ".join(f"word{chr(97 + i)}" for i in range(20)), near_terms)
    long = terms_of(" ".join(f"{chr(97 + i % 26)}ord{i}{i}" for i in range(2000)), near_terms)
    assert len(long) <= 8 * 4000
    assert len(short) <= 8 * 20


def test_three_words_that_follow_each_other_are_one_term() -> None:
    assert terms_of("bruises seen on the", three_terms) == ["bruises seen on", "seen on the"]


def test_a_block_that_splits_words_counts_what_it_would_count_of_their_parts() -> None:
    words = [["bruise", "bruises", "arm"], [], ["arm", "arm", "unheard"]]
    parts = [[part for word in row for part in parts_of(word)] for row in words]
    taught = (["a", "b", "a"], 0.7, 1)
    by_word, by_part = (
        fit_block(rows, taught[0], weight=taught[1], at_least=taught[2], split=split)
        for rows, split in ((words, parts_of), (parts, None))
    )
    assert by_word.vocabulary == by_part.vocabulary
    for given, expected in (([], []), (words, parts), (words[::-1], parts[::-1])):
        one, other = by_word.transform(given), by_part.transform(expected)
        assert one.shape == other.shape
        assert abs(one - other).sum() == 0
