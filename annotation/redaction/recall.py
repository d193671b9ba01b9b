"""How much redaction finds: names by origin on the training contacts, the rest on examples.

The lists of `people` in the corpus say which names stand in each text. A name is found where every
word of it is, titles apart. Three ways are told side by side: with the record's own list of
people, without it, and without it and with this contact's names off the lists of names as well,
which is what a name that nobody listed can hope for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from annotation.labels import LabelledContact
from annotation.redaction.names import find_names, load_names
from annotation.redaction.patterns import Kind, Stretch, load_words
from annotation.redaction.replacing import find

EXAMPLES = Path(__file__).with_name("examples.yaml")
WAYS = ("known", "unknown", "unlisted")
SEVERAL, NONE = "of several origins", "of no list"
_PLAIN = "plain"
_MARKED = re.compile("\u2039(.*?)\u203a")


@dataclass(frozen=True)
class NameRecall:
    """Of names of one origin: how many stand in the texts, and how many each way found."""

    origin: str
    stand: int
    found: Mapping[str, int]


@dataclass(frozen=True)
class ExampleRecall:
    """Of one kind: how many are marked in the examples and found whole, and found wrongly."""

    kind: str
    marked: int
    found: int
    wrongly: int


def measure_names(contacts: Iterable[LabelledContact]) -> tuple[NameRecall, ...]:
    """Give the recall of names by origin of the forename, all together first."""
    stand: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
    for contact in contacts:
        covered = {way: _covered(stretches) for way, stretches in _each_way(contact)}
        for origin, place in _standing(contact):
            letters = {at for at in place if contact.text[at].isalpha()}
            stand.update(("all", origin))
            for way in WAYS:
                if letters <= covered[way]:
                    found[way].update(("all", origin))
    return tuple(
        NameRecall(origin, stand[origin], {way: found[way][origin] for way in WAYS})
        for origin, _ in stand.most_common()
    )


def measure_examples(path: Path = EXAMPLES) -> tuple[ExampleRecall, ...]:
    """Give the recall of every kind on the hand-written examples, and false finds per kind.

    A false find is one in an example of its own kind, or in the plain ones, that is not marked.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    plain = [find(sentence) for sentence in content[_PLAIN]]
    return tuple(
        _measure_kind(kind, content[kind], plain) for kind in Kind if kind.value in content
    )


def write_recall(names: Sequence[NameRecall], examples: Sequence[ExampleRecall]) -> str:
    """Give both tables in plain text."""
    lines = [f"{'names by origin':24}{'stand':>8}" + "".join(f"{way:>10}" for way in WAYS)]
    for row in names:
        shares = "".join(f"{row.found[way] / row.stand:10.3f}" for way in WAYS)
        lines.append(f"{row.origin:24}{row.stand:8}{shares}")
    lines.append(f"\n{'hand-written examples':24}{'marked':>8}{'found':>8}{'wrongly':>9}")
    lines += [f"{e.kind:24}{e.marked:8}{e.found:8}{e.wrongly:9}" for e in examples]
    return "\n".join(lines)


def _each_way(contact: LabelledContact) -> Iterator[tuple[str, tuple[Stretch, ...]]]:
    parts = {part.casefold() for name in contact.people for part in re.split(r"[\s-]", name)}
    yield "known", find_names(contact.text, people=contact.people)
    yield "unknown", find_names(contact.text)
    yield "unlisted", find_names(contact.text, without=parts)


def _covered(stretches: Iterable[Stretch]) -> frozenset[int]:
    return frozenset(at for each in stretches for at in range(each.start, each.end))


def _standing(contact: LabelledContact) -> Iterator[tuple[str, range]]:
    """Every place where a name stands, with its origin."""
    for person in contact.people:
        words = person.split()
        while len(words) > 1 and words[0].casefold() in load_words().before_a_name:
            words = words[1:]
        name = " ".join(words)
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", contact.text):
            yield _origin(words[0]), range(*found.span())


@cache
def _origin(forename: str) -> str:
    small = forename.casefold()
    origins = [
        name
        for name, origin in load_names().origins.items()
        if small in map(str.casefold, (*origin.forenames, *origin.surnames))
    ]
    return origins[0] if len(origins) == 1 else SEVERAL if origins else NONE


def _measure_kind(
    kind: Kind, sentences: Sequence[str], plain: Iterable[Sequence[Stretch]]
) -> ExampleRecall:
    marked = found = 0
    wrongly = sum(each.kind is kind for stretches in plain for each in stretches)
    for sentence in sentences:
        text = sentence.replace("\u2039", "").replace("\u203a", "")
        places = {
            (each.start(1) - 2 * number - 1, each.end(1) - 2 * number - 1)
            for number, each in enumerate(_MARKED.finditer(sentence))
        }
        taken = _covered(find(text))
        marked += len(places)
        found += sum(taken.issuperset(_letters(text, *place)) for place in places)
        meant = {at for place in places for at in range(*place)}
        wrongly += sum(
            meant.isdisjoint(range(each.start, each.end))
            for each in find(text)
            if each.kind is kind
        )
    return ExampleRecall(kind, marked, found, wrongly)


def _letters(text: str, start: int, end: int) -> set[int]:
    return {at for at in range(start, end) if text[at].isalnum()}
