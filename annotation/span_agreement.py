"""How far two annotators mark the same stretches: exactly, overlapping, or in place alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotation.labels import LabelledContact, LabelledSentence

Span = tuple[int, int, str]
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SpanCounts:
    """Marks that the other side bears out, and marks, of both sides: a row for each contact."""

    borne_out: Counts
    marked: Counts


def exact(ours: Collection[Span], theirs: Collection[Span]) -> int:
    """Count our spans that the other side has too, with the same place and label."""
    return len(set(ours) & set(theirs))


def overlapping(ours: Collection[Span], theirs: Collection[Span]) -> int:
    """Count our spans that a span of the other side with the same label touches."""
    return sum(
        any(a < end and start < b and label == other for a, b, other in theirs)
        for start, end, label in set(ours)
    )


def in_place(ours: Collection[Span], theirs: Collection[Span]) -> int:
    """Count our stretches that the other side marks too, with whatever label."""
    return len({(a, b) for a, b, _ in ours} & {(a, b) for a, b, _ in theirs})


def count_spans(
    ours: Sequence[Collection[Span]],
    theirs: Sequence[Collection[Span]],
    match: Callable[[Collection[Span], Collection[Span]], int],
) -> SpanCounts:
    """Give the counts of a way to match; the spans of the same contacts, in the same order."""
    stretches = match is in_place
    return SpanCounts(
        _column(match(a, b) + match(b, a) for a, b in zip(ours, theirs, strict=True)),
        _column(
            _number(a, stretches=stretches) + _number(b, stretches=stretches)
            for a, b in zip(ours, theirs, strict=True)
        ),
    )


def f1(borne_out: Counts, marked: Counts) -> Counts:
    """Give F1 from totals; NaN where nobody marks anything."""
    with np.errstate(divide="ignore", invalid="ignore"):
        score: Counts = np.where(marked > 0, borne_out / marked, np.nan)
    return score


MATCHES: Mapping[str, Callable[[Collection[Span], Collection[Span]], int]] = {
    "exact": exact,
    "overlapping": overlapping,
    "position only": in_place,
}


def spans_of(contact: LabelledContact, label: str | None = None) -> frozenset[Span]:
    """Give the labelled stretches of a contact; those of one *label* if it is given."""
    return frozenset(
        (sentence.start, sentence.end, name)
        for sentence in contact.sentences
        for name in labels_of(sentence)
        if label in (None, name)
    )


def labels_of(sentence: LabelledSentence) -> frozenset[str]:
    """Give a sentence's elements, and its flags with their assertions."""
    flags = (f"{marked.flag}:{marked.assertion}" for marked in sentence.flags)
    return frozenset([*sentence.elements, *flags])


def _column(numbers: Iterable[int]) -> Counts:
    return np.fromiter(numbers, dtype=np.float64)


def _number(spans: Collection[Span], *, stretches: bool) -> int:
    return len({(a, b) for a, b, _ in spans} if stretches else set(spans))
