"""What a sentence's neighbours say of it."""

from __future__ import annotations

import numpy as np

from models.in_context import sentence_features
from models.weighed import log_odds

ONE = np.array([[0.9, 0.2], [0.1, 0.6], [0.3, 0.8]])
OTHER = np.array([[0.7, 0.1], [0.2, 0.5], [0.4, 0.9]])
ROWS = sentence_features(ONE, OTHER, ppn=True)
OWN = log_odds(np.concatenate([ONE, OTHER], axis=1))
NOTHING = log_odds(np.zeros(4))


def test_a_sentence_has_its_own_answers_first() -> None:
    assert ROWS.shape == (3, 4 * 4 + 4)
    assert (ROWS[:, :4] == OWN).all()


def test_before_the_first_and_after_the_last_nothing_is_said() -> None:
    assert (ROWS[:, 4:8] == np.vstack([NOTHING, OWN[:2]])).all()
    assert (ROWS[:, 8:12] == np.vstack([OWN[1:], NOTHING])).all()


def test_every_sentence_has_the_highest_of_its_document() -> None:
    highest = log_odds(np.array([0.9, 0.8, 0.7, 0.9]))
    assert (ROWS[:, 12:16] == highest).all()


def test_place_length_and_form_are_told() -> None:
    place, first, length, ppn = ROWS[:, 16:].T
    assert place.tolist() == [0, 0.5, 1]
    assert first.tolist() == [1, 0, 0]
    assert (length == np.log(3)).all()
    assert (ppn == 1).all()


def test_one_sentence_stands_at_the_start() -> None:
    (row,) = sentence_features(ONE[:1], OTHER[:1], ppn=False)
    assert (row[4:12] == np.tile(NOTHING, 2)).all()
    assert row[16:].tolist() == [0, 1, 0, 0]
