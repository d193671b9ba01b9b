"""Which tools there are, what each cannot hold, and how contacts go there and come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotation.exchange import label_studio, span_tools
from annotation.exchange.marks import Record
from annotation.labels import LabelledContact
from annotation.records import parse_record
from nlp.errors import CorpusError

_IN_METADATA = (
    "holds labels of stretches only: id, form, agency, role, people, statuses, levels, certainty, "
    "urgency, domains and the judgement of a PPN travel as metadata, to be edited elsewhere"
)


@dataclass(frozen=True)
class Format:
    """A tool's files: *limits* says what it cannot hold as labels of its own."""

    limits: str
    to_task: Callable[[Record], Any]
    from_task: Callable[[Any], Record]
    save: Callable[[Sequence[Any], Path], None]
    load: Callable[[Path], tuple[list[Any], int]]
    annotator: Callable[[Any], str | None] = lambda _: None


@dataclass(frozen=True)
class Imported:
    """Contacts that came back, and how many tasks nobody had finished."""

    contacts: tuple[LabelledContact, ...]
    left_out: int


FORMATS: Mapping[str, Format] = {
    "label-studio": Format(
        "holds every label; id, form, agency, role and people stand with the text, to be read only",
        label_studio.to_task,
        label_studio.from_task,
        label_studio.save,
        label_studio.load,
        label_studio.annotator,
    ),
    "doccano": Format(
        _IN_METADATA,
        span_tools.to_doccano,
        span_tools.from_doccano,
        span_tools.save_lines,
        span_tools.load_lines,
    ),
    "prodigy": Format(
        _IN_METADATA,
        span_tools.to_prodigy,
        span_tools.from_prodigy,
        span_tools.save_lines,
        span_tools.load_lines,
        span_tools.prodigy_annotator,
    ),
    "docbin": Format(
        _IN_METADATA,
        span_tools.to_doc,
        span_tools.from_doc,
        span_tools.save_docs,
        span_tools.load_docs,
    ),
}


def export_records(records: Iterable[Record], tool: str, path: Path) -> None:
    """Write the records as files of the *tool* are."""
    known = FORMATS[tool]
    known.save([known.to_task(record) for record in records], path)


def import_contacts(path: Path, tool: str, *, annotator: str | None = None) -> Imported:
    """Give the labelled contacts of a file that the *tool* exported.

    Args:
        path: The file.
        tool: One of `FORMATS`.
        annotator: Whose answers, where several people answered; as the tool names them.

    Raises:
        CorpusError: If the file cannot be read, several people answered and none is chosen, or
            labels break the annotation guide; the message lists every mistake by task and holds
            no words of a contact.
    """
    tasks, left_out = load_tasks(path, tool)
    contacts: list[LabelledContact] = []
    mistakes: list[str] = []
    for number, task in enumerate(_chosen(tasks, FORMATS[tool], annotator), start=1):
        contact, wrong = parse_task(task, tool)
        mistakes += [f"{path.name}, task {number}: {mistake}" for mistake in wrong]
        contacts += [contact] if contact else []
    if mistakes:
        raise CorpusError("\n".join(mistakes))
    return Imported(tuple(contacts), left_out)


def load_tasks(path: Path, tool: str) -> tuple[list[Any], int]:
    """Give the finished tasks of a file that the *tool* exported, and how many are not finished.

    Raises:
        CorpusError: If the file cannot be read.
    """
    try:
        return FORMATS[tool].load(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path.name}: cannot be read as {tool} exports it ({type(error).__name__})"
        ) from None


def parse_task(task: Any, tool: str) -> tuple[LabelledContact | None, tuple[str, ...]]:
    """Give the labelled contact of a task, or else every mistake in it without its words."""
    try:
        return parse_record(FORMATS[tool].from_task(task))
    except CorpusError as error:
        return None, (str(error),)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return None, (f"is not as {tool} exports it ({type(error).__name__})",)


def _chosen(tasks: Iterable[Any], known: Format, annotator: str | None) -> list[Any]:
    by = [(known.annotator(task), task) for task in tasks]
    people = sorted({who for who, _ in by if who is not None})
    if annotator is None and len(people) > 1:
        raise CorpusError(
            f"{len(people)} people answered ({', '.join(people)}); choose one with --annotator"
        )
    return [task for who, task in by if annotator in (None, who)]
