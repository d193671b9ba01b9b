"""Tell the same story of other people, so that a text used twice is not about one child twice.

Each name is changed for one as long, of the same kind, so that what was read of the text holds for
the other: the same offsets, the same words but for the names. No finding depends on a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random

from api.demonstration.texts import Child, Text
from api.matching.labelled.names import load_names
from nlp.assessment import Assessment

KINDS = ("girls", "boys", "women", "men", "surnames")
SHORTEST = 3  # initials and short words are left alone
_WORD = re.compile(r"[A-Z][A-Za-z'-]*")


def renamed(text: Text, random: Random) -> tuple[Text, Mapping[str, str]]:
    """Give the text about other people, and which words stand in place of which."""
    changes = dict(_changes(text, random))
    if text.child.birth_written:
        changes[text.child.birth_written] = _other_day(text.child.birth_written, random)
    child = _change_child(text.child, changes)
    return (
        replace(
            text,
            text=change(text.text, changes),
            people=tuple(change(each, changes) for each in text.people),
            child=child,
            referrer_name=change(text.referrer_name, changes),
        ),
        changes,
    )


def change(words: str, changes: Mapping[str, str]) -> str:
    """Give *words* with each whole word, or date, that is in *changes* changed."""
    if not changes:
        return words
    longest_first = sorted(changes, key=len, reverse=True)
    found = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")
    return found.sub(lambda match: changes[match[0]], words)


def change_reading(reading: Assessment, changes: Mapping[str, str]) -> Assessment:
    """Give the reading with the changed words in its quotations."""
    content = json.loads(reading.model_dump_json(), object_hook=lambda part: _change(part, changes))
    return Assessment.model_validate(content)


def _change(part: dict[str, object], changes: Mapping[str, str]) -> dict[str, object]:
    if "quote" in part:
        part["quote"] = change(str(part["quote"]), changes)
    if isinstance(part.get("strengths"), list):
        part["strengths"] = [change(each, changes) for each in part["strengths"]]  # type: ignore[attr-defined]
    return part


def _changes(text: Text, random: Random) -> Iterator[tuple[str, str]]:
    """Words that also stand in the text in small letters, such as Hope, are no mere names."""
    chosen: dict[str, str] = {}
    for written in dict.fromkeys(word for name in text.people for word in _WORD.findall(name)):
        folded = written.lower()
        if len(written) < SHORTEST or re.search(rf"\b{re.escape(folded)}\b", text.text):
            continue
        if folded not in chosen:
            others = [each for each in _alike(folded) if each not in chosen.values()]
            if not others:
                continue
            chosen[folded] = random.choice(others)
        yield written, _in_the_case_of(written, chosen[folded])


@cache
def _alike(folded: str) -> Sequence[str]:
    """Names of the same kind and length, in small letters; none of an unknown name."""
    return next(
        (
            sorted(each for each in names if len(each) == len(folded) and each != folded)
            for names in _kinds()
            if folded in names
        ),
        [],
    )


@cache
def _kinds() -> Sequence[frozenset[str]]:
    origins = load_names().origins.values()
    return [
        frozenset(name.lower() for origin in origins for name in getattr(origin, kind))
        for kind in KINDS
    ]


def _in_the_case_of(written: str, name: str) -> str:
    return name.upper() if written.isupper() else name.title()


def _other_day(written: str, random: Random) -> str:
    """The same date of birth on another day of the month, as long as it was."""
    rest = written.lstrip("0123456789")
    two_digits = len(written) - len(rest) == 2
    return f"{random.randint(10, 28) if two_digits else random.randint(1, 9)}{rest}"


def _change_child(child: Child, changes: Mapping[str, str]) -> Child:
    """The other child, where both names were changed; else the form names none.

    Nor does it give the date of birth or the address: too alike, and families would seem one.
    """
    by_folded = {word.lower(): other.title() for word, other in changes.items()}
    forenames, surname = (by_folded.get(each.lower()) for each in (child.forenames, child.surname))
    return Child(forenames=forenames, surname=surname) if forenames and surname else Child()
