"""Find many patterns at once, trying only those whose words are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from nlp.memory import Memory
from nlp.patterns import STOP, Pattern

Key = TypeVar("Key")

# A clause is read no further than this many characters from a match, so that a text without any
# stops takes no longer than one with them.
FARTHEST = 160

# Ten thousand repeats of one word must not become ten thousand findings in a sentence.
MOST_PER_SENTENCE = 12

# Sentences or clauses of which an index remembers the matches, if they are no more than so many.
REMEMBERED, MOST_REMEMBERED = 4_000, 40


@dataclass(frozen=True)
class Match(Generic[Key]):
    """Where a pattern stands, in the words given by :func:`nlp.patterns.words_of`."""

    key: Key
    start: int
    end: int


def _all(matches: Iterable[Match[Key]], _: str) -> Iterable[Match[Key]]:
    return matches


class PatternIndex(Generic[Key]):
    """Patterns by a word that each cannot do without.

    *sift* gives those of the matches in some words that stand. What it gives is remembered for
    these words, so it may ask for nothing else.
    """

    def __init__(
        self,
        entries: Iterable[tuple[Key, Pattern]],
        *,
        sift: Callable[[Iterable[Match[Key]], str], Iterable[Match[Key]]] = _all,
    ) -> None:
        self._entries = tuple(entries)
        self._sift = sift
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._always: list[int] = []
        for number, (_, pattern) in enumerate(self._entries):
            for word in pattern.needs[0] if pattern.needs else ():
                self._by_word[word].append(number)
            if not pattern.needs:
                self._always.append(number)
        needed = chain.from_iterable(chain(*pattern.needs) for _, pattern in self._entries)
        self._starts = frozenset(word for word in needed if word.endswith("*"))
        self._lengths = tuple(sorted({len(start) - 1 for start in self._starts}))
        self._known = Memory[tuple[Match[Key], ...]](REMEMBERED)

    def find(self, words: str) -> tuple[Match[Key], ...]:
        """Give the matches in *words*, pattern by pattern in the order they were given."""
        known = self._known.recall(words)
        if known is not None:
            return known
        found = tuple(self._sift(self._search(words), words))
        if len(found) <= MOST_REMEMBERED:
            self._known.keep(words, found)
        return found

    def _search(self, words: str) -> Iterator[Match[Key]]:
        for number in sorted(self._candidates(words)):
            key, pattern = self._entries[number]
            for count, match in enumerate(pattern.expression.finditer(words)):
                if count == MOST_PER_SENTENCE:
                    break
                yield Match(key, match.start(), match.end())

    def _candidates(self, words: str) -> Iterator[int]:
        """The patterns of which every step may be there: to search for the others is slow."""
        there = self._read(words)
        numbers = {number for word in there for number in self._by_word.get(word, ())}
        yield from self._always
        for number in numbers:
            if not any(map(there.isdisjoint, self._entries[number][1].needs)):
                yield number

    def _read(self, words: str) -> frozenset[str]:
        """The words, and the beginnings that patterns ask for, as patterns write them."""
        whole = frozenset(words.split())
        starts = {f"{word[:length]}*" for word in whole for length in self._lengths}
        return whole | (starts & self._starts)


def any_found(patterns: Iterable[Pattern], words: str) -> bool:
    """Say whether one of *patterns* is in *words*."""
    return any(pattern.expression.search(words) for pattern in patterns)


def clause_around(words: str, start: int, end: int) -> str:
    """Give the clause of *words* in which ``words[start:end]`` stands."""
    low, high = max(0, start - FARTHEST), end + FARTHEST
    first, last = words.rfind(STOP, low, start), words.find(STOP, end, high)
    return words[low if first < 0 else first + 1 : high if last < 0 else last]
