"""How two readers are joined is fitted on what each got right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from annotation.corpus import load_train
from annotation.labels import LabelledContact
from models.joined import Joint, join
from models.joining import MISSING_ODDS, PROTECTION_ODDS, FlagLimits, find_ruled, fit_joint
from nlp.document import read_document
from nlp.domain import Level, SafetyFlag
from nlp.reading import Reading
from tests.builders import make_flag
from tests.models.readings_for_tests import sure

FLAGS = FlagLimits(held_from=0.6, likeliest_from=0.5, seen_from=0.4, doubted_below=0.1)


@pytest.fixture(scope="module")
def contacts() -> Sequence[LabelledContact]:
    return load_train()[:24]


def fit(contacts: Sequence[LabelledContact], one: list[Reading], other: list[Reading]) -> Joint:
    """Without what rules find."""
    return fit_joint(contacts, one, other, flags=FLAGS, ruled=[()] * len(contacts))


def read(
    contacts: Sequence[LabelledContact], one: list[Reading], other: list[Reading], joint: Joint
) -> list[Reading]:
    return [
        join(mine, theirs, joint, document=read_document(contact.text), ruled=())
        for contact, mine, theirs in zip(contacts, one, other, strict=True)
    ]


def test_the_reader_that_is_oftener_right_has_the_larger_share(
    contacts: Sequence[LabelledContact],
) -> None:
    good = [sure(c, by=0.9 if place % 8 else 0.1) for place, c in enumerate(contacts)]
    poor = [sure(c, by=0.9 if place % 3 else 0.1) for place, c in enumerate(contacts)]
    assert min(fit(contacts, good, poor).share.values()) > 0.5
    assert max(fit(contacts, poor, good).share.values()) < 0.5


def test_a_reader_that_is_too_unsure_of_itself_has_its_say_all_the_same(
    contacts: Sequence[LabelledContact],
) -> None:
    good = [sure(c, by=0.45 if place % 8 else 0.2) for place, c in enumerate(contacts)]
    poor = [sure(c, by=0.9 if place % 3 else 0.1) for place, c in enumerate(contacts)]
    joint = fit(contacts, good, poor)
    levels = [reading.level for reading in read(contacts, good, poor, joint)]
    right = [
        level[contact.level] == max(level.values())
        for level, contact in zip(levels, contacts, strict=True)
    ]
    assert np.mean(right) >= 7 / 8


def test_what_is_joined_gives_the_labels_back(contacts: Sequence[LabelledContact]) -> None:
    right = [sure(contact, by=0.9) for contact in contacts]
    unsure = [sure(contact, by=0.4) for contact in contacts]
    joint = fit(contacts, right, unsure)
    assert set(joint.thresholds.flags.values()) == {FLAGS.held_from}
    limits = joint.thresholds
    assert limits.likeliest_from == FLAGS.likeliest_from
    assert (limits.seen_from, limits.doubted_below) == (FLAGS.seen_from, FLAGS.doubted_below)
    for contact, joined in zip(contacts, read(contacts, right, unsure, joint), strict=True):
        assert max(joined.level, key=lambda level: joined.level[level]) is contact.level
        assert contact.level in joined.plausible
        needs = {d for d, p in joined.domains.items() if p >= joint.thresholds.domains[d]}
        assert needs >= contact.domains


def test_what_a_mistake_costs_is_told_beside_the_probabilities(
    contacts: Sequence[LabelledContact],
) -> None:
    readings = [sure(contact, by=0.6) for contact in contacts]
    limits = fit(contacts, readings, readings).thresholds
    assert (limits.missing_odds, limits.protection_odds) == (MISSING_ODDS, PROTECTION_ODDS)


def test_child_protection_is_as_probable_as_it_is_frequent(
    contacts: Sequence[LabelledContact],
) -> None:
    unsure = [sure(contact, by=0.25) for contact in contacts]
    joint = fit(contacts, unsure, unsure)
    said = [r.level[Level.CHILD_PROTECTION] for r in read(contacts, unsure, unsure, joint)]
    true = [contact.level is Level.CHILD_PROTECTION for contact in contacts]
    assert np.mean(said) == pytest.approx(np.mean(true), abs=0.03)


def test_what_rules_find_is_believed_as_far_as_it_was_right(
    contacts: Sequence[LabelledContact],
) -> None:
    unsure = [sure(contact, by=0.5) for contact in contacts]
    found = [tuple(make_flag(each) for each in c.flags_present()) for c in contacts]
    assert any(found)
    joint = fit_joint(contacts, unsure, unsure, flags=FLAGS, ruled=found)
    for contact, reading, ruled in zip(contacts, unsure, found, strict=True):
        document = read_document(contact.text)
        for flag, chance in join(
            reading, reading, joint, document=document, ruled=ruled
        ).flags.items():
            assert (chance > 0.5) == (flag in contact.flags_present())


def test_the_level_counts_the_likeliest_flag(contacts: Sequence[LabelledContact]) -> None:
    unsure = [sure(contact, by=0.25) for contact in contacts]  # of four levels: knows nothing
    found = [tuple(make_flag(each) for each in c.flags_present()) for c in contacts]
    joint = fit_joint(contacts, unsure, unsure, flags=FLAGS, ruled=found)
    protection = [
        join(reading, reading, joint, document=read_document(c.text), ruled=ruled).level[
            Level.CHILD_PROTECTION
        ]
        for c, reading, ruled in zip(contacts, unsure, found, strict=True)
    ]
    flagged = np.array([bool(ruled) for ruled in found])
    serious = np.array([contact.level is Level.CHILD_PROTECTION for contact in contacts])
    assert serious[flagged].mean() > serious[~flagged].mean()
    assert min(np.array(protection)[flagged]) > max(np.array(protection)[~flagged])


def test_rules_find_their_flags_in_labelled_contacts(contacts: Sequence[LabelledContact]) -> None:
    calm = replace(contacts[0], text="She likes school and comes every day.", sentences=())
    grave = replace(calm, text="He put his hands round her neck and squeezed.")
    nothing, found = find_ruled([calm, grave])
    assert nothing == ()
    assert {each.flag for each in found} == {SafetyFlag.STRANGULATION}
