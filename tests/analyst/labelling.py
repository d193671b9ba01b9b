"""What people would answer in Label Studio: the corpus' own labels, with slips, and settled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

from annotation.exchange.label_studio import to_task
from annotation.labels import LabelledContact
from annotation.records import to_record

ANA, BOB, CEM = "1", "2", "3"  # the third adjudicates

Record = dict[str, Any]


def save_pool(contacts: Iterable[LabelledContact], path: Path) -> None:
    """Contacts as a council has them: no label, sentences already cut."""
    unlabelled = (_unlabelled(to_record(contact)) for contact in contacts)
    lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in unlabelled)
    path.write_text("".join(lines), encoding="utf-8")


def answer(
    exported: Path, contacts: Iterable[LabelledContact], answered: Path, *, seed: int
) -> int:
    """Fill the blank tasks of *exported* in as both people; give how many levels differ."""
    labels, random, differ = {c.id: to_record(c) for c in contacts}, Random(seed), 0  # noqa: S311
    tasks = json.loads(exported.read_text(encoding="utf-8"))
    for task in tasks:
        own = labels[task["data"]["id"]]
        other = with_slips(own, random)
        differ += own["level"] != other["level"]
        task["annotations"] = [
            {"completed_by": int(who), **to_task(record)["annotations"][0]}
            for who, record in ((ANA, own), (BOB, other))
        ]
    answered.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return differ


def settle(queue: Path, answered: Path, *, as_said: str) -> None:
    """Take one person's answers to all that is in dispute, as the adjudicator may start from."""
    tasks = json.loads((queue / "tasks.json").read_text(encoding="utf-8"))
    for task in tasks:
        said = {each["model_version"]: each["result"] for each in task["predictions"]}
        task["annotations"] = [{"completed_by": int(CEM), "result": said[as_said]}]
    answered.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")


def with_slips(record: Record, random: Random) -> Record:
    """A record as somebody else might label it, within the guide."""
    other = deepcopy(record)
    never_low = other["ppn"] is not None and not other["ppn"]["appropriate"]
    if not never_low and random.random() < 0.15:
        step = 1 if other["level"] == 1 else -1 if other["level"] == 4 else random.choice((-1, 1))
        other["level"] += step
        if other["alt_level"] == other["level"]:
            other["alt_level"] = None
    for element, points in other["status"].items():
        if points and random.random() < 0.1:
            other["status"][element] = 3 - points  # partly for met, met for partly
    for span, element in _spare(other):
        if random.random() < 0.1:
            span["elements"].remove(element)
    return other


def _spare(record: Record) -> Iterator[tuple[Record, str]]:
    """Marks of elements that another sentence bears out too."""
    for span in record["spans"]:
        for element in list(span["elements"]):
            if sum(element in each["elements"] for each in record["spans"]) > 1:
                yield span, element


def _unlabelled(record: Record) -> Record:
    kept = {name: record[name] for name in ("id", "form", "agency", "role", "text", "people")}
    places = [{"start": span["start"], "end": span["end"]} for span in record["spans"]]
    return kept | {"spans": places}
