"""What teaches where sentences begin in a run-on (`models.run_ons`).

Run-ons are few in the corpus, so most lessons are the sentences of punctuated contacts set one
after another without their stops, in another style at each sight. Contacts that run on as they were
written, and texts written for this (`annotation.run_ons`), are added and count for more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotation.labels import LabelledContact
from annotation.run_ons import RunOn
from nlp.text import normalise

# Of a contact's words, the most that may end with a stop where its lines are taken for run-ons.
MOST_STOPS = 0.01
FEWEST_WORDS = 12
# Headings and labels ('CONSENT', 'DASH: medium') are no part of a run-on.
FEWEST_WORDS_OF_SENTENCE = 3

BOUNDED, WRITTEN_FOR_THIS = 2.0, 10.0
"""How much a stretch of a contact with a boundary counts, and a text of `annotation.run_ons`."""

SIGHTS = 4
"""How often an epoch shows each of these texts."""

_STOPS = ".!?"
_CLOSERS = "\"')]"
_COMMAS = ",;:"


@dataclass(frozen=True)
class Stretch:
    """Words in a row, and the positions of those that begin a sentence, less the first."""

    words: tuple[str, ...]
    starts: frozenset[int]
    importance: float = 1.0


@dataclass(frozen=True)
class Lessons:
    """Sentences of punctuated contacts with the names in them, and run-ons as they were written."""

    punctuated: Sequence[tuple[Sequence[Sequence[str]], frozenset[str]]]
    contacts: Sequence[Stretch]
    texts: Sequence[Stretch]

    def epoch(self, random: np.random.Generator) -> list[Stretch]:
        """Give every lesson, in the styles that chance gives."""
        joined = [_without_stops(*each, random=random) for each in self.punctuated]
        small = [_in_small(s) if random.random() < 0.3 else s for s in self.contacts]
        retyped = [_retyped(s, random) for s in self.texts for _ in range(SIGHTS)]
        return [each for each in (*joined, *small, *retyped) if len(each.words) > 1]


def make_lessons(contacts: Iterable[LabelledContact], texts: Iterable[RunOn]) -> Lessons:
    """Give the lessons of labelled *contacts*, and of *texts* that were written for this."""
    told: list[list[list[str]]] = []
    written: list[Stretch] = []
    for contact in contacts:
        if runs_on(contact):
            written += stretches(contact)
        else:
            told.append(_labelled(contact))
    return Lessons(
        punctuated=[(g, _names(s)) for s in told for g in _groups(s) if len(g) > 1],
        contacts=[replace(s, importance=BOUNDED if s.starts else 1.0) for s in written],
        texts=[replace(as_stretch(text), importance=WRITTEN_FOR_THIS) for text in texts],
    )


def runs_on(contact: LabelledContact) -> bool:
    """Has *contact* hardly a stop?"""
    words = contact.text.split()
    return sum(map(_ends, words)) <= MOST_STOPS * len(words)


def stretches(contact: LabelledContact, *, fewest: int = FEWEST_WORDS) -> Iterator[Stretch]:
    """Give the stretches of *contact*, of *fewest* words or more, that no stop ends."""
    plain, spans = _normalise(contact)
    starts = {start for start, _ in spans}
    for line in re.finditer(r"[^\n]+", plain):
        words = [(line.start() + w.start(), w.group()) for w in re.finditer(r"\S+", line.group())]
        ends = [n for n, (_, word) in enumerate(words, 1) if _ends(word)]
        last = words[ends[-1] if ends else 0 :]
        if len(last) >= fewest:
            begins = (n for n, (where, _) in enumerate(last) if n and where in starts)
            yield Stretch(tuple(word for _, word in last), frozenset(begins))


def as_stretch(text: RunOn) -> Stretch:
    """Give a text of `annotation.run_ons` as one stretch."""
    return _join([sentence.split() for sentence in text.sentences])


def _ends(word: str) -> bool:
    return word.rstrip(_CLOSERS)[-1:] in tuple(_STOPS)


def _normalise(contact: LabelledContact) -> tuple[str, list[tuple[int, int]]]:
    """The normalised text, and where its labelled sentences start and end in it."""
    plain = normalise(contact.text)
    bounds = ((sentence.start, sentence.end) for sentence in contact.sentences)
    spans = [(bisect_left(plain.starts, s), bisect_left(plain.starts, e)) for s, e in bounds]
    return plain.text, spans


def _labelled(contact: LabelledContact) -> list[list[str]]:
    plain, spans = _normalise(contact)
    return [plain[start:end].split() for start, end in spans]


def _names(sentences: Iterable[Sequence[str]]) -> frozenset[str]:
    return frozenset(word for words in sentences for word in words[1:] if word[0].isupper())


def _groups(sentences: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Give the sentences between headings and labels."""
    group: list[Sequence[str]] = []
    for words in sentences:
        if len(words) >= FEWEST_WORDS_OF_SENTENCE and not " ".join(words).isupper():
            group.append(words)
        else:
            yield group
            group = []
    yield group


def _without_stops(
    sentences: Sequence[Sequence[str]], names: Collection[str], *, random: np.random.Generator
) -> Stretch:
    """Join *sentences* in small letters, with their capitals save at the start, or in capitals."""
    bare = [[w for word in words if (w := word.rstrip(_STOPS))] for words in sentences]
    letters, commas, marks, quotes = random.random(4)
    if letters < 0.45:
        bare = [[word.lower() for word in words] for words in bare]
    elif letters < 0.9:
        bare = [_without_capital(words, names) for words in bare]
    else:
        bare = [[word.upper() for word in words] for words in bare]
    if commas < 0.6:
        bare = [[word.rstrip(_COMMAS) or word for word in words] for words in bare]
    if 0.5 <= commas < 0.6:  # commas where stops should be, and nowhere else
        bare = [[*words[:-1], f"{words[-1]},"] for words in bare if words]
    if marks < 0.5:
        bare = [[_without_apostrophe(word) for word in words] for words in bare]
    if quotes < 0.5:
        bare = [[word.strip('"') or word for word in words] for words in bare]
    return _join([words for words in bare if words])


def _without_capital(words: Sequence[str], names: Collection[str]) -> list[str]:
    """The words, the first in small letters unless it is a name or 'I'."""
    return [w if n or w in names or w == "I" else w.lower() for n, w in enumerate(words)]


def _without_apostrophe(word: str) -> str:
    return word.replace("'", "").replace("\u2019", "") or word


def _in_small(stretch: Stretch) -> Stretch:
    return replace(stretch, words=tuple(word.lower() for word in stretch.words))


def _retyped(stretch: Stretch, random: np.random.Generator) -> Stretch:
    """Give it as it is half the time, and else in other letters, with fewer marks."""
    as_it_is, letters, commas, marks = random.random(4)
    words = stretch.words
    if as_it_is < 0.5:
        return stretch
    if letters < 0.5:
        words = tuple(word.lower() for word in words)
    elif letters < 0.7:
        words = tuple(word.upper() for word in words)
    if commas < 0.5:
        words = tuple(word.rstrip(_COMMAS) or word for word in words)
    if marks < 0.5:
        words = tuple(map(_without_apostrophe, words))
    return replace(stretch, words=words)


def _join(sentences: Sequence[Sequence[str]]) -> Stretch:
    starts = np.cumsum([len(words) for words in sentences])[:-1]
    joined = tuple(word for words in sentences for word in words)
    return Stretch(joined, frozenset(starts.tolist()))
