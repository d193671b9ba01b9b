"""Readings of labelled contacts that are as sure of the labels as a test needs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from annotation.labels import LabelledContact
from models.training_corpus import align_elements
from nlp.document import read_document
from nlp.domain import LEVELS, STATUSES, Certainty, Element, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.reading import Reading, SentenceReading

Label = TypeVar("Label", bound=StrEnum)


def marks(labels: Iterable[Label], held: Iterable[Label], by: float) -> dict[Label, float]:
    return {label: by if label in held else 1 - by for label in labels}


def classes(labels: Iterable[Label], held: Label, by: float) -> dict[Label, float]:
    every = list(labels)
    rest = (1 - by) / (len(every) - 1)
    return {label: by if label is held else rest for label in every}


def sure(contact: LabelledContact, *, by: float) -> Reading:
    """A reading that gives what is labelled the probability *by*; 0.5 knows nothing of marks.

    Of flags every sentence says what the contact as a whole is labelled with.
    """
    notice = contact.notification
    tagged = align_elements(contact, read_document(contact.text))
    flags = marks(SafetyFlag, contact.flags_present(), by)
    return Reading(
        sentences=tuple(SentenceReading(marks(Element, held, by), flags) for held in tagged),
        status={element: classes(STATUSES, contact.status[element], by) for element in Element},
        level=classes(LEVELS, contact.level, by),
        plausible=(contact.level,),
        certainty=classes(Certainty, contact.certainty, by),
        domains=marks(NeedDomain, contact.domains, by),
        urgency=classes(Urgency, contact.urgency, by),
        inappropriate=None if notice is None else (1 - by if notice.appropriate else by),
        reasons={} if notice is None else marks(Reason, notice.reasons, by),
    )
