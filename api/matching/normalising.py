"""Bring names and addresses of one meaning to one form, so that they can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from nlp.rule_files import RuleFile, load_rule_file

_FOLDER = Path(__file__).parent
# Letters that Unicode does not take apart into a plain letter and a mark.
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
# Typed, curly and spacing ones, and what keyboards and transliterations put instead.
_APOSTROPHES = re.compile("['`\u2019\u2018\u00b4\u02bb\u02bc]")
_NOT_LETTERS = re.compile(r"[^a-z]+")
# 'Mc Donald' and "O' Brien" are one word each.
_APART = re.compile(r"\b(mc|mac|o|fitz) (?=[a-z])")
_POSTCODE = re.compile(r"([a-z]{1,2}[0-9][0-9a-z]?)([0-9][a-z]{2})")
_HOUSE = re.compile(r"\b([0-9]+[a-z]?)\b[\s,]+(?!floor)([a-z]+)")
# People come again and again, in every contact of a family; enough for a day's work.
_REMEMBERED = 50_000


class NameFile(RuleFile):
    """Ways to write one name, and words that are no names."""

    variants: tuple[tuple[str, ...], ...]
    placeholders: frozenset[str]
    particles: frozenset[str]


class SoundFile(RuleFile):
    """Pairs of a pattern and what to write instead, in order."""

    sounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Name:
    """A forename or surname, word by word.

    *roots* holds for each word the names that it may be a form of; *sounds* its code of
    ``sounds.yaml``.
    """

    words: tuple[str, ...]
    roots: tuple[frozenset[str], ...]
    sounds: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """A postcode (its outward part too), and the house and first word of the street."""

    postcode: str
    outward: str
    house: tuple[str, str] | None


@lru_cache(_REMEMBERED)
def normalise_name(text: str, *, is_surname: bool = False) -> Name:
    """Give the words of a name without accents, apostrophes, particles and placeholders.

    Double surnames come apart; ``O'Brien`` and ``Mc Donald`` do not.
    """
    names = _names()
    spaced = _NOT_LETTERS.sub(" ", fold(text)).strip()
    if spaced in names.placeholders:
        return Name((), (), ())
    words = tuple((_APART.sub(r"\1", spaced) if is_surname else spaced).split())
    dropped = names.particles if is_surname else names.placeholders
    kept = tuple(word for word in words if word not in dropped)
    if is_surname:
        kept = kept or words
    return Name(kept, tuple(map(roots_of, kept)), tuple(map(sound_of, kept)))


def normalise_home(*, address: str, postcode: str) -> Home | None:
    """Give what can be compared of an address; ``None`` where there is nothing."""
    written = fold(address)
    found = _POSTCODE.fullmatch(re.sub(r"[^a-z0-9]", "", fold(postcode)))
    house = _HOUSE.search(written)
    if not found and not house:
        return None
    code, outward = (found[0], found[1]) if found else ("", "")
    return Home(code, outward, (house[1], house[2]) if house else None)


def normalise_nhs_number(text: str) -> str:
    """Give the ten digits; empty if the check digit (modulus 11, NHS Data Dictionary) is wrong."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != 10:
        return ""
    weighted = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    return digits if (11 - weighted % 11) % 11 == int(digits[9]) else ""


def normalise_upn(text: str) -> str:
    """Give the pupil number's thirteen characters, or nothing if it is not one."""
    number = re.sub(r"[^A-Z0-9]", "", text.upper())
    return number if re.fullmatch(r"[A-Z][0-9]{11}[A-Z0-9]", number) else ""


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """Give *text* in small letters without accents and apostrophes."""
    joined = _APOSTROPHES.sub("", text.casefold().translate(_WHOLE))
    apart = unicodedata.normalize("NFKD", joined)
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def roots_of(word: str) -> frozenset[str]:
    """Give the names that *word* may be a form of; itself where the file has none."""
    return _roots().get(word, frozenset([word]))


def spellings_of(word: str) -> frozenset[str]:
    """Give every way to write a name that *word* is a form of."""
    return frozenset(
        spelling for spellings in _names().variants if word in spellings for spelling in spellings
    )


@lru_cache(_REMEMBERED)
def sound_of(word: str) -> str:
    """Give the code of how *word* sounds."""
    for pattern, instead in _sounds():
        word = pattern.sub(instead, word)
    return word


@cache
def _names() -> NameFile:
    return load_rule_file(_FOLDER / "names.yaml", NameFile)


@cache
def _roots() -> Mapping[str, frozenset[str]]:
    roots: defaultdict[str, set[str]] = defaultdict(set)
    for spellings in _names().variants:
        for spelling in spellings:
            roots[spelling].add(spellings[0])
    return {word: frozenset(found) for word, found in roots.items()}


@cache
def _sounds() -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = load_rule_file(_FOLDER / "sounds.yaml", SoundFile).sounds
    return tuple((re.compile(pattern), instead) for pattern, instead in rules)
