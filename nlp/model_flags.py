"""Add the safety flags that a reader sees to those that rules found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nlp.assessment import FlagFinding
from nlp.domain import Assertion, Document, SafetyFlag
from nlp.quoting import quote
from nlp.reading import Reading, Thresholds


def add_model_flags(
    flags: Sequence[FlagFinding],
    document: Document,
    reading: Reading,
    thresholds: Thresholds,
) -> tuple[FlagFinding, ...]:
    """Give all flags in the order of the text.

    A reader's flag counts where no rule found that flag in that sentence: a rule that found it
    negated or long ago has read the words around it and stands. No rule's flag is
    ever lowered for what a reader makes of it.
    """
    seen = _seen(flags, document, reading, thresholds)
    return tuple(sorted([*flags, *seen], key=lambda flag: (flag.start, flag.end)))


def _seen(
    flags: Sequence[FlagFinding], document: Document, reading: Reading, thresholds: Thresholds
) -> Iterator[FlagFinding]:
    ruled = _ruled(flags, document)
    pairs = zip(document.sentences, reading.sentences, strict=True)
    for place, (sentence, read) in enumerate(pairs):
        for flag, probability in read.flags.items():
            if probability >= thresholds.flags[flag] and (flag, place) not in ruled:
                words = quote(document, sentence, probability)
                yield FlagFinding(
                    flag=flag,
                    assertion=Assertion.PRESENT,
                    start=words.start,
                    end=words.end,
                    quote=words.quote,
                    source="model",
                    probability=probability,
                )


def _ruled(flags: Sequence[FlagFinding], document: Document) -> set[tuple[SafetyFlag, int]]:
    """Which flag a rule found in which sentence, by the sentence's place."""
    starts = [sentence.start for sentence in document.sentences]
    return {(found.flag, _place(found, starts)) for found in flags}


def _place(flag: FlagFinding, starts: Sequence[int]) -> int:
    return bisect_right(starts, flag.start) - 1
