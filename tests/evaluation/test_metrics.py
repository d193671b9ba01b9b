"""Scores are what they are defined to be, by hand and by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics as sklearn_metrics

from annotation.agreement import quadratic_kappa
from evaluation.metrics import (
    accuracy_score,
    calibration_error,
    counts_by_class,
    f1_score,
    macro_f1_score,
    precision_score,
    quadratic_kappa_score,
    ratio_score,
    recall_score,
)

CLASSES = 4
PAIRS = st.lists(
    st.tuples(st.integers(0, CLASSES - 1), st.integers(0, CLASSES - 1)), min_size=2, max_size=60
)


def _table(pairs: list[tuple[int, int]]) -> NDArray[np.float64]:
    table = np.zeros((CLASSES, CLASSES))
    for label, said in pairs:
        table[label, said] += 1
    return table


def test_precision_recall_and_f1_of_a_hand_worked_case() -> None:
    counts = np.array([6.0, 2.0, 4.0])  # hits, false alarms, misses
    assert precision_score(counts) == pytest.approx(6 / 8)
    assert recall_score(counts) == pytest.approx(6 / 10)
    assert f1_score(counts) == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_nothing_to_score_is_nan_not_nought() -> None:
    nothing = np.zeros(3)
    assert np.isnan(precision_score(nothing))
    assert np.isnan(recall_score(nothing))
    assert np.isnan(f1_score(nothing))
    assert np.isnan(ratio_score(np.array(0.0), np.array(0.0)))


def test_kappa_of_a_hand_worked_case() -> None:
    # Two classes, 10 cases: 7 agreed; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5 would be.
    table = np.array([[4.0, 1.0], [2.0, 3.0]])
    assert quadratic_kappa_score(table) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


def test_kappa_is_one_where_both_use_one_class_throughout() -> None:
    assert quadratic_kappa_score(np.diag([5.0, 0.0, 0.0])) == 1.0
    assert np.isnan(quadratic_kappa_score(np.zeros((3, 3))))


def test_within_one_counts_neighbours() -> None:
    table = np.zeros((4, 4))
    table[0, 0], table[0, 1], table[3, 1] = 5, 3, 2
    assert accuracy_score(table) == pytest.approx(0.5)
    assert accuracy_score(table, within=1) == pytest.approx(0.8)


@given(PAIRS)
def test_scores_of_a_table_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    table = _table(pairs)
    labels, said = zip(*pairs, strict=True)
    used = sorted({*labels, *said})
    macro = sklearn_metrics.f1_score(labels, said, average="macro", labels=used, zero_division=0.0)
    assert accuracy_score(table) == pytest.approx(sklearn_metrics.accuracy_score(labels, said))
    assert macro_f1_score(table) == pytest.approx(macro)
    if len(used) > 1:
        kappa = sklearn_metrics.cohen_kappa_score(
            labels, said, weights="quadratic", labels=range(CLASSES)
        )
        assert quadratic_kappa_score(table) == pytest.approx(kappa)


@given(PAIRS)
def test_kappa_is_that_of_the_annotators_agreement(pairs: list[tuple[int, int]]) -> None:
    labels, said = np.array(pairs).T
    expected = quadratic_kappa(labels, said, classes=CLASSES)
    assert quadratic_kappa_score(_table(pairs)) == pytest.approx(expected)


@given(st.lists(PAIRS, min_size=2, max_size=4))
def test_a_leading_axis_is_scored_row_by_row(several: list[list[tuple[int, int]]]) -> None:
    tables = np.stack([_table(pairs) for pairs in several])
    for score in (accuracy_score, macro_f1_score, quadratic_kappa_score):
        each = [float(score(table)) for table in tables]
        assert score(tables) == pytest.approx(each, nan_ok=True)


def test_counts_by_class_are_hits_false_alarms_and_misses() -> None:
    table = np.array([[3.0, 1.0], [2.0, 4.0]])
    assert counts_by_class(table).tolist() == [[3, 2, 1], [4, 1, 2]]


def test_calibration_error_weighs_the_gap_of_each_bin_by_its_cases() -> None:
    # Eight cases said 0.9 of which six right; two said 0.5 of which both right.
    bins = np.array([[8.0, 7.2, 6.0], [2.0, 1.0, 2.0], [0.0, 0.0, 0.0]])
    assert calibration_error(bins) == pytest.approx((1.2 + 1.0) / 10)
