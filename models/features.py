"""Count the words and word parts of a contact: the same features in training and in serving."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from models.words import ages_in, split_words
from nlp.domain import Document, Sentence

Floats = npt.NDArray[np.float32]
Split = Callable[[str], tuple[str, ...]]

SHORTEST_PART, LONGEST_PART = 2, 5
SHORT, BEGINNING, NEAR = 3, 5, 8


@dataclass(frozen=True)
class SentenceWords:
    """The words of one sentence and of what stands around it."""

    own: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    heading: tuple[str, ...]
    marks: tuple[str, ...]


def read_words(document: Document, *, known: frozenset[str]) -> tuple[SentenceWords, ...]:
    """Give the words of each sentence with its neighbours and the heading it stands under."""
    own = [tuple(split_words(s.text, known=known)) for s in document.sentences]
    headings = _headings(document, known)
    return tuple(
        SentenceWords(
            own=words,
            before=own[i - 1] if i else (),
            after=own[i + 1] if i + 1 < len(own) else (),
            heading=headings[i],
            marks=tuple(_marks(document, i)),
        )
        for i, words in enumerate(own)
    )


def _headings(document: Document, known: frozenset[str]) -> list[tuple[str, ...]]:
    """The words of the nearest heading at or before each sentence, in the same section."""
    found: list[tuple[str, ...]] = []
    starts = sorted(document.sections, key=lambda s: s.start)
    position = -1
    words: tuple[str, ...] = ()
    for sentence in document.sentences:
        while position + 1 < len(starts) and starts[position + 1].start <= sentence.start:
            position += 1
            span = starts[position].heading
            text = "" if span is None else document.text[span.start : span.end]
            words = tuple(split_words(text.lower(), known=known))
        found.append(words)
    return found


def _marks(document: Document, number: int) -> Iterable[str]:
    sentence: Sentence = document.sentences[number]
    yield f"§section {sentence.section}"
    if sentence.is_heading:
        yield "§heading"
    if number == 0:
        yield "§first"
    if number >= len(document.sentences) - 2:
        yield "§late"
    if len(sentence.text) < 25:
        yield "§short"
    yield from ages_in(sentence.text)


def word_terms(sentence: SentenceWords) -> list[str]:
    """The words and pairs of words of a sentence."""
    own = sentence.own
    return [*own, *(f"{left} {right}" for left, right in pairwise(own))]


def own_words(sentence: SentenceWords) -> Sequence[str]:
    """The words of a sentence, which `parts_of` splits."""
    return sentence.own


def around_terms(sentence: SentenceWords) -> list[str]:
    """The words of the sentences before and after, told apart."""
    return [*(f"<{word}" for word in sentence.before), *(f">{word}" for word in sentence.after)]


def place_terms(sentence: SentenceWords) -> list[str]:
    """The words of the heading, and where and how the sentence stands."""
    return [*(f"#{word}" for word in sentence.heading), *sentence.marks]


def parts_of(word: str) -> tuple[str, ...]:
    """Give the parts of two to five characters of a word with a space at each end.

    A long word is cut, not refused.
    """
    padded = f" {word[:30]} "
    return tuple(
        padded[start : start + size]
        for size in range(SHORTEST_PART, LONGEST_PART + 1)
        for start in range(len(padded) - size + 1)
    )


Terms = Callable[[SentenceWords], Sequence[str]]

SENTENCE_BLOCKS: Mapping[str, Terms] = {
    "words": word_terms,
    "parts": own_words,
    "around": around_terms,
    "place": place_terms,
}

SPLIT: Mapping[str, Split] = {"parts": parts_of}
"""What makes the terms of a block out of the words that are found for it."""

REMEMBERED_WORDS = 20_000


@dataclass(frozen=True)
class Block:
    """One kind of term: those that count, each with its inverse document frequency.

    Rows are weighted (1 + log count) * idf, brought to length 1 and multiplied by ``weight``.
    With ``split``, rows are of words, and the terms are what it makes of them.
    """

    vocabulary: Mapping[str, int]
    idf: Floats
    weight: float
    split: Split | None = None

    def transform(self, rows: Sequence[Sequence[str]]) -> csr_matrix:
        """Give the weighted counts, a row each; terms never seen in training count for nothing."""
        return self.weigh(self.count(rows))

    def count(self, rows: Sequence[Sequence[str]]) -> csr_matrix:
        """Count the terms of each row."""
        return self.tally([np.fromiter(self.find(row), dtype=np.int32) for row in rows])

    def find(self, row: Sequence[str]) -> Iterable[int]:
        """Give the number of each term of a row that counts, as often as it stands there."""
        if self.split is None:
            return (i for i in map(self.vocabulary.get, row) if i is not None)
        return chain.from_iterable(map(self._find_parts, row))

    def tally(self, found: Sequence[npt.NDArray[np.int32]]) -> csr_matrix:
        """Count the terms of rows whose terms were found."""
        indices = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
        ends = np.cumsum([0, *map(len, found)], dtype=np.int32)
        counts = csr_matrix(
            (np.ones(len(indices), dtype=np.float32), indices, ends),
            shape=(len(found), len(self.vocabulary)),
        )
        counts.sum_duplicates()
        return counts

    @cached_property
    def _find_parts(self) -> Callable[[str], tuple[int, ...]]:
        """The numbers of a word's terms; a language has few words, so they are remembered."""
        find, split = self.vocabulary.get, self.split or parts_of

        @lru_cache(maxsize=REMEMBERED_WORDS)
        def parts(word: str) -> tuple[int, ...]:
            return tuple(i for i in map(find, split(word)) if i is not None)

        return parts

    def weigh(self, counts: csr_matrix) -> csr_matrix:
        """Weight what `count` gave, in place, row by row."""
        counts.data = (1 + np.log(counts.data)) * self.idf[counts.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(rows, counts.data**2, minlength=counts.shape[0]))
        counts.data = (counts.data * self.weight / lengths[rows]).astype(np.float32)
        return counts


