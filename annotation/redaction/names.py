"""Names of people, by what is known of them, by lists, by the words beside them, by capitals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from annotation.redaction.patterns import DATE, Kind, Stretch, load_words
from nlp.rule_files import RuleFile, load_rule_file

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['\u2019]s$", re.IGNORECASE)
# What may stand between the parts of one name.
_JOINED = re.compile(r"[ \t]|[ \t]?-[ \t]?|\.[ \t]?")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?:;\u2022]|\n|\r)[\s\"'\u2018\u201c(*-]*$")
_AGE_FOLLOWS = re.compile(
    rf"[,\s(]{{1,3}}(?:(?:aged?|now|dob|born)\W{{0,2}})?(?:\d{{1,2}}\b|{DATE})", re.IGNORECASE
)
_INITIAL = re.compile(r"(?:^|[^\w])[A-Z]\.[ \t]?$")
_SHORTEST = 3


class Origin(RuleFile):
    """Names of one origin."""

    forenames: tuple[str, ...]
    surnames: tuple[str, ...]


class NameList(RuleFile):
    """The names that redaction knows; see ``names.yaml``."""

    origins: Mapping[str, Origin]
    short_forms: tuple[str, ...]

    @cached_property
    def forenames(self) -> frozenset[str]:
        """Forenames and short forms, small."""
        listed = (name for origin in self.origins.values() for name in origin.forenames)
        return frozenset(map(str.casefold, (*listed, *self.short_forms)))

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Surnames, small."""
        listed = (name for origin in self.origins.values() for name in origin.surnames)
        return frozenset(map(str.casefold, listed))


