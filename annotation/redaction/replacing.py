"""Put placeholders where names and numbers stood, and take labels along, there and back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotation.labels import LabelledContact
from annotation.records import parse_record, to_record
from annotation.redaction.names import find_names
from annotation.redaction.patterns import Kind, Stretch, find_patterns, keep_apart
from nlp.errors import CorpusError

Record = dict[str, Any]


@dataclass(frozen=True)
class Redacted:
    """A text with placeholders: where each stood and stands, in code points, in order."""

    text: str
    stood: tuple[tuple[int, int], ...]
    stands: tuple[tuple[int, int], ...]

    def move(self, offset: int) -> int:
        """Give the place in the redacted text of an offset of the original."""
        return _carry(offset, self.stood, self.stands)

    def move_back(self, offset: int) -> int:
        """Give the place in the original of an offset of the redacted text."""
        return _carry(offset, self.stands, self.stood)


def find(text: str, *, people: Collection[str] = ()) -> tuple[Stretch, ...]:
    """Give what is to be taken out of *text*, in order; *people* are names known to be there."""
    return keep_apart((*find_patterns(text), *find_names(text, people=people)))


def redact(text: str, *, people: Collection[str] = (), edges: Iterable[int] = ()) -> Redacted:
    """Give *text* with placeholders: ``[name 1]`` for one name throughout, ``[postcode]``.

    Args:
        text: A contact.
        people: Names that are known to stand in it.
        edges: Places that no placeholder may lie across, such as where sentences begin and end.
    """
    cuts = sorted(set(edges))
    stretches = [part for each in find(text, people=people) for part in _cut(text, each, cuts)]
    numbers: dict[str, int] = {}
    parts: list[str] = []
    stands: list[tuple[int, int]] = []
    reached = length = 0
    for each in stretches:
        placeholder = _placeholder(text, each, numbers)
        parts += [text[reached : each.start], placeholder]
        length += each.start - reached
        stands.append((length, length + len(placeholder)))
        length, reached = stands[-1][1], each.end
    stood = tuple((each.start, each.end) for each in stretches)
    return Redacted("".join([*parts, text[reached:]]), stood, tuple(stands))


def redact_record(record: Record) -> Record:
    """Give the record with a redacted text, its sentences moved along, and no list of people."""
    made = _redact_of(record)
    return record | {"text": made.text, "spans": _moved(record, made.move), "people": []}


def restore_record(record: Record, original: Record) -> Record:
    """Give the labels of a redacted record on the original's text, with its people.

    Raises:
        CorpusError: If the record's text is not what redaction makes of the original.
    """
    made = _redact_of(original)
    if made.text != record["text"]:
        raise CorpusError(
            f"record {record['id']}: its text is not the redacted text of the original; give the "
            "file that was exported, and the words and names that redaction then had"
        )
    back = {"text": original["text"], "people": list(original["people"])}
    return record | back | {"spans": _moved(record, made.move_back)}


def restore_contacts(
    contacts: Iterable[LabelledContact], originals: Iterable[Record]
) -> tuple[LabelledContact, ...]:
    """Give redacted contacts with their labels on the texts of the *originals*.

    Raises:
        CorpusError: As `restore_record`; also if an original is missing, or a label falls where
            the annotation guide allows none.
    """
    known = {record["id"]: record for record in originals}
    return tuple(_restored(contact, known) for contact in contacts)


def _restored(contact: LabelledContact, originals: Mapping[str, Record]) -> LabelledContact:
    if contact.id not in originals:
        raise CorpusError(f"record {contact.id}: is not among the originals; give its file")
    restored, wrong = parse_record(restore_record(to_record(contact), originals[contact.id]))
    if restored is None:
        raise CorpusError("\n".join(f"record {contact.id}: {each}" for each in wrong))
    return restored


def _redact_of(record: Record) -> Redacted:
    edges = [edge for span in record["spans"] for edge in (span["start"], span["end"])]
    return redact(record["text"], people=record["people"], edges=edges)


def _moved(record: Record, move: Callable[[int], int]) -> list[Record]:
    return [
        span | {"start": move(span["start"]), "end": move(span["end"])} for span in record["spans"]
    ]


def _cut(text: str, stretch: Stretch, edges: Sequence[int]) -> list[Stretch]:
    inner = edges[bisect_right(edges, stretch.start) : bisect_right(edges, stretch.end - 1)]
    places = [stretch.start, *inner, stretch.end]
    parts = (Stretch(start, end, stretch.kind) for start, end in pairwise(places))
    return [part for part in parts if text[part.start : part.end].strip()]


def _placeholder(text: str, stretch: Stretch, numbers: dict[str, int]) -> str:
    if stretch.kind is not Kind.NAME:
        return f"[{stretch.kind}]"
    first = text[stretch.start : stretch.end].split()[:1]
    name = first[0].casefold() if first else ""
    return f"[{stretch.kind} {numbers.setdefault(name, len(numbers) + 1)}]"


def _carry(offset: int, here: Sequence[tuple[int, int]], there: Sequence[tuple[int, int]]) -> int:
    """The place of *offset* there; inside a placeholder it is the placeholder's end."""
    place = bisect_right(here, (offset, -1)) - 1
    # (offset, -1) lies before a stretch that starts at offset, which then has no say.
    if place < 0:
        return offset
    if offset < here[place][1]:
        return there[place][1]
    return there[place][1] + offset - here[place][1]
