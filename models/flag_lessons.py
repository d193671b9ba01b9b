"""What the flag reader is taught: sentences as the product reads them, with the flags present."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.flag_sentences import FlagText
from annotation.labels import LabelledContact, LabelledSentence
from models.fitting import Truth
from nlp.document import read_document
from nlp.domain import Assertion, Document, SafetyFlag
from nlp.flags import find_flags
from nlp.rules import load_rulebook


@dataclass(frozen=True)
class Lesson:
    """One contact: its sentences, and which flags each holds (sentences x 21, any flag last).

    ``telling`` marks the sentences that a label or a rule flags, whatever the assertion: what is
    denied or mistaken teaches more than what is never in doubt.
    """

    texts: tuple[str, ...]
    present: Truth
    telling: Truth
    wide: bool


def to_lessons(contacts: Iterable[LabelledContact], texts: Iterable[FlagText]) -> Iterator[Lesson]:
    """Give a lesson for each labelled contact, then for each flag text."""
    for contact in contacts:
        yield _lesson(contact.text, contact.sentences, wide=False)
    for text in texts:
        yield _lesson(text.text, text.sentences, wide=True)


def _lesson(text: str, sentences: Sequence[LabelledSentence], *, wide: bool) -> Lesson:
    document = read_document(text)
    marked = align_flags(sentences, document)
    ruled = {found.start for found in find_flags(document, load_rulebook())}
    rows = [[(flag, Assertion.PRESENT) in marks for flag in SafetyFlag] for marks in marked]
    present = np.array([[*row, any(row)] for row in rows], dtype=bool)
    told = [bool(m) or s.start in ruled for m, s in zip(marked, document.sentences, strict=True)]
    return Lesson(
        tuple(sentence.text for sentence in document.sentences),
        present,
        np.array(told, dtype=bool),
        wide,
    )


def align_flags(
    labelled: Sequence[LabelledSentence], document: Document
) -> list[frozenset[tuple[SafetyFlag, Assertion]]]:
    """Give the labelled flags of each sentence that the product reads.

    A sentence has those of every labelled stretch that it shares more than half of the shorter of
    the two with.
    """
    found = []
    for sentence in document.sentences:
        marks: set[tuple[SafetyFlag, Assertion]] = set()
        for stretch in labelled:
            shared = min(sentence.end, stretch.end) - max(sentence.start, stretch.start)
            if shared * 2 > min(sentence.end - sentence.start, stretch.end - stretch.start):
                marks |= {(mark.flag, mark.assertion) for mark in stretch.flags}
        found.append(frozenset(marks))
    return found