def fit_block(
    rows: Sequence[Sequence[str]],
    authors: Sequence[str],
    *,
    weight: float,
    at_least: int,
    split: Split | None = None,
) -> Block:
    """Choose the terms that stand in *at_least* rows and with two authors or more.

    A term that one author alone uses is likelier a habit or a name than a fact. idf is
    1 + log((1 + rows) / (1 + rows with the term)).
    """
    seen: Counter[str] = Counter()
    by: defaultdict[str, set[str]] = defaultdict(set)
    for row, author in zip(rows, authors, strict=True):
        for term in set(row if split is None else chain.from_iterable(map(split, row))):
            seen[term] += 1
            by[term].add(author)
    enough = min(2, len(set(authors)))
    terms = sorted(t for t, n in seen.items() if n >= at_least and len(by[t]) >= enough)
    idf = [1 + np.log((1 + len(rows)) / (1 + seen[term])) for term in terms]
    numbers = {term: number for number, term in enumerate(terms)}
    return Block(numbers, np.asarray(idf, dtype=np.float32), weight, split)


def document_terms(sentence: SentenceWords) -> list[str]:
    """What a sentence gives to the words of the whole contact."""
    return [*word_terms(sentence), *(mark for mark in sentence.marks if mark.startswith("§age"))]


def three_terms(sentence: SentenceWords) -> list[str]:
    """Three words that follow each other."""
    own = sentence.own
    return [" ".join(three) for three in zip(own, own[1:], own[2:], strict=False)]


def near_terms(sentence: SentenceWords) -> list[str]:
    """Two longer words of a sentence near each other, by how they begin and in either order.

    'Bruises seen on the baby' and 'baby has bruising' share one.
    """
    begun = [word[:BEGINNING] for word in sentence.own if len(word) > SHORT]
    return [
        "&".join(sorted((one, other)))
        for place, one in enumerate(begun)
        for other in begun[place + 1 : place + 1 + NEAR]
        if one != other
    ]


DOCUMENT_BLOCKS: Mapping[str, Terms] = {
    "words": document_terms,
    "parts": own_words,
    "threes": three_terms,
    "near": near_terms,
}
