"""Which words of a line start a sentence, in the way partners write?

A row of a table is one sentence. In another line a sentence ends at a full stop, question mark or
exclamation mark, unless the stop belongs to a short form, an initial or a list number, or stands
within quotation marks. A long stretch without a stop is split where its words say (`nlp.run_ons`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from nlp.rule_files import RULEBOOK, RuleFile, load_rule_file
from nlp.run_ons import load_run_on_splitter

ABBREVIATIONS = RULEBOOK / "abbreviations.yaml"

LONGEST_SENTENCE = 80
"""In words: what has more is taken for a run-on, though its writer ended it with a stop. Of
167 sentences with a stop and 60 words or more, in training and unread contacts, 18 have 80, and
hold 40 of the 41 boundaries inside."""

SMALL_FROM = -4.0
"""The log-odds that a sentence begins, stops aside, from which a small letter after a stop begins
one. Of 585 such sentences by a writer who taught nothing 0.97 are found. In the training
contacts' lines with capitals, of 109 small letters after a stop, so do 23 of the 48 that begin a
sentence, and 21 of 61 others."""

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


class StartFinder:
    """Finds the words that start a sentence; *abbreviations* are its short forms."""

    def __init__(self, abbreviations: Abbreviations) -> None:
        self._abbreviations = abbreviations

    def find(self, words: Sequence[str]) -> Iterator[int]:
        """The positions in *words*, those of one line, that start a sentence; the first does."""
        if _TABLE_COLUMN in words:
            yield 0
            return
        quoted = _within_quotes(words)
        for first, end in pairwise([*self._after_stops(words, quoted), len(words)]):
            yield first
            starts = (first + start for start in _starts_within(words[first:end]))
            yield from (start for start in starts if not quoted[start])

    def _after_stops(self, words: Sequence[str], quoted: Sequence[bool]) -> list[int]:
        """The first word, and each that starts a sentence after a stop."""
        begun = _begun_small(words)
        starts = [0]
        for index, (word, following) in enumerate(pairwise(words)):
            if quoted[index + 1] or not _has_stop(word):
                continue
            if not (_may_open(following) or index + 1 in begun):
                continue
            if self._ends(word, following, leads=index == starts[-1]):
                starts.append(index + 1)
        return starts

    def _ends(self, word: str, following: str, *, leads: bool) -> bool:
        """Does the stop of *word* end a sentence; *leads* where the word began one?"""
        bare = word.rstrip(_CLOSERS)
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


def _starts_within(words: Sequence[str]) -> Iterator[int]:
    """Where sentences start in a stretch in which no stop ends one, save perhaps its last word."""
    if len(words) > LONGEST_SENTENCE or not _has_stop(words[-1]):
        yield from load_run_on_splitter().find_starts(words)


def _has_stop(word: str) -> bool:
    """Does *word* end with a stop that follows a letter or digit ('!!!' is decoration)?"""
    bare = word.rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _STOPS and any(map(str.isalnum, bare))


def _may_open(word: str) -> bool:
    """May *word* open a sentence, whatever stands around it?"""
    if word[0] in _OPENING_MARKS:
        return True
    opening = _opening(word)
    if opening.islower():
        return False
    return opening.isalnum() or opening in _OPENING_MARKS or unicodedata.category(opening) == "So"


def _opening(word: str) -> str:
    """The first character, less quotation marks and brackets, if there is one."""
    return word.lstrip(_OPENERS)[:1] or word[0]


def _begun_small(words: Sequence[str]) -> frozenset[int]:
    """The positions of words in small letters that begin a sentence after a stop.

    All do in a line without capitals; in another, those whose surroundings are not against it: some
    writers have capitals for names alone, and others short forms that end with a stop.
    """
    asked = [
        index
        for index, (word, following) in enumerate(pairwise(words), 1)
        if _has_stop(word) and _opening(following).islower()
    ]
    if not asked or _is_small(words):
        return frozenset(asked)
    scores = load_run_on_splitter().scores(words)
    return frozenset(index for index in asked if scores[index - 1] >= SMALL_FROM)


def _is_small(words: Sequence[str]) -> bool:
    return not any(character.isupper() for word in words for character in word)


def _is_in_capitals(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _within_quotes(words: Sequence[str]) -> list[bool]:
    """Whether each word continues a quotation that an earlier word opened and a later closes."""
    within = [False] * len(words)
    mark, opened = "", 0
    for index, word in enumerate(words):
        if mark and _closes(word, mark):
            within[opened + 1 : index + 1] = [True] * (index - opened)
            mark = ""
        elif not mark and (opening := _opens(word)):
            mark, opened = opening, index
    return within


def _opens(word: str) -> str:
    """The quotation mark that *word* opens and does not close, or nothing."""
    bare = word.lstrip("([{*")
    mark = bare[:1]
    if mark not in ("'", '"') or bare.lower().startswith(_ELISIONS):
        return ""
    return "" if _closes(bare[1:], mark) else mark


def _closes(word: str, mark: str) -> bool:
    if mark == '"':
        return mark in word
    return word.rstrip(_AFTER_QUOTE).endswith(mark)


@cache
def load_start_finder(path: Path = ABBREVIATIONS) -> StartFinder:
    """The finder that knows the short forms in the rule file at *path*.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return StartFinder(load_rule_file(path, Abbreviations))
