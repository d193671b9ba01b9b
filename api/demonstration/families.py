"""Tell a text of another family's child: one child in two contacts, written with a slip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from api.demonstration.renaming import KINDS, change
from api.demonstration.texts import Child, Text
from api.matching.labelled.names import load_names

YEARS_APART = 3  # of two children that a text can be of alike


def told_of(child: Child, text: Text, random: Random) -> Text:
    """Give *text* with *child* in the place of its own, whose fields have a slip."""
    own = text.child
    changes = {own.birth_written: f"{date.fromisoformat(child.date_of_birth):%d/%m/%Y}"}
    for name, other in ((own.forenames, child.forenames), (own.surname, child.surname)):
        changes |= {name: other, name.upper(): other.upper()}
    return replace(
        text,
        id=f"{text.id} of another",
        text=change(text.text, changes),
        people=tuple(change(each, changes) for each in text.people),
        child=slip(child, random),
    )


def slip(child: Child, random: Random) -> Child:
    """Give *child* as somebody wrote them who did not look twice."""
    name, born = child.forenames, date.fromisoformat(child.date_of_birth)
    ways = [
        replace(child, forenames=name[:-2] + name[-1] if len(name) > 4 else name + "e"),
        replace(child, forenames=f"{name[0]}{name[2]}{name[1]}{name[3:]}"),
        replace(child, surname=f"{child.surname}-Smith"),
    ]
    if born.day <= 12 and born.day != born.month:
        ways.append(replace(child, date_of_birth=f"{born.year}-{born.day:02}-{born.month:02}"))
    return random.choice(ways)


def others_for(text: Text, texts: Sequence[Text]) -> Iterator[Text]:
    """Give the texts whose child could be that of *text*: named alike, and of near its age."""
    kind = _kind(text.child)
    for other in texts:
        alike = kind is not None and other.id != text.id and _kind(other.child) == kind
        if alike and abs(_year(other.child) - _year(text.child)) <= YEARS_APART:
            yield other


def _year(child: Child) -> int:
    return date.fromisoformat(child.date_of_birth).year


def _kind(child: Child) -> str | None:
    for kind in KINDS[:2]:
        for origin in load_names().origins.values():
            if child.forenames in getattr(origin, kind):
                return kind
    return None
