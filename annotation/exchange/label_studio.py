"""Label Studio's JSON: a sentence is a region, and every label a choice of the region or task.

Places are code points, as its editor counts since version 1.7 (its own tests say so:
``web/libs/editor``, "offsets by code points in text"); older versions counted UTF-16 units. A
region quotes its words, so each place is checked, and read in UTF-16 units where only that fits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from annotation.exchange.marks import SENTENCE, Record
from annotation.exchange.offsets import from_utf16, utf16_offsets
from nlp.domain import LEVELS, STATUSES, Element, Form, Level, Status
from nlp.errors import CorpusError

# Names of the controls in annotation/label_studio.xml.
TEXT, SENTENCES, ELEMENTS, FLAGS = "text", "sentences", "elements", "flags"
LEVEL, ALTERNATIVE, CERTAINTY, URGENCY = "level", "alt_level", "certainty", "urgency"
DOMAINS, APPROPRIATE, REASONS, STATUS = "domains", "ppn", "reasons", "status_"
YES, NO = "appropriate", "inappropriate"

_OF_THE_CONTACT = ("id", "form", "agency", "role", "text", "people")


def to_task(record: Record) -> Record:
    """Give a task with its labels as a finished annotation; only sentences if there are none."""
    data = {name: record[name] for name in _OF_THE_CONTACT}
    regions = [each for n, span in enumerate(record["spans"]) for each in _region(n, span, record)]
    if LEVEL not in record:
        guess = {"model_version": "sentences", "result": regions}
        return {"data": data, "predictions": [guess]}
    return {"data": data, "annotations": [{"result": [*regions, *_choices(record)]}]}


def from_task(task: Record) -> Record:
    """Give the record of a task that has one annotation; what was not answered is left out.

    Raises:
        CorpusError: If a region does not hold the words that it quotes.
    """
    data = task["data"]
    regions: dict[str, Record] = {}
    said: dict[str, list[str]] = {}
    for result in task["annotations"][0]["result"]:
        name, value = result["from_name"], result["value"]
        region = regions.setdefault(result["id"], {ELEMENTS: [], FLAGS: []})
        if name == SENTENCES:
            region["start"], region["end"] = _place(data["text"], value)
        elif name == ELEMENTS:
            region[ELEMENTS] = value["choices"]
        elif name == FLAGS:
            region[FLAGS] = [{"flag": f, "assertion": how} for f, how in value["taxonomy"]]
        else:
            said[name] = value["choices"]
    spans = sorted((r for r in regions.values() if "start" in r), key=lambda r: int(r["start"]))
    contact = {name: data[name] for name in _OF_THE_CONTACT}
    return {**contact, "spans": spans, **_answers(said, data["form"])}


def save(tasks: Sequence[Any], path: Path) -> None:
    """Write the tasks as one JSON list, which Label Studio imports."""
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[list[Any], int]:
    """Give a task for every finished annotation, and how many tasks have none."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    found: list[Any] = []
    left_out = 0
    for task in tasks:
        done = [each for each in task.get("annotations", ()) if not each.get("was_cancelled")]
        found += [{**task, "annotations": [each]} for each in done]
        left_out += not done
    return found, left_out


def annotator(task: Record) -> str | None:
    """Give the number of who made the annotation of a task."""
    who = task["annotations"][0].get("completed_by")
    return None if who is None else str(who["id"] if isinstance(who, dict) else who)


def _region(number: int, span: Record, record: Record) -> Iterator[Record]:
    start, end = span["start"], span["end"]
    place = {"start": start, "end": end, "text": record["text"][start:end]}
    name = f"sentence-{number}"
    yield _result(name, SENTENCES, "labels", place | {"labels": [SENTENCE]})
    if span[ELEMENTS]:
        yield _result(name, ELEMENTS, "choices", place | {"choices": span[ELEMENTS]})
    if span[FLAGS]:
        paths = [[marked["flag"], marked["assertion"]] for marked in span[FLAGS]]
        yield _result(name, FLAGS, "taxonomy", place | {"taxonomy": paths})


def _choices(record: Record) -> Iterator[Record]:
    ppn, other = record["ppn"], record["alt_level"]
    said = {
        **{STATUS + element: [STATUSES[points]] for element, points in record["status"].items()},
        LEVEL: [LEVELS[record["level"] - 1]],
        ALTERNATIVE: [LEVELS[other - 1]] if other else [],
        CERTAINTY: [record["certainty"]],
        URGENCY: [record["urgency"]],
        DOMAINS: record["domains"],
        APPROPRIATE: [] if ppn is None else [YES if ppn["appropriate"] else NO],
        REASONS: ppn["reasons"] if ppn else [],
    }
    for name, choices in said.items():
        if choices:
            yield _result(name, name, "choices", {"choices": choices})


def _result(name: str, control: str, kind: str, value: Record) -> Record:
    return {"id": name, "from_name": control, "to_name": TEXT, "type": kind, "value": value}


def _answers(said: dict[str, list[str]], form: str) -> Record:
    answers: Record = {name: said[name][0] for name in (CERTAINTY, URGENCY) if name in said}
    if LEVEL in said:
        answers[LEVEL] = Level(said[LEVEL][0]).number
    other = said.get(ALTERNATIVE)
    answers[ALTERNATIVE] = Level(other[0]).number if other else None
    answers["status"] = {
        element.value: Status(said[STATUS + element][0]).points
        for element in Element
        if STATUS + element in said
    }
    answers[DOMAINS] = said.get(DOMAINS, [])
    notified = form == Form.PPN and APPROPRIATE in said
    appropriate = said.get(APPROPRIATE) == [YES]
    reasons = said.get(REASONS, [])
    answers["ppn"] = {"appropriate": appropriate, "reasons": reasons} if notified else None
    return answers


def _place(text: str, value: Record) -> tuple[int, int]:
    """Where the region's words stand: as its place says, or as it says in UTF-16 units."""
    place, quoted = (value["start"], value["end"]), value.get("text")
    if quoted is None:
        return place
    places = (place, *_in_units(text, place))
    for each in places:
        if text[slice(*each)] == quoted:
            return each
    for each in places:
        if _words(text[slice(*each)]) == _words(quoted.replace("\\n", "\n")):
            return each
    raise CorpusError(
        f"the region from {place[0]} to {place[1]} does not hold the words that it quotes; "
        "was the text changed after the export?"
    )


def _in_units(text: str, place: tuple[int, int]) -> Iterator[tuple[int, int]]:
    units = utf16_offsets(text)
    with suppress(CorpusError):
        yield from_utf16(units, place[0]), from_utf16(units, place[1])


def _words(text: str) -> list[str]:
    """The words alone: editors write line ends in several ways."""
    return text.split()
