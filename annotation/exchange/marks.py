"""The labels of sentences as marks, each a stretch with one label, as span tools hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nlp.domain import Assertion, Element, SafetyFlag
from nlp.errors import CorpusError

Record = dict[str, Any]

# Every sentence has this mark, so that those without a label are kept too.
SENTENCE = "sentence"
_AND_ASSERTION = ":"


@dataclass(frozen=True)
class Mark:
    """A stretch of the text, in code points, and one label of it."""

    start: int
    end: int
    label: str


def label_set() -> tuple[str, ...]:
    """Give every label that a mark may have, as a tool must be told them."""
    flags = (f"{flag}{_AND_ASSERTION}{how}" for flag in SafetyFlag for how in Assertion)
    return (SENTENCE, *Element, *flags)


def to_marks(record: Record) -> tuple[Mark, ...]:
    """Give the marks of a record's sentences, in order; the sentence itself before its labels."""
    return tuple(
        Mark(span["start"], span["end"], label)
        for span in record["spans"]
        for label in _labels(span)
    )


def to_spans(marks: Iterable[Mark]) -> list[Record]:
    """Give the sentences of a record from marks in any order.

    A mark that is not a whole sentence counts for every sentence that it touches.

    Raises:
        CorpusError: If a mark touches no sentence or has a label that we do not know.
    """
    known = tuple(marks)
    places = sorted({(mark.start, mark.end) for mark in known if mark.label == SENTENCE})
    spans: list[Record] = [
        {"start": start, "end": end, "elements": [], "flags": []} for start, end in places
    ]
    for mark in known:
        if mark.label != SENTENCE:
            _put(mark, [s for s in spans if mark.start < s["end"] and s["start"] < mark.end])
    return spans


def _labels(span: Record) -> Iterator[str]:
    yield SENTENCE
    yield from span["elements"]
    for marked in span["flags"]:
        yield f"{marked['flag']}{_AND_ASSERTION}{marked['assertion']}"


def _put(mark: Mark, touched: list[Record]) -> None:
    if not touched:
        raise CorpusError(
            f"a mark from {mark.start} to {mark.end} lies in no sentence; "
            f"mark the sentence '{SENTENCE}' too, or take the mark away"
        )
    if mark.label not in label_set():
        raise CorpusError(
            f"a mark from {mark.start} to {mark.end} has a label of no label set; use ours"
        )
    flag, has_assertion, assertion = mark.label.partition(_AND_ASSERTION)
    for span in touched:
        if not has_assertion:
            span["elements"].append(flag)
        elif {"flag": flag, "assertion": assertion} not in span["flags"]:
            span["flags"].append({"flag": flag, "assertion": assertion})
