"""Turn a sentence into the words a linear reader counts, alike whoever the text is about.

Names become one mark, digits one shape, and words for sex and ethnic group one word each, so the
same facts about another child read the same. Capitals carry nothing else: a contact typed in
capitals reads as one typed in small letters.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

NEUTRAL_WORDS = Path(__file__).parent / "neutral_words.toml"
OF_ANYBODY = NEUTRAL_WORDS.with_name("anybody.toml")

NAME = "§name"
GROUP = "ethnic"
ANYBODY = "Sam"
_JOINS = frozenset({"and", "/", "-"})
_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+(?:[.:/]\d+)*|[^\w\s]")
_NAMES = re.compile(rf"\b{ANYBODY}(?:[ -]{ANYBODY})+\b")
_CAPITALS = r"(?:[^\W\d_a-z]|['\u2019]){4,}"
_IN_CAPITALS = re.compile(rf"\b{ANYBODY} {_CAPITALS}(?:-{_CAPITALS})?(?!\w)")
_AGE = re.compile(
    r"(?:\b(?:aged?|age of)\s*:?\s*(\d{1,2})\b(?!\s*(?:weeks?|wks?|months?|mths?|days?))"
    r"|\b(\d{1,2})\s*-?\s*(?:yo\b|y/o|yrs?\b|year[- ]?olds?|years?[- ]old))",
    re.IGNORECASE,
)
# Under school age, primary, the years of transfer, and the years of the greatest risk outside home.
_BANDS = (("0-4", 5), ("5-9", 10), ("10-13", 14), ("14-17", 18))
_INFANT = re.compile(
    r"\b\d{1,2}\s*-?\s*(?:days?|weeks?|wks?|months?|mths?)[- ]old|\b\d{1,2}\s*(?:/52|/12|mo)\b"
    r"|\bnew-?born\b|\bbaby\b",
    re.IGNORECASE,
)


def split_words(text: str, *, known: frozenset[str]) -> list[str]:
    """Give the neutral words, numbers and marks of *text*, in order.

    *known* holds the words that are not names (see `find_known`): a capitalised word outside it
    is taken for a name.
    """
    words: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0].isdigit():
            words.append(re.sub(r"\d", "0", token))
        elif not token[0].isalpha():
            words.append(token)
        else:
            word = _neutral(token, known)
            if word == GROUP:
                _drop_group(words)
            if words[-2:] == [NAME, "-"] and _is_surname(token, known):
                words.pop()
            elif words[-1:] != [NAME] or not (word == NAME or _is_surname(token, known)):
                words.append(word)
    return words


def _drop_group(words: list[str]) -> None:
    """Drop what ends *words* and is read with an ethnic group: 'White and Black' Caribbean."""
    before = {GROUP, *_with_group()}
    while words:
        joined = words[-1] in _JOINS and len(words) > 1 and words[-2] in before
        if words[-1] not in before and not joined:
            return
        words.pop()


def as_of_anybody(text: str, *, known: frozenset[str]) -> str:
    """Give *text* as it would read of anybody: one name for all, one sex, group and faith.

    For readers that need whole sentences. *known* is as in `split_words`.
    """
    read = _NAMES.sub(ANYBODY, _TOKEN.sub(lambda token: _of_anybody(token[0], known), text))
    read = _IN_CAPITALS.sub(lambda names: _less_surname(names[0], known), read)
    word = _word_of_kind()[GROUP]
    return _whole_group().sub(word, read) if word in read else read


def _is_surname(token: str, known: frozenset[str]) -> bool:
    """Is *token*, which stands after a name, a surname in capitals, as police write it?"""
    word = token.lower().replace("\u2019", "'").removesuffix("'s")
    return len(word) > 3 and token[:4].isupper() and word not in known and word not in _kept()


def _less_surname(names: str, known: frozenset[str]) -> str:
    surname = names.removeprefix(f"{ANYBODY} ")
    return ANYBODY if all(_is_surname(part, known) for part in surname.split("-")) else names


def _of_anybody(token: str, known: frozenset[str]) -> str:
    if not token[0].isalpha():
        return token
    neutral = _neutral(token, known)
    if neutral == NAME:
        return f"{ANYBODY}'s" if token.endswith(("'s", "\u2019s")) else ANYBODY
    return _word_of_kind().get(neutral) or _one_sex().get(token.lower(), token)


def ages_in(text: str) -> list[str]:
    """Give a mark for each age of childhood that *text* tells, by band."""
    marks = ["§age infant"] if _INFANT.search(text) else []
    ages = (int(match[1] or match[2]) for match in _AGE.finditer(text))
    return [*marks, *(f"§age {_band(age)}" for age in ages if age < 18)]


def _band(age: int) -> str:
    return next(band for band, end in _BANDS if age < end)


def find_known(texts: Iterable[str], *, names: Iterable[str], at_least: int = 2) -> frozenset[str]:
    """Give the words that stand in small letters in *texts* *at_least* times, less the *names*."""
    counts = Counter(
        token.replace("\u2019", "'")
        for text in texts
        for token in _TOKEN.findall(text)
        if token[0].isalpha() and token.islower()
    )
    not_words = {part.lower() for name in names for part in _TOKEN.findall(name)}
    return frozenset(
        word
        for word, count in counts.items()
        if count >= at_least and (word not in not_words or count >= 20)
    )


def _neutral(token: str, known: frozenset[str]) -> str:
    word = token.lower().replace("\u2019", "'")
    neutral = _neutral_words().get(word)
    if neutral is not None:
        return neutral
    if token[0].isupper() and not (len(token) > 1 and token.isupper()) and len(token) > 1:
        bare = word.removesuffix("'s")
        if bare not in known and bare not in _kept():
            return NAME
    return word


@cache
def _file(path: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _read_as(path: Path) -> dict[str, str]:
    """What each word of a file's table ``same`` is read as."""
    return {word: to for to, words in _file(path)["same"].items() for word in words.split()}


@cache
def _neutral_words() -> dict[str, str]:
    return _read_as(NEUTRAL_WORDS)


@cache
def _one_sex() -> dict[str, str]:
    return _read_as(OF_ANYBODY)


@cache
def _kept() -> frozenset[str]:
    return frozenset(_file(NEUTRAL_WORDS)["not_names"]["words"].split())


@cache
def _with_group() -> frozenset[str]:
    return frozenset(_file(NEUTRAL_WORDS)["with_group"]["words"].split())


def _word_of_kind() -> dict[str, str]:
    return _file(OF_ANYBODY)["groups"]


@cache
def _whole_group() -> re.Pattern[str]:
    """The words of an ethnic group, once each of them is read as one, with what stands before."""
    before, word = "|".join(sorted(_with_group())), _word_of_kind()[GROUP]
    joined = r"[ /-]+(?:and[ /-]+)?"
    return re.compile(
        rf"\b(?:(?:{before}){joined}){{0,4}}{word}(?:{joined}{word})*\b", re.IGNORECASE
    )
