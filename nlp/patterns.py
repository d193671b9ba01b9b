"""The pattern language of the rulebook, and the words it reads.

A pattern is a phrase that a practitioner can read aloud, matched inside one
sentence whatever its capitals, commas, apostrophes and hyphens:

- ``hands round|around her neck``: words in order; ``|`` offers others for one word
- ``(by the|round the) throat``: brackets offer phrases, and may stand within brackets
- ``strangl*``: any word that starts so
- ``her?``: a word that may be left out
- ``hit .. belt``: up to two other words between; ``...`` up to six
- ``<carer>``: any entry of that list in ``vocabulary.yaml``; an entry is a phrase and may have
  gaps and numbers
- ``<number>``: a number, in figures or words; ``,``: a comma that must be there

A gap never crosses a full stop, a semicolon, a colon or a dash; the colon of a time
(18:00) is none of these. Every pattern becomes one regular expression with bounded gaps
and no nested repetition, so matching takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

GAPS = {"..": 2, "...": 6}
MOST_GAPS = 3
MOST_WAYS = 6_000
"""Phrases that brackets may offer in one place: those within brackets multiply, and are slow."""
STOP = ";"
NUMBER = "#"

_TOKEN = re.compile(r"\.{2,3}|<\w*>|[()|?,]|[^\s()|?,<>.]+|\S")
_READ = re.compile(
    r"[0-9]+(?:[./:][0-9]+)+|[^\W_]+(?:['\u2019\u02bc`][^\W_]+)*|£[0-9][0-9,.]*"
    r"|[,:;&+|•\u2013\u2014]|(?<=\s)-(?=\s)|[.!?](?=[\s\"'\u201d\u2019)]|$)"
)
# Mark is a name unless something is said of where the mark is.
_NAMES = re.compile(r"\bMark(?:'s)?\b(?! (?:on|to|seen|noted|visible|across)\b)")
_NUMBER = (
    r"(?:[0-9]+|x[0-9]+|[0-9]+x|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|hundreds|dozen|dozens|several|few|couple|handful)"
)
_SPELT = {"&": "and", "+": "and", ",": ",", ":": ":"}


Vocabulary = Mapping[str, tuple[str, ...]]


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what to write instead."""


def words_of(text: str) -> str:
    """Give *text* as lower-case words between single spaces, ready for matching.

    Apostrophes are dropped, so ``doesn't`` and ``doesnt`` read alike; a mark that ends a clause
    is ``;``. The result starts and ends with a space.
    """
    words = [_spell(token) for token in _READ.findall(_NAMES.sub("", text).lower())]
    return f" {' '.join(word for word in words if word)} "


def _spell(token: str) -> str:
    if token[0].isalnum() or token[0] == "£":
        return token.translate(_APOSTROPHES)
    return _SPELT.get(token, STOP)


_APOSTROPHES = str.maketrans(dict.fromkeys("'\u2019\u02bc`"))


@dataclass(frozen=True)
class Element:
    """One step of a pattern: the phrases any of which may stand there."""

    phrases: tuple[str, ...]
    optional: bool = False
    gap: int = 0

    @property
    def gaps(self) -> int:
        """How many gaps a way through this step has at most."""
        return int(self.gap > 0) + max(
            (sum(word in GAPS for word in phrase.split()) for phrase in self.phrases), default=0
        )


@dataclass(frozen=True)
class Pattern:
    """A pattern with its word lists filled in."""

    source: str
    elements: tuple[Element, ...]

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The regular expression over what :func:`words_of` gives."""
        return re.compile(_expression(self.elements))

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of words of each of which one must be in the sentence, the rarest set first.

        ``abc*`` stands for a beginning.
        """
        needed = [e for e in self.elements if e.phrases and not e.optional and _nameable(e)]
        needed.sort(key=lambda e: (min(len(_longest(p)) for p in e.phrases) < 4, len(e.phrases)))
        return tuple(frozenset(_longest(phrase) for phrase in each.phrases) for each in needed)


def _nameable(element: Element) -> bool:
    return all(set(phrase) - set("#,* ") for phrase in element.phrases)


def _longest(phrase: str) -> str:
    return max((word for word in phrase.split() if word not in GAPS), key=len)


def parse(source: str, vocabulary: Vocabulary) -> Pattern:
    """Read the pattern *source*, filling in the lists of *vocabulary*.

    Raises:
        PatternError: If it cannot be read; the message says what was found and what to write.
    """
    elements = tuple(_elements(source, vocabulary))
    gaps = sum(element.gaps for element in elements)
    if gaps > MOST_GAPS:
        raise PatternError(f"pattern '{source}' has {gaps} gaps; use at most {MOST_GAPS}")
    if not elements or elements[0].gap or elements[-1].gap:
        raise PatternError(f"pattern '{source}' must start and end with a word, not a gap")
    if all(element.optional or element.gap for element in elements):
        raise PatternError(f"pattern '{source}' needs at least one word without '?'")
    return Pattern(source, elements)


