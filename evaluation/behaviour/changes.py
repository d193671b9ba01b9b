"""Change the look of a text and leave what it says.

Every change is the same each time: where chance decides, the text itself is the seed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

SHORTEST = 4
"""Letters of the shortest word that gets a typing mistake."""

_WORD = re.compile(r"[^\W\d_]+")
_AFTER_STOP = re.compile(
    r"(?<=[.!?] )(?:A|An|And|As|At|Both|But|Dad|For|From|He|Her|His|If|In|It|Mum|My|No|Not|On|Our"
    r"|She|So|The|Their|Then|There|They|This|Today|To|Was|We|When|With)(?=[ ,'\u2019])"
)
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")


def replace_words(text: str, words: Mapping[str, str]) -> str:
    """Replace whole words and phrases, longest first; a capital stays a capital."""
    phrases = sorted(words, key=len, reverse=True)
    found = re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)
    changed = found.sub(lambda match: _like(match[0], words[match[0].lower()]), text)
    return re.sub(r"(?<=\S) {2,}", " ", changed)


def _like(old: str, new: str) -> str:
    return new[:1].upper() + new[1:] if old[0].isupper() else new


def mistype(text: str, share: float) -> str:
    """Turn two letters about inside a *share* of the longer words; names and numbers stay."""
    chance = np.random.default_rng(crc32(text.encode()))

    def spoil(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < SHORTEST or not word.islower() or chance.random() >= share:
            return word
        place = int(chance.integers(1, len(word) - 1))
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return _WORD.sub(spoil, text)


def drop_punctuation(text: str) -> str:
    """Leave out stops, commas, quotation marks and the like; line ends, figures and dates stay."""
    bare = re.sub(r"[;:!?\"“”'\u2019()]|(?<!\d)[.,]|[.,](?!\d)", "", text)
    return re.sub(r" {2,}", " ", bare)


def start_small(text: str) -> str:
    """Begin no sentence after a stop with a capital, save where its first word may be a name."""
    return _AFTER_STOP.sub(lambda match: match[0].lower(), text)


def turn_sections(text: str) -> str:
    """Put the paragraphs in another order, each with its heading."""
    parts = [part for part in _PARAGRAPHS.split(text) if part.strip()]
    order = np.random.default_rng(crc32(text.encode())).permutation(len(parts))
    if list(order) == sorted(order):
        order = order[::-1]
    return "\n\n".join(parts[place] for place in order)


def swap_names(text: str, people: Sequence[str], names: tuple[Sequence[str], Sequence[str]]) -> str:
    """Give everyone in *people* another name: a first name and a surname of *names*, in turn.

    The last word of a full name is its surname, and people of one surname keep one.
    """
    first, last = names
    firsts: dict[str, str] = {}
    lasts: dict[str, str] = {}
    for person in people:
        parts = [part.lower() for part in _WORD.findall(person) if len(part) > 1]
        *given, family = parts or [""]
        if given:
            lasts.setdefault(family, last[len(lasts) % len(last)])
        for part in given or [family]:
            firsts.setdefault(part, first[len(firsts) % len(first)])
    words = {old: new for old, new in (firsts | lasts).items() if old}
    if not words:
        return text
    found = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    return found.sub(lambda match: _named(match[0], words[match[0].lower()]), text)


def _named(old: str, new: str) -> str:
    if old.islower():
        return old if len(old) < SHORTEST else new.lower()
    return new.upper() if old.isupper() else new
