"""Where does one sentence end and the next begin?

A contact is written in lines: every line break ends a sentence. Within a line, its words tell
(`nlp.sentence_starts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from threading import Lock

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.domain import Span
from nlp.sentence_starts import load_start_finder

_CHUNKS = re.compile(r"([^ \n]+|\n[ \n]*| +)( ?)")
_BREAKS = "breaks"
_START, _INSIDE = 1, -1


class ChunkTokenizer:
    """Give spaCy the runs of characters between spaces, and line breaks, as tokens.

    Sentences only ever begin after a space or a line break, so finer tokens are not needed, and
    time stays linear where spaCy's own tokenizer is quadratic in a long run of punctuation.
    """

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The chunks of *text*; their text joined is *text* again."""
        chunks = _CHUNKS.findall(text)
        return Doc(
            self._vocab,
            words=[chunk for chunk, _ in chunks],
            spaces=[bool(space) for _, space in chunks],
        )


@Language.component("contact_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Mark every token of *doc* as the start of a sentence or not; a part of a spaCy pipeline."""
    words = [token.text for token in doc]
    find = load_start_finder().find
    starts = {
        line[start] for line in _to_lines(words) for start in find([words[at] for at in line])
    }
    starts.update(_after_breaks(doc, words))
    marks = np.full(len(doc), _INSIDE, dtype=np.int64)
    marks[sorted(starts)] = _START
    # In one go: spaCy checks the whole document each time a token's own mark is set.
    return doc.from_array(["SENT_START"], marks.astype(np.uint64))  # type: ignore[arg-type]


def _after_breaks(doc: Doc, words: Sequence[str]) -> Iterator[int]:
    """The position of the first word at or after each of the breaks asked for."""
    breaks = doc.user_data.get(_BREAKS)
    if not breaks:
        return
    pending = False
    for position, token in enumerate(doc):
        if pending and not words[position].isspace():
            yield position
            pending = False
        pending = pending or token.idx + len(token) in breaks


def _to_lines(words: Sequence[str]) -> Iterator[list[int]]:
    """The positions of each line's words, without its white space; no line is empty."""
    line: list[int] = []
    for position, word in enumerate(words):
        if word[0] == "\n":
            if line:
                yield line
            line = []
        elif word[0] != " ":
            line.append(position)
    if line:
        yield line


@cache
def load_language() -> Language:
    """The pipeline: spaCy's blank English with our tokens and our sentence boundaries."""
    language = spacy.blank("en")
    # What spaCy would work out of every new word (its shape, whether it is a web address, ...): we
    # ask for none of it, and the vocabulary is empty again after each text.
    language.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]  # not in its stubs
    language.tokenizer = ChunkTokenizer(language.vocab)
    language.add_pipe("contact_sentences")
    return language


# A memory zone belongs to the whole vocabulary, so one text at a time.
_ZONE = Lock()


def split_sentences(text: str, *, breaks: frozenset[int] = frozenset()) -> list[Span]:
    """Where each sentence of normalised *text* stands, without the white space around it.

    A sentence also ends at each of *breaks*, offsets into *text*. spaCy's vocabulary forgets the
    words of the text when this returns.
    """
    language = load_language()
    with _ZONE, language.memory_zone():
        doc = language.make_doc(text)
        doc.user_data[_BREAKS] = breaks
        bounds = [(sentence.start_char, sentence.end_char) for sentence in language(doc).sents]
    return list(_without_space(text, bounds))


def _without_space(text: str, bounds: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Each stretch without the white space around it; none that is nothing else."""
    for start, end in bounds:
        written = text[start:end]
        bare = written.strip()
        if bare:
            first = start + len(written) - len(written.lstrip())
            yield Span(first, first + len(bare))
