"""Whom a sentence is about: the child, a carer or somebody else, as far as words tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

ADULT = 18
# How many sentences back a 'she' is looked for.
FARTHEST_BACK = 4
# In 'she told her mum that she wants to die', mum is only told, and in 'brought in by mum' she only
# brings.
_SPOKEN_TO = frozenset(
    {"told", "tell", "tells", "telling", "text", "texted", "texting", "message", "messaged"}
    | {"messaging", "asked", "rang", "phoned", "to", "by"}
)
_BETWEEN = frozenset(["her", "his", "their", "my", "the", "a", "our"])
# In 'dad said that he has a bruise', dad only tells of it.
_OBSERVES = frozenset(
    {"said", "says", "saying", "say", "states", "stated", "reported", "reports", "report"}
    | {"told", "tells", "saw", "sees", "seen", "noticed", "found", "observed", "noted", "showed"}
    | {"described", "brought", "gave", "given", "give", "gives", "explained", "claims", "claimed"}
    | {"thinks", "thought", "reckons", "called", "calls", "rang", "disclosed"}
)


class Who(StrEnum):
    """Whom a fact is about."""

    CHILD = "child"
    CARER = "carer"
    OTHER = "other"


_NAME = r"(?P<name>[A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)"
_SURNAME = r"(?:\s+[A-Z][\w'\u2019-]+)?"
_AGED = re.compile(
    rf"\b{_NAME}{_SURNAME}\s*[,(]\s*(?:aged\s*|age\s*|now\s*|who is\s*|who's\s*)?"
    r"(?P<age>[0-9]{1,2})"
    r"(?P<unit>\s*(?:m\b|mths?\b|months?\b|wks?\b|weeks?\b|/12|/52))?(?![0-9/:]|\.[0-9])"
)


@dataclass(frozen=True)
class People:
    """The people of one contact: kinship words, and names that the text places.

    *kinds* maps kinship words to whom they mean; *text* is the contact as sent.
    """

    text: str
    sentences: Sequence[str]
    kinds: Mapping[str, Who]

    @cached_property
    def names(self) -> Mapping[str, Who]:
        """Names the text places: 'Hope, 14' is a child, 'mum, Kirsty' a carer."""
        placed = dict(self._by_kin())
        placed.update(self._by_age())
        return placed

    def _by_age(self) -> Iterator[tuple[str, Who]]:
        for match in _AGED.finditer(self.text):
            grown = int(match["age"]) >= ADULT and not match["unit"]
            name = match["name"].lower()
            if name not in self.kinds:
                yield name, Who.CARER if grown else Who.CHILD

    def _by_kin(self) -> Iterator[tuple[str, Who]]:
        for match in self._kin.finditer(self.text):
            yield match["name"].lower(), self.kinds[match["kin"].lower()]

    @cached_property
    def _kin(self) -> re.Pattern[str]:
        words = "|".join(sorted((k for k in self.kinds if k.isalpha()), key=len, reverse=True))
        return re.compile(rf"\b(?P<kin>(?i:{words}))(?:,| is| called|:| -|\s\()?\s+{_NAME}")

    def about(self, number: int, start: int, end: int) -> Who | None:
        """Say of whom ``words[start:end]`` of sentence *number* is said; ``None`` if unsaid."""
        words = self.sentences[number]
        here = self._mentions(words[:start])
        if here:
            return here[-1]
        for back in range(number - 1, max(-1, number - 1 - FARTHEST_BACK), -1):
            earlier = self._mentions(self.sentences[back])
            if earlier:
                return earlier[0]
        after = self._mentions(words[end:])
        return after[0] if after else None

    def last_named(self, number: int, position: int) -> Who | None:
        """The last person in sentence *number* before *position* who does more than tell of it."""
        mentions = self._mentions(self.sentences[number][:position], but=_OBSERVES)
        return mentions[-1] if mentions else None

    def _mentions(self, words: str, *, but: frozenset[str] = frozenset()) -> list[Who]:
        """Who is named in *words*, but those spoken to and those a word of *but* follows."""
        found = []
        tokens = words.split()
        for place, word in enumerate(tokens):
            who = self.kinds.get(word) or self.names.get(word)
            following = tokens[place + 1] if place + 1 < len(tokens) else ""
            if (
                who is not None
                and following not in but
                and not _is_spoken_to(tokens[max(0, place - 2) : place])
            ):
                found.append(who)
        return found


def _is_spoken_to(before: Sequence[str]) -> bool:
    """Does 'told', 'to' or 'by' lead to the next word of *before*, but for a 'her' or 'the'?"""
    if before and before[-1] in _BETWEEN:
        before = before[:-1]
    return bool(before) and before[-1] in _SPOKEN_TO