@cache
def load_names() -> NameList:
    """Give the names of ``names.yaml``.

    Raises:
        RulebookError: If the file breaks its schema.
    """
    return load_rule_file(Path(__file__).with_name("names.yaml"), NameList)


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def small(self) -> str:
        return self.text.casefold()

    @property
    def has_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouts(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def find_names(
    text: str, *, people: Collection[str] = (), without: Collection[str] = ()
) -> tuple[Stretch, ...]:
    """Give the names in *text*, in order.

    Args:
        text: A contact.
        people: Names that are known to stand in it, such as those of its record.
        without: Words, small, that are taken off the lists, to measure what finds an unlisted name.
    """
    return _Reading(text, frozenset(_parts(people)), frozenset(without)).stretches()


@dataclass
class _Reading:
    text: str
    people: frozenset[str]
    without: frozenset[str]
    names: set[int] = field(default_factory=set)

    @cached_property
    def words(self) -> Sequence[_Word]:
        found = []
        for match in _WORD.finditer(self.text):
            bare = _POSSESSIVE.sub("", match[0])
            found.append(_Word(match.start(), match.start() + len(bare), bare))
        return found

    @cached_property
    def no_names(self) -> frozenset[str]:
        return load_words().no_names - self.people

    def stretches(self) -> tuple[Stretch, ...]:
        self.names |= {place for place in range(len(self.words)) if self._is_name(place)}
        self._spread_to_neighbours()
        self._spread_to_the_same_word()
        self._spread_to_neighbours()
        return tuple(self._joined())

    def _is_name(self, place: int) -> bool:
        word = self.words[place]
        if word.small in self.people:
            return len(word.text) >= _SHORTEST or word.has_capital
        if word.small in self.no_names:
            may_be = word.has_capital and word.small in load_words().ordinary
            return may_be and self._has_cue(place)
        return self._is_listed(place) or self._has_cue(place) or self._stands_out(place)

    def _is_listed(self, place: int) -> bool:
        word = self.words[place]
        if word.small in self.without:
            return False
        parts = {word.small, *word.small.split("-")} - load_words().ordinary
        forename = not parts.isdisjoint(load_names().forenames)
        if not word.has_capital:
            return forename and len(word.text) >= _SHORTEST
        return forename or not parts.isdisjoint(load_names().surnames)

    def _has_cue(self, place: int) -> bool:
        """Is there 'mum', 'PC' or the like before it, or an age or 'said' behind it?"""
        word = self.words[place]
        is_aged = bool(_AGE_FOLLOWS.match(self.text, word.end))
        if not word.has_capital:
            known = load_names().forenames - self.without
            return word.small in known and (is_aged or self._is_introduced(place))
        if word.shouts:
            return self._is_surname(place) and self._is_introduced(place)
        after = self.words[place + 1] if place + 1 < len(self.words) else None
        told = after is not None and (
            after.small in load_words().after_a_name
            or (self._is_surname(place + 1) and word.small in load_names().forenames)
        )
        return self._is_introduced(place) or is_aged or (told and self._beside(place, ""))

    def _is_surname(self, place: int) -> bool:
        """'Ruby SHARP': a word in capitals on a line that is not."""
        word = self.words[place]
        return word.shouts and len(word.text) >= _SHORTEST and not self._line_shouts(place)

    def _is_introduced(self, place: int) -> bool:
        before = self.words[place - 1].small if place else ""
        return before in load_words().before_a_name and self._beside(place - 1, ".,:")

    def _stands_out(self, place: int) -> bool:
        """Has it a capital inside a sentence?"""
        word = self.words[place]
        before = self.text[max(0, word.start - 8) : word.start]
        starts = word.start == 0 or bool(_SENTENCE_ENDS.search(before))
        starts = starts and not _INITIAL.search(before)
        return word.has_capital and not word.shouts and len(word.text) > 1 and not starts

    def _spread_to_neighbours(self) -> None:
        """'Evie Pattison', 'Ruby SHARP': both words; 'P. Featherstone': the letter too."""
        for place in range(1, len(self.words)):
            if not _JOINED.fullmatch(self.text, self.words[place - 1].end, self.words[place].start):
                continue
            before, after = self.words[place - 1], self.words[place]
            if place - 1 in self.names and self._may_belong(after):
                self.names.add(place)
            elif place in self.names and after.has_capital and self._may_belong(before):
                self.names.add(place - 1)

    def _may_belong(self, word: _Word) -> bool:
        if not word.has_capital:
            return word.small in load_names().surnames - self.without - load_words().ordinary
        if len(word.text) == 1 or word.small in load_words().before_a_name:
            return len(word.text) == 1 and word.text != "I"
        return word.small not in self.no_names or word.small in load_words().ordinary

    def _spread_to_the_same_word(self) -> None:
        known = {
            self.words[place].small
            for place in self.names
            if len(self.words[place].text) >= _SHORTEST
        }
        for place, word in enumerate(self.words):
            if word.small in known and word.has_capital:
                self.names.add(place)

    def _beside(self, place: int, between: str) -> bool:
        gap = self.text[self.words[place].end : self.words[place + 1].start]
        return len(gap) <= 2 and not gap.strip(f" {between}\t")

    def _line_shouts(self, place: int) -> bool:
        """Whether the whole line is in capitals, so that they tell nothing."""
        word = self.words[place]
        start = self.text.rfind("\n", 0, word.start) + 1
        end = self.text.find("\n", word.end)
        return self.text[start : end if end >= 0 else None].isupper()

    def _joined(self) -> Iterator[Stretch]:
        """Words of one name as one stretch."""
        start = end = -1
        for place in sorted(self.names):
            word = self.words[place]
            if start >= 0 and _JOINED.fullmatch(self.text, end, word.start):
                end = word.end
                continue
            if start >= 0:
                yield Stretch(start, end, Kind.NAME)
            start, end = word.start, word.end
        if start >= 0:
            yield Stretch(start, end, Kind.NAME)


def _parts(people: Collection[str]) -> Iterator[str]:
    """The words of names; not the titles and kinship words that stand with some."""
    titles = load_words().before_a_name
    for name in people:
        for match in _WORD.finditer(name):
            small = _POSSESSIVE.sub("", match[0]).casefold()
            if small not in titles:
                yield small
