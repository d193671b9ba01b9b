"""How two readers are joined is fitted on what each got right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

import pytest

from annotation.corpus import load_train
from annotation.labels import LabelledContact
from models.joined import join
from models.joining import fit_joint
from models.training_corpus import align_elements
from nlp.document import read_document
from nlp.domain import LEVELS, STATUSES, Certainty, Element, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.reading import Reading, SentenceReading

Label = TypeVar("Label", bound=StrEnum)

FLAGS = dict.fromkeys(SafetyFlag, 0.9)


@pytest.fixture(scope="module")
def contacts() -> Sequence[LabelledContact]:
    return load_train()[:24]


def marks(labels: Iterable[Label], held: Iterable[Label], by: float) -> dict[Label, float]:
    return {label: by if label in held else 1 - by for label in labels}


def classes(labels: Iterable[Label], held: Label, by: float) -> dict[Label, float]:
    every = list(labels)
    rest = (1 - by) / (len(every) - 1)
    return {label: by if label is held else rest for label in every}


def sure(contact: LabelledContact, *, by: float) -> Reading:
    """A reading that gives what is labelled the probability *by*; 0.5 knows nothing of marks."""

    notice = contact.notification
    tagged = align_elements(contact, read_document(contact.text))
    return Reading(
        sentences=tuple(SentenceReading(marks(Element, held, by)) for held in tagged),
        status={element: classes(STATUSES, contact.status[element], by) for element in Element},
        level=classes(LEVELS, contact.level, by),
        plausible=(contact.level,),
        certainty=classes(Certainty, contact.certainty, by),
        domains=marks(NeedDomain, contact.domains, by),
        urgency=classes(Urgency, contact.urgency, by),
        inappropriate=None if notice is None else (1 - by if notice.appropriate else by),
        reasons={} if notice is None else marks(Reason, notice.reasons, by),
    )


def test_the_reader_that_is_right_has_the_whole_share(contacts: Sequence[LabelledContact]) -> None:
    right = [sure(contact, by=0.9) for contact in contacts]
    unsure = [sure(contact, by=0.4) for contact in contacts]
    assert set(fit_joint(contacts, right, unsure, flags=FLAGS).share.values()) == {1.0}
    assert set(fit_joint(contacts, unsure, right, flags=FLAGS).share.values()) == {0.0}


def test_what_is_joined_gives_the_labels_back(contacts: Sequence[LabelledContact]) -> None:
    right = [sure(contact, by=0.9) for contact in contacts]
    unsure = [sure(contact, by=0.4) for contact in contacts]
    joint = fit_joint(contacts, right, unsure, flags=FLAGS)
    assert joint.thresholds.flags == FLAGS
    for contact, one, other in zip(contacts, right, unsure, strict=True):
        joined = join(one, other, joint)
        assert max(joined.level, key=lambda level: joined.level[level]) is contact.level
        assert contact.level in joined.plausible
        needs = {d for d, p in joined.domains.items() if p >= joint.thresholds.domains[d]}
        assert needs >= contact.domains
