"""The queue of an adjudicator as a Label Studio project, and what comes back from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element as Tag
from xml.etree.ElementTree import fromstring, indent, tostring

from annotation.comparison import Annotators
from annotation.corpus import load_corpus
from annotation.disagreements import Disagreement
from annotation.exchange import label_studio
from annotation.exchange.formats import load_tasks, parse_task
from annotation.exchange.label_studio_project import write_project
from annotation.exchange.marks import Record
from annotation.labels import LabelledContact
from annotation.records import to_record
from nlp.errors import CorpusError

PROJECT, TASKS = "project.xml", "tasks.json"
_IN_DISPUTE = "in_dispute"
_TOOL = "label-studio"


@dataclass(frozen=True)
class Decided:
    """A contact as somebody settled it."""

    contact: LabelledContact
    by: str


def save_tasks(queue: Sequence[Disagreement], people: Annotators, folder: Path) -> None:
    """Write the labelling interface and a task for each contact in dispute, the gravest first.

    Each annotator's answers are a prediction under their name, which the adjudicator may start
    from; what is in dispute stands above the text in codes and places.
    """
    (folder / PROJECT).write_text(_write_project(), encoding="utf-8")
    by_contact: dict[str, list[Disagreement]] = {}
    for each in queue:
        by_contact.setdefault(each.contact, []).append(each)
    tasks = [_to_task(name, disputes, people) for name, disputes in by_contact.items()]
    label_studio.save(tasks, folder / TASKS)


def read_decided(path: Path, by: str | None) -> tuple[Decided, ...]:
    """Give the settled contacts of a corpus file (``.jsonl``) or of what Label Studio exported.

    Args:
        path: The file.
        by: Who decided; without it, whom Label Studio names.

    Raises:
        CorpusError: If the file cannot be read, does not say who decided while *by* is not given,
            or an annotation is not whole; the message holds no words of a contact.
    """
    if path.suffix == ".jsonl":
        return tuple(Decided(each, _who(by, path)) for each in load_corpus(path))
    tasks, _ = load_tasks(path, _TOOL)
    decided: list[Decided] = []
    mistakes: list[str] = []
    for task in tasks:
        contact, wrong = parse_task(task, _TOOL)
        mistakes += [f"{path.name}, {_name(task)}: {mistake}" for mistake in wrong]
        if contact:
            decided.append(Decided(contact, _who(by or label_studio.annotator(task), path)))
    if mistakes:
        raise CorpusError("\n".join(mistakes))
    return tuple(decided)


def _to_task(name: str, disputes: Sequence[Disagreement], people: Annotators) -> Record:
    tasks = {
        who: label_studio.to_task(to_record(contacts[name]))
        for who, contacts in people.items()
        if name in contacts
    }
    data: Record = next(iter(tasks.values()))["data"]
    return {
        "data": data | {_IN_DISPUTE: "; ".join(dispute.told for dispute in disputes)},
        "predictions": [
            {"model_version": who, "result": task["annotations"][0]["result"]}
            for who, task in tasks.items()
        ],
    }


def _write_project() -> str:
    """The labelling interface, with what is in dispute above the text."""
    view = fromstring(write_project())  # noqa: S314 - our own XML
    places = [place for place, tag in enumerate(view) if tag.tag == "Header"]
    view.insert(places[0] + 1, Tag("Header", value=f"In dispute: ${_IN_DISPUTE}", size="6"))
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _who(by: str | None, path: Path) -> str:
    if not by:
        raise CorpusError(f"{path.name} does not say who decided; say it with --by")
    return by


def _name(task: Record) -> str:
    """The contact's id, where it is fit to show."""
    data = task.get("data")
    name = data.get("id") if isinstance(data, dict) else None
    return name if isinstance(name, str) and name.isalnum() and len(name) <= 12 else "a task"
