"""How two readers are joined is fitted on what each got right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.corpus import load_train
from annotation.labels import LabelledContact
from models.fit_weighed import fit_questions
from models.joined import join
from models.joining import MISSING_LEAN, FlagLimits, fit_joint
from nlp.domain import Element, Level
from tests.models.readings_for_tests import sure

FLAGS = FlagLimits(raised_from=0.9, doubted_below=0.02, alert_odds=3.0)


@pytest.fixture(scope="module")
def contacts() -> Sequence[LabelledContact]:
    return load_train()[:24]


def none(contacts: Sequence[LabelledContact]) -> NDArray[np.bool_]:
    return np.zeros(len(contacts), dtype=bool)


def test_the_reader_that_is_oftener_right_has_the_larger_share(
    contacts: Sequence[LabelledContact],
) -> None:
    good = [sure(c, by=0.9 if place % 8 else 0.1) for place, c in enumerate(contacts)]
    poor = [sure(c, by=0.9 if place % 3 else 0.1) for place, c in enumerate(contacts)]
    assert (
        min(fit_joint(contacts, good, poor, flags=FLAGS, alerts=none(contacts)).share.values())
        > 0.5
    )
    assert (
        max(fit_joint(contacts, poor, good, flags=FLAGS, alerts=none(contacts)).share.values())
        < 0.5
    )


def test_a_reader_that_is_too_unsure_of_itself_has_its_say_all_the_same(
    contacts: Sequence[LabelledContact],
) -> None:
    good = [sure(c, by=0.45 if place % 8 else 0.2) for place, c in enumerate(contacts)]
    poor = [sure(c, by=0.9 if place % 3 else 0.1) for place, c in enumerate(contacts)]
    joint = fit_joint(contacts, good, poor, flags=FLAGS, alerts=none(contacts))
    levels = [join(*pair, joint).level for pair in zip(good, poor, strict=True)]
    right = [
        level[contact.level] == max(level.values())
        for level, contact in zip(levels, contacts, strict=True)
    ]
    assert np.mean(right) >= 7 / 8


def test_what_is_joined_gives_the_labels_back(contacts: Sequence[LabelledContact]) -> None:
    right = [sure(contact, by=0.9) for contact in contacts]
    unsure = [sure(contact, by=0.4) for contact in contacts]
    joint = fit_joint(contacts, right, unsure, flags=FLAGS, alerts=none(contacts))
    assert set(joint.thresholds.flags.values()) == {FLAGS.raised_from}
    assert joint.thresholds.doubted_below == FLAGS.doubted_below
    assert joint.thresholds.alert_odds == FLAGS.alert_odds
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
    rows = np.array([[list(r.status[e].values()) for e in Element] for r in readings])
    points = np.array([[contact.status[e].points for e in Element] for contact in contacts])
    plain = fit_questions(rows, rows, points)
    leant = fit_joint(contacts, readings, readings, flags=FLAGS, alerts=none(contacts))
    status = leant.weighed["status"]
    assert status.weights == pytest.approx(plain.weights)
    assert plain.bias - status.bias == pytest.approx(np.tile([MISSING_LEAN, 0, 0], (16, 1)))


def test_the_level_sets_count_the_flags_that_are_held_for_present(
    contacts: Sequence[LabelledContact],
) -> None:
    readings = [sure(c, by=0.9 if place % 3 else 0.4) for place, c in enumerate(contacts)]
    wrongly = np.array([contact.level is not Level.CHILD_PROTECTION for contact in contacts])
    plain = fit_joint(contacts, readings, readings, flags=FLAGS, alerts=none(contacts))
    counted = fit_joint(contacts, readings, readings, flags=FLAGS, alerts=wrongly)
    assert counted.levels.any_level < plain.levels.any_level
    assert counted.weighed["level"].to_content() == plain.weighed["level"].to_content()
