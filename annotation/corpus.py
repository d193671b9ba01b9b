"""Read labelled contacts, check every record, and give the corpus its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotation.json_lines import read_lines
from annotation.labels import LabelledContact
from annotation.records import Parsed, parse_record, to_record
from nlp.errors import CorpusError

Parse = Callable[[Any], Parsed]

CORPUS = Path(__file__).parent / "corpus"
# The files of labelled contacts in it, each contact once.
SETS = ("train", "later", "unread", "dev")


@dataclass(frozen=True)
class TwiceLabelled:
    """A contact as each of two annotators labelled it, and as an adjudicator settled it."""

    author: LabelledContact
    second: LabelledContact
    adjudicated: LabelledContact


def load_train() -> tuple[LabelledContact, ...]:
    """Give all that readers learn from: the first and the later contacts, each labelled once."""
    return (*load_first(), *load_later())


def load_first() -> tuple[LabelledContact, ...]:
    """Give the contacts of ten authors, labelled before the guide's settled cases were written.

    What is compared from release to release is made from these alone.
    """
    return load_corpus(CORPUS / "train.jsonl")


def load_later() -> tuple[LabelledContact, ...]:
    """Give the contacts of 68 further authors, labelled by the guide as it stands."""
    return load_corpus(CORPUS / "later.jsonl")


def load_unread() -> tuple[LabelledContact, ...]:
    """Give the contacts of eight authors that no rule and no reader was made from.

    Never train on them. They may be looked at at any time, but nothing is chosen on them.
    """
    return load_corpus(CORPUS / "unread.jsonl")


def load_unread_second() -> tuple[LabelledContact, ...]:
    """Give the contacts of `load_unread`, in its order, as a second annotator labelled them blind.

    What a reader of them can be expected to reach; never train on them either.
    """
    return load_corpus(CORPUS / "unread_second.jsonl")


def load_dev() -> tuple[LabelledContact, ...]:
    """Give the contacts kept apart for the final figures of a release; never train on them."""
    return load_corpus(CORPUS / "dev.jsonl")


def load_twice_labelled() -> tuple[TwiceLabelled, ...]:
    """Give the dev contacts with both annotators' labels, for agreement and ceilings."""
    return read_twice_labelled(CORPUS / "dev.jsonl", CORPUS / "dev_annotators.jsonl")


def load_corpus(path: Path, *, parse: Parse = parse_record) -> tuple[LabelledContact, ...]:
    """Give the labelled contacts of the JSON Lines file at *path*, in its order.

    *parse* says what each line must hold, where it is not a whole contact.

    Raises:
        CorpusError: If the file cannot be read or any record holds a mistake; the message lists
            every mistake of every record, a line each, and no words of a contact.
    """
    contents, mistakes = _read(path)
    return _parse(path, contents, mistakes, parse=parse)


def save_corpus(contacts: Iterable[LabelledContact], path: Path) -> None:
    """Write the contacts as a JSON Lines file that `load_corpus` reads."""
    lines = (json.dumps(to_record(each), ensure_ascii=False) + "\n" for each in contacts)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def read_twice_labelled(adjudicated: Path, annotators: Path) -> tuple[TwiceLabelled, ...]:
    """Give the contacts of *adjudicated* with the labels of both annotators.

    Raises:
        CorpusError: As `load_corpus`; also if the two files are not about the same contacts.
    """
    final = load_corpus(adjudicated)
    contents, mistakes = _read(annotators)
    if mistakes or [content.get("id") for content in contents.values()] != [c.id for c in final]:
        mistakes.append(
            f"{annotators.name}: its ids are not those of {adjudicated.name}, in order; "
            "give one record for each contact"
        )
        raise CorpusError("\n".join(mistakes))
    author, second = (
        _parse(
            annotators,
            {
                line: _relabelled(contact, labels[who], f"{annotators.name}, line {line}")
                for contact, (line, labels) in zip(final, contents.items(), strict=True)
            },
            [],
        )
        for who in ("author", "second")
    )
    return tuple(TwiceLabelled(*three) for three in zip(author, second, final, strict=True))


def fingerprint(contacts: Iterable[LabelledContact]) -> str:
    """Give the SHA-256 of the contacts with their labels, whatever their order in the file."""
    lines = sorted(
        json.dumps(to_record(contact), sort_keys=True, ensure_ascii=False) for contact in contacts
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _relabelled(contact: LabelledContact, labels: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The contact's record with one annotator's labels; sentences keep their offsets."""
    record = to_record(contact)
    if len(labels["spans"]) != len(record["spans"]):
        raise CorpusError(f"{where}: has another number of sentences than the contact")
    spans = [
        {"start": span["start"], "end": span["end"], **marked}
        for span, marked in zip(record["spans"], labels["spans"], strict=True)
    ]
    return {**record, **labels, "spans": spans}


def _read(path: Path) -> tuple[dict[int, Any], list[str]]:
    """Give the content of each line by its number, and a mistake for each that is not JSON."""
    contents: dict[int, Any] = {}
    mistakes: list[str] = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            contents[number] = json.loads(line)
        except json.JSONDecodeError as error:
            mistakes.append(f"{path.name}, line {number}: is not JSON at column {error.colno}")
    return contents, mistakes


def _parse(
    path: Path,
    contents: Mapping[int, Any],
    mistakes: Iterable[str],
    *,
    parse: Parse = parse_record,
) -> tuple[LabelledContact, ...]:
    found = list(mistakes)
    contacts: dict[str, LabelledContact] = {}
    for line, content in contents.items():
        contact, wrong = parse(content)
        where = f"{path.name}, line {line}, record {_name(content)}"
        found += [f"{where}: {mistake}" for mistake in wrong]
        if contact is not None and contact.id in contacts:
            found.append(f"{where}: id: stands twice; give each contact its own")
        if contact is not None:
            contacts[contact.id] = contact
    if found:
        raise CorpusError("\n".join(found))
    return tuple(contacts.values())


def _name(content: Any) -> str:
    """The id, where it is fit to show."""
    name = content.get("id") if isinstance(content, dict) else None
    return name if isinstance(name, str) and name.isalnum() and len(name) <= 12 else "without id"
