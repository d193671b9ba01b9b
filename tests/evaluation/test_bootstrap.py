"""Intervals hold what they should, are repeatable, and pair what they compare."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.bootstrap import (
    difference_with_interval,
    draw,
    score_with_interval,
)
from evaluation.metrics import Counts, f1_score


def _mean(counts: Counts) -> Counts:
    return np.asarray(counts[..., 0] / counts[..., 1])


def _cases(right: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Counts:
    return np.stack([right, np.ones_like(right)], axis=-1).astype(float)


def test_the_interval_of_a_share_is_near_the_one_from_its_standard_error() -> None:
    right = np.arange(400) % 4 != 0  # 0.75 of 400
    figure = score_with_interval(_cases(right), _mean, draw(400))
    error = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert figure.value == 0.75
    assert figure.low == pytest.approx(0.75 - error, abs=0.006)
    assert figure.high == pytest.approx(0.75 + error, abs=0.006)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    chances = np.random.default_rng(7)
    draws = draw(100, resamples=400)
    covered = 0
    for _ in range(300):
        figure = score_with_interval(_cases(chances.random(100) < 0.6), _mean, draws)
        assert figure.low is not None
        assert figure.high is not None
        covered += figure.low <= 0.6 <= figure.high
    assert 0.90 <= covered / 300 <= 0.99


def test_the_same_seed_draws_the_same_contacts() -> None:
    assert (draw(30, seed=5) == draw(30, seed=5)).all()
    assert (draw(30, seed=5) != draw(30, seed=6)).any()
    assert (draw(30).sum(axis=1) == 30).all()


def test_a_difference_is_paired_so_a_constant_gain_has_a_narrow_interval() -> None:
    ours = np.arange(200) % 2 == 0
    theirs = ours & (np.arange(200) % 20 != 0)  # ten contacts worse, the rest alike
    draws = draw(200)
    figure = difference_with_interval(_cases(ours), _cases(theirs), _mean, draws)
    assert figure.value == pytest.approx(0.05)
    assert figure.low is not None
    assert figure.low > 0
    apart = score_with_interval(_cases(ours), _mean, draws)
    assert apart.high is not None
    assert apart.low is not None
    assert figure.high is not None
    assert figure.high - figure.low < apart.high - apart.low


def test_nothing_to_score_has_no_interval() -> None:
    figure = score_with_interval(np.zeros((10, 3)), f1_score, draw(10, resamples=50))
    assert (figure.value, figure.low, figure.high) == (None, None, None)
