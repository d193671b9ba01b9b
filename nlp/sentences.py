"""Where does one sentence end and the next begin, in the way partners write?

A contact is written in lines: every line break ends a sentence, and a row of a table is one.
Within a line a sentence ends at a full stop, question mark or exclamation mark, unless the stop
belongs to a short form, an initial or a list number, or stands within quotation marks. A long
stretch without a stop is split where its words say (`nlp.run_ons`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.domain import Span
from nlp.rule_files import RULEBOOK, RuleFile, load_rule_file
from nlp.run_ons import load_run_on_splitter

ABBREVIATIONS = RULEBOOK / "abbreviations.yaml"

MOST_WORDS = 80
"""Of a sentence: what has more is taken for a run-on, though its writer ended it with a stop. In
the corpus, of 167 stretches with a stop and 60 words or more 18 have 80, and half of the boundaries
inside."""

SMALL_FROM = -4.0
"""The log-odds that a sentence begins, stops aside, from which a small letter after a stop begins
one. Of 585 such sentences by a writer who taught nothing 0.97 are found. In the corpus' lines with
capitals, of 109 small letters after a stop, so do 23 of the 48 that begin a sentence, and 21 of 61
others."""

_CHUNKS = re.compile(r"([^ \n]+|\n[ \n]*| +)( ?)")
_BREAKS = "breaks"
_START, _INSIDE = 1, -1
_OPENERS = "\"'([{<*"
_CLOSERS = "\"')]}>*"
_STOPS = ".!?"
_OPENING_MARKS = "\"'(?\u00a3"
_AFTER_QUOTE = ".,;:!?)"
_TABLE_COLUMN = "|"
_LIST_NUMBER = re.compile(r"[(\[]?(?:\d{1,2}|[A-Za-z])[.)]")
_INITIALS = re.compile(r"(?:[a-z]\.)+")
# 'Consent Y. Request': an answer, where 'Mr N. Lang' would be an initial after a title.
_ANSWERS = frozenset({"y.", "n."})
# Words that begin with an apostrophe open no quotation.
_ELISIONS = ("'cause", "'cos", "'coz", "'til", "'till", "'em", "'tis", "'twas", "'bout", "'n")


class Abbreviations(RuleFile):
    """Short forms, in small letters, whose full stop does not end a sentence."""

    always: frozenset[str]
    before_number: frozenset[str]
    before_small_letter: frozenset[str]


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


class SentenceMarker:
    """Decides which tokens start a sentence."""

    def __init__(self, abbreviations: Abbreviations) -> None:
        self._abbreviations = abbreviations

    def mark(self, doc: Doc) -> Doc:
        """Mark every token of *doc* as the start of a sentence or not."""
        words = [token.text for token in doc]
        starts = {position for line in _to_lines(words) for position in self._starts(words, line)}
        starts.update(_after_breaks(doc, words))
        marks = np.full(len(doc), _INSIDE, dtype=np.int64)
        marks[sorted(starts)] = _START
        # In one go: spaCy checks the whole document each time a token's own mark is set.
        return doc.from_array(["SENT_START"], marks.astype(np.uint64))  # type: ignore[arg-type]

    def _starts(self, words: Sequence[str], line: Sequence[int]) -> Iterator[int]:
        """The positions in *words* at which a sentence of *line* starts."""
        chunks = [words[position] for position in line]
        if _TABLE_COLUMN in chunks:
            yield line[0]
            return
        quoted = _within_quotes(chunks)
        begun = _begun_small(chunks)
        firsts = [0]
        for index, (chunk, following) in enumerate(pairwise(chunks)):
            if quoted[index + 1] or not _has_stop(chunk):
                continue
            if not (_may_open(following) or index + 1 in begun):
                continue
            if self._ends(chunk, following, leads=index == firsts[-1]):
                firsts.append(index + 1)
        for first, end in pairwise([*firsts, len(chunks)]):
            starts = [0, *_starts_within(chunks[first:end])]
            yield from (line[first + at] for at in starts if not (at and quoted[first + at]))

    def _ends(self, chunk: str, following: str, *, leads: bool) -> bool:
        """Does the stop of *chunk* end a sentence; *leads* where the chunk began one?"""
        bare = chunk.rstrip(_CLOSERS)
        if bare[-1] != ".":
            return True
        if leads and _LIST_NUMBER.fullmatch(bare):
            return False
        short = bare.lstrip(_OPENERS).lower()
        opening = following.lstrip(_OPENERS)[:1]
        if short in self._abbreviations.before_number and opening.isdigit():
            return False
        if short in self._abbreviations.before_small_letter:
            return opening.isupper()
        if short in self._abbreviations.always:
            return _is_in_capitals(bare) and not _is_in_capitals(following)
        return short in _ANSWERS or not _INITIALS.fullmatch(short)


def _starts_within(chunks: Sequence[str]) -> Iterator[int]:
    """Where sentences start in a stretch in which no stop ends one, save perhaps its last word."""
    if len(chunks) > MOST_WORDS or not _has_stop(chunks[-1]):
        yield from load_run_on_splitter().find_starts(chunks)


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


def _has_stop(chunk: str) -> bool:
    """Does *chunk* end with a stop that follows a letter or digit ('!!!' is decoration)?"""
    bare = chunk.rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _STOPS and any(map(str.isalnum, bare))


def _may_open(chunk: str) -> bool:
    """May *chunk* open a sentence, whatever stands around it?"""
    if chunk[0] in _OPENING_MARKS:
        return True
    opening = chunk.lstrip(_OPENERS)[:1] or chunk[0]
    if opening.islower():
        return False
    return opening.isalnum() or opening in _OPENING_MARKS or unicodedata.category(opening) == "So"


def _opens_small(chunk: str) -> bool:
    return (chunk.lstrip(_OPENERS)[:1] or chunk[0]).islower()


def _begun_small(chunks: Sequence[str]) -> frozenset[int]:
    """The positions of words in small letters that begin a sentence after a stop.

    All do in a line without capitals; in another, those whose surroundings are not against it: some
    writers have capitals for names alone, and others short forms that end with a stop.
    """
    asked = [
        index
        for index, (chunk, following) in enumerate(pairwise(chunks), 1)
        if _has_stop(chunk) and _opens_small(following)
    ]
    if not asked or _is_small(chunks):
        return frozenset(asked)
    scores = load_run_on_splitter().scores(chunks)
    return frozenset(index for index in asked if scores[index - 1] >= SMALL_FROM)


def _is_small(chunks: Sequence[str]) -> bool:
    return not any(character.isupper() for chunk in chunks for character in chunk)


def _is_in_capitals(chunk: str) -> bool:
    letters = [character for character in chunk if character.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _within_quotes(chunks: Sequence[str]) -> list[bool]:
    """Whether each chunk continues a quotation that an earlier chunk opened and a later closes."""
    within = [False] * len(chunks)
    mark, opened = "", 0
    for index, chunk in enumerate(chunks):
        if mark and _closes(chunk, mark):
            within[opened + 1 : index + 1] = [True] * (index - opened)
            mark = ""
        elif not mark and (opening := _opens(chunk)):
            mark, opened = opening, index
    return within


def _opens(chunk: str) -> str:
    """The quotation mark that *chunk* opens and does not close, or nothing."""
    bare = chunk.lstrip("([{*")
    mark = bare[:1]
    if mark not in ("'", '"') or bare.lower().startswith(_ELISIONS):
        return ""
    return "" if _closes(bare[1:], mark) else mark


def _closes(chunk: str, mark: str) -> bool:
    if mark == '"':
        return mark in chunk
    return chunk.rstrip(_AFTER_QUOTE).endswith(mark)


@Language.component("contact_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Mark where sentences start, as a component of a spaCy pipeline."""
    return load_sentence_marker().mark(doc)


@cache
def load_sentence_marker(path: Path = ABBREVIATIONS) -> SentenceMarker:
    """The marker that knows the short forms in the rule file at *path*.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return SentenceMarker(load_rule_file(path, Abbreviations))


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