def _elements(source: str, vocabulary: Vocabulary) -> Iterator[Element]:
    if source != source.lower():
        raise PatternError(f"pattern '{source}' has capitals; write it in lower case")
    reader = _Reader(source, vocabulary, deque(_TOKEN.findall(source)))
    while reader.tokens:
        if reader.tokens[0] in GAPS:
            yield Element((), gap=GAPS[reader.tokens.popleft()])
        else:
            phrases = reader.item()
            while reader.take("|"):
                phrases += reader.item()
            yield Element(tuple(dict.fromkeys(phrases)), optional=reader.take("?"))


@dataclass
class _Reader:
    """Reads one pattern from left to right; what stands in brackets becomes its phrases."""

    source: str
    vocabulary: Vocabulary
    tokens: deque[str]

    def take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.popleft()
            return True
        return False

    def item(self) -> list[str]:
        """The phrases of a word, a list or a bracket."""
        if not self.tokens:
            raise PatternError(f"pattern '{self.source}' ends too soon; add a word after '|'")
        word = self.tokens.popleft()
        if word == "(":
            return self._bracket()
        if word.startswith("<") and word.endswith(">"):
            return self._list(word[1:-1])
        if word in {")", "|", "?", "<", ">", ".", *GAPS}:
            raise PatternError(
                f"pattern '{self.source}' has a stray '{word}'; brackets come in pairs, '?' "
                "follows a word and a gap stands between words"
            )
        return _spelt(word)

    def _bracket(self) -> list[str]:
        phrases: list[str] = []
        while True:
            phrases += self._sequence()
            if self.take(")"):
                return phrases
            if not self.take("|"):
                raise PatternError(f"pattern '{self.source}' has a '(' without its ')'")

    def _sequence(self) -> list[str]:
        phrases = [""]
        while self.tokens and self.tokens[0] not in {"|", ")"}:
            inside_gap = self.tokens[0] in GAPS and phrases != [""]
            choices = [self.tokens.popleft()] if inside_gap else self.item()
            if self.take("?"):
                choices = ["", *choices]
            phrases = [f"{left} {right}".strip() for left in phrases for right in choices]
            if len(phrases) > MOST_WAYS:
                raise PatternError(
                    f"pattern '{self.source}' offers more than {MOST_WAYS:,} phrases in one "
                    "bracket, for brackets within brackets multiply; write it as several patterns"
                )
        if "" in phrases:
            raise PatternError(f"pattern '{self.source}' has an empty choice; write a word there")
        return phrases

    def _list(self, name: str) -> list[str]:
        if name == "number":
            return [NUMBER]
        if name not in self.vocabulary:
            raise PatternError(
                f"pattern '{self.source}' names the list <{name}>, which vocabulary.yaml does not "
                f"have; it has {', '.join(sorted(self.vocabulary))}"
            )
        entries = (entry.replace("<number>", NUMBER) for entry in self.vocabulary[name])
        return [phrase for entry in entries for phrase in _spelt(entry)]


def _spelt(text: str) -> list[str]:
    """*text* as :func:`words_of` would spell it."""
    spelt = text.translate(_APOSTROPHES).replace("-", " ").replace("&", " and ")
    return [" ".join(spelt.split())]


_BETWEEN = " (?:, )?"


def _expression(elements: tuple[Element, ...]) -> str:
    built = "(?<= )"
    for index, element in enumerate(elements, start=1):
        if element.gap:
            built += _gap(element.gap)
        else:
            built += _step(element, last=index == len(elements))
    return built


def _gap(most: int) -> str:
    # A word that begins with neither mark: '18:00' is a word, and a gap crosses it.
    return f"(?:[^ {STOP}:][^ ]* ){{0,{most}}}?"


def _step(element: Element, *, last: bool) -> str:
    ways = "|".join(_word_by_word(phrase.split()) for phrase in element.phrases)
    after = "(?= )" if last else _BETWEEN
    return f"(?:(?:{ways}){after})" + ("?" if element.optional else "")


def _word_by_word(words: list[str]) -> str:
    *leading, last = words
    steps = (_gap(GAPS[word]) if word in GAPS else _one_word(word) + _BETWEEN for word in leading)
    return "".join(steps) + _one_word(last)


def _one_word(word: str) -> str:
    if word == NUMBER:
        return _NUMBER
    if word.endswith("*"):
        return re.escape(word[:-1]) + "[^ ]*"
    return re.escape(word)
