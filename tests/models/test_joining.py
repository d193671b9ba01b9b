"""How two readers are joined is fitted on what each got right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from annotation.corpus import load_train
from annotation.labels import LabelledContact
from models.joined import join
from models.joining import MISSING_LEAN, fit_joint
from models.transformer.fitting import fit_one_of
from nlp.domain import Element, SafetyFlag, Status
from tests.models.readings_for_tests import sure

FLAGS = dict.fromkeys(SafetyFlag, 0.9)


@pytest.fixture(scope="module")
def contacts() -> Sequence[LabelledContact]:
    return load_train()[:24]


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


def test_missing_is_said_less_readily_than_it_is_probable(
    contacts: Sequence[LabelledContact],
) -> None:
    readings = [sure(contact, by=0.9) for contact in contacts]
    shown = [
        [reading.status[element][status] for status in Status]
        for reading in readings
        for element in Element
    ]
    points = np.array(
        [contact.status[element].points for contact in contacts for element in Element]
    )
    calibrated = fit_one_of(np.log(shown).astype(np.float32), points)
    leant = fit_joint(contacts, readings, readings, flags=FLAGS).scales["status"]
    assert leant.shift[0] == pytest.approx(calibrated.shift[0] - MISSING_LEAN, abs=0.01)
    assert leant.shift[1:] == pytest.approx(calibrated.shift[1:], abs=0.01)
