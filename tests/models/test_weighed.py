"""Two readers' answers weighed into one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.fit_weighed import fit_classes, fit_marks, fit_own
from models.links import Doubles
from models.weighed import Weighed, class_features, log_odds

CHANCE = np.random.default_rng(5)
TRUTH = CHANCE.integers(0, 3, size=600)


def read(right: float) -> Doubles:
    """A reader who gives 0.8 to the label that holds so often, else to another."""
    said = np.where(CHANCE.random(len(TRUTH)) < right, TRUTH, (TRUTH + 1) % 3)
    return np.eye(3)[said] * 0.7 + 0.1


GOOD, POOR = read(0.9), read(0.6)


def fit(one: Doubles, other: Doubles, truth: NDArray[np.int64]) -> Weighed:
    return fit_classes(class_features(one, other), truth, labels=3)


def test_the_better_reader_weighs_more_and_both_beat_each() -> None:
    both = fit(GOOD, POOR, TRUTH)
    own = np.eye(3, dtype=bool)
    assert both.weights[:3][own].min() > both.weights[3:][own].max()
    said = both.classes(class_features(GOOD, POOR))
    assert said.sum(axis=1) == pytest.approx(1)
    surprise = [-np.log(p[np.arange(len(TRUTH)), TRUTH]).mean() for p in (said, GOOD, POOR)]
    assert surprise[0] < min(surprise[1:])


def test_a_doubt_between_two_labels_is_settled_by_what_the_other_says_of_a_third() -> None:
    held = CHANCE.integers(0, 2, size=400)
    unsure = np.tile([0.45, 0.45, 0.1], (400, 1))
    hint = np.column_stack([np.full(400, 0.1), 0.3 + 0.2 * held, 0.6 - 0.2 * held])
    said = fit(unsure, hint, held).classes(class_features(unsure, hint))
    assert (said.argmax(axis=1) == held).all()


def test_marks_that_stand_alone_may_all_hold_or_none() -> None:
    held = CHANCE.random((500, 2)) < [0.3, 0.6]
    one, other = (
        np.where(held ^ (CHANCE.random((500, 2)) < slip), 0.8, 0.2) for slip in (0.1, 0.3)
    )
    rows = log_odds(np.concatenate([one, other], axis=1))
    said = fit_marks(rows, held).marks(rows)
    assert ((said > 0.5) == held).mean() > 0.85
    assert said.mean(axis=0) == pytest.approx(held.mean(axis=0), abs=0.02)


def test_a_label_that_nobody_held_is_still_believed_of_readers_who_agree_on_it() -> None:
    few = np.flatnonzero(TRUTH < 2)[:6]
    agreed = np.array([[0.1, 0.1, 0.8]])
    assert (
        fit(GOOD[few], POOR[few], TRUTH[few]).classes(class_features(agreed, agreed)).argmax() == 2
    )
    rows = log_odds(np.concatenate([GOOD, POOR], axis=1))
    never = fit_marks(rows, np.zeros(GOOD.shape, dtype=bool)).marks(rows)
    assert never.max() < 0.05


def test_what_stands_beside_the_readers_answers_tells_where_they_are_in_doubt() -> None:
    held = CHANCE.random((400, 1)) < 0.5
    doubt = np.zeros((400, 2))
    said = fit_marks(np.column_stack([doubt, held]), held).marks(np.column_stack([doubt, held]))
    assert ((said > 0.5) == held).all()
    assert fit_marks(np.column_stack([doubt, held]), held).weights[2] > 1


def test_labels_with_features_of_their_own_share_what_a_feature_weighs() -> None:
    held = CHANCE.random((300, 2)) < 0.5
    held[:, 1] &= CHANCE.random(300) < 0.02  # of which hardly anything is known
    told = np.where(held, 1.0, -1.0)[:, :, None]
    both = fit_own(told, held)
    assert both.weights.shape == (1, 2)
    assert (both.own(told) > 0.5)[:, 0].tolist() == held[:, 0].tolist()
    assert both.weights[0, 1] > both.weights[0, 0] / 2


def test_a_feature_that_tells_of_one_label_alone_weighs_for_that_one() -> None:
    held = CHANCE.random((400, 2)) < 0.5
    told = np.broadcast_to(np.where(held[:, :1], 1.0, -1.0)[:, :, None], (400, 2, 1))
    weights = fit_own(told, held).weights[0]
    assert weights[0] > 1
    assert abs(weights[1]) < 0.5


def test_what_is_not_asked_counts_for_nothing() -> None:
    held = CHANCE.random((300, 2)) < 0.5
    told = np.where(held, 1.0, -1.0)[:, :, None]
    asked = np.arange(300)[:, None] < [200, 250]
    wrong = np.where(asked, held, ~held)
    assert fit_own(told, wrong, asked).weights == pytest.approx(fit_own(told, held, asked).weights)
