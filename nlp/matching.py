"""Find many patterns at once, trying only those whose words are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from nlp.patterns import STOP, Pattern

Key = TypeVar("Key")

# A clause is read no further than this many characters from a match, so that a text without any
# stops takes no longer than one with them.
FARTHEST = 160

# Ten thousand repeats of one word must not become ten thousand findings in a sentence.
MOST_PER_SENTENCE = 12


@dataclass(frozen=True)
class Match(Generic[Key]):
    """Where a pattern stands, in the words given by :func:`nlp.patterns.words_of`."""

    key: Key
    start: int
    end: int


class PatternIndex(Generic[Key]):
    """Patterns by a word that each cannot do without."""

    def __init__(self, entries: Iterable[tuple[Key, Pattern]]) -> None:
        self._entries = tuple(entries)
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._always: list[int] = []
        for number, (_, pattern) in enumerate(self._entries):
            self._file(number, pattern.anchors)
        self._lengths = tuple(sorted({len(start) for start in self._starts}))

    def _file(self, number: int, anchors: frozenset[str]) -> None:
        if not anchors:
            self._always.append(number)
        for anchor in anchors:
            if anchor.endswith("*"):
                self._starts[anchor[:-1]].append(number)
            else:
                self._whole[anchor].append(number)

    def find(self, words: str) -> Iterator[Match[Key]]:
        """Give the matches in *words*, pattern by pattern in the order they were given."""
        for number in sorted(self._candidates(words)):
            key, pattern = self._entries[number]
            for count, match in enumerate(pattern.expression.finditer(words)):
                if count == MOST_PER_SENTENCE:
                    break
                yield Match(key, match.start(), match.end())

    def _candidates(self, words: str) -> set[int]:
        found = set(self._always)
        for word in set(words.split()):
            if word in self._whole:
                found.update(self._whole[word])
            for length in self._lengths:
                if length > len(word):
                    break
                if word[:length] in self._starts:
                    found.update(self._starts[word[:length]])
        return found


def any_found(patterns: Iterable[Pattern], words: str) -> bool:
    """Say whether one of *patterns* is in *words*."""
    return any(pattern.expression.search(words) for pattern in patterns)


def clause_around(words: str, start: int, end: int) -> str:
    """Give the clause of *words* in which ``words[start:end]`` stands."""
    low, high = max(0, start - FARTHEST), end + FARTHEST
    first, last = words.rfind(STOP, low, start), words.find(STOP, end, high)
    return words[low if first < 0 else first + 1 : high if last < 0 else last]
