"""Add the safety flags that a reader sees to those that rules found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nlp.assessment import FlagFinding
from nlp.domain import Assertion, Document, SafetyFlag
from nlp.quoting import quote
from nlp.reading import Reading, Thresholds

DOUBT = 0.01
"""A rule's flag is doubted where the reader gives all flags of that sentence together less than
this. On 150 contacts by another writer it cost no contact with a flag and spared two of twenty
without one (evaluation/flag_contacts/unread.yaml, 26 November 2026); 0.02 cost the first."""

NEVER_DOUBTED = frozenset(
    {
        SafetyFlag.INJURY_NON_MOBILE,
        SafetyFlag.SEXUAL_DISCLOSURE,
        SafetyFlag.PHYSICAL_DISCLOSURE,
        SafetyFlag.STRANGULATION,
        SafetyFlag.CHILD_SUICIDAL,
        SafetyFlag.CARER_SUICIDAL_OR_HARM_INTENT,
    }
)
"""Of the gravest kinds, a rule stands whatever the reader makes of its sentence."""


def add_model_flags(
    flags: Sequence[FlagFinding],
    document: Document,
    reading: Reading,
    thresholds: Thresholds,
) -> tuple[FlagFinding, ...]:
    """Give all flags in the order of the text.

    A reader's flag counts where no rule found that flag in that sentence: a rule that found it
    negated or long ago has read the words around it and stands. A rule's flag that the reader
    strongly doubts is kept, as hypothetical, so that it is still read.
    """
    seen = _seen(flags, document, reading, thresholds)
    kept = (_doubted(flag, document, reading) for flag in flags)
    return tuple(sorted([*kept, *seen], key=lambda flag: (flag.start, flag.end)))


def _doubted(flag: FlagFinding, document: Document, reading: Reading) -> FlagFinding:
    read = reading.sentences[_place(flag, [sentence.start for sentence in document.sentences])]
    stands = flag.assertion is not Assertion.PRESENT or flag.flag in NEVER_DOUBTED
    if stands or not read.flags or sum(read.flags.values()) >= DOUBT:
        return flag
    return flag.model_copy(update={"assertion": Assertion.HYPOTHETICAL})


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
