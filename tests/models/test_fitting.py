import numpy as np
import pytest
from scipy.sparse import csr_matrix

from models.fitting import BESIDE, choose_thresholds, fit_heads, fit_platt, tell_apart
from models.heads import LEAST, logistic, steps_to_classes


def test_calibration_finds_the_true_odds() -> None:
    source = np.random.default_rng(1)
    margins = source.normal(size=20_000).astype(np.float32)[:, None]
    truth = source.random(20_000)[:, None] < logistic(2 * margins - 1)
    slope, offset = fit_platt(margins, truth, np.ones(20_000))
    assert slope[0] == pytest.approx(2, abs=0.1)
    assert offset[0] == pytest.approx(-1, abs=0.1)


def test_calibration_never_turns_an_answer_round() -> None:
    margins = np.array([[1.0], [-1.0]], dtype=np.float32)
    slope, _ = fit_platt(margins, np.array([[False], [True]]), np.ones(2))
    assert slope[0] == 0


def test_margins_out_of_fold_come_from_other_authors() -> None:
    # Each fold's rows have a feature of their own, so nothing can be learned across folds.
    rows = csr_matrix(np.eye(4, dtype=np.float32))
    truth = np.array([[True], [False], [True], [False]])
    fitted = fit_heads(rows, truth, np.array([0, 0, 1, 1]), cost=10.0, balance=0.0, seed=0)
    assert np.ptp(fitted.unseen) == pytest.approx(0, abs=0.05)
    assert np.ptp(fitted.heads.margins(rows)) > 1


def test_a_row_beside_the_folds_teaches_every_fold_and_calibrates_none() -> None:
    # Each fold's rows have features of their own; the rows beside have them all.
    rows = csr_matrix(np.vstack([np.eye(4), np.eye(4)]).astype(np.float32))
    truth = np.array([[True], [False]] * 4)
    folds = np.array([0, 0, 1, 1, *[BESIDE] * 4])
    alone = fit_heads(rows[:4], truth[:4], folds[:4], cost=10.0, balance=0.0, seed=0)
    taught = fit_heads(rows, truth, folds, cost=10.0, balance=0.0, seed=0)
    assert np.ptp(alone.unseen) == pytest.approx(0, abs=0.05)
    assert len(taught.unseen) == 4
    assert (taught.unseen[:, 0] > 0.5).tolist() == [True, False] * 2


def test_processes_side_by_side_fit_the_same_heads() -> None:
    source = np.random.default_rng(2)
    rows = csr_matrix(source.random((60, 5), dtype=np.float32))
    truth = source.random((60, 2)) < 0.4
    folds = np.repeat([0, 1, 2], 20)
    one, two = (fit_heads(rows, truth, folds, cost=1.0, seed=3, jobs=jobs) for jobs in (1, 2))
    assert (one.unseen == two.unseen).all()
    assert (one.heads.coef == two.heads.coef).all()
    assert (one.heads.intercept == two.heads.intercept).all()


def test_an_answer_that_is_always_no_is_read_as_unlikely() -> None:
    rows = csr_matrix(np.eye(4, dtype=np.float32))
    never = np.zeros((4, 1), dtype=bool)
    fitted = fit_heads(rows, never, np.array([0, 0, 1, 1]), cost=1.0, balance=0.0, seed=0)
    assert (fitted.heads.probabilities(rows) < 0.25).all()


def test_the_threshold_parts_yes_from_no() -> None:
    probabilities = np.array([[0.9], [0.6], [0.5], [0.2], [0.1]], dtype=np.float32)
    truth = np.array([[True], [True], [False], [False], [False]])
    (threshold,) = choose_thresholds(probabilities, truth)
    assert 0.5 < threshold <= 0.6


def test_steps_that_cross_are_made_to_fall() -> None:
    classes = steps_to_classes(np.array([[0.5, 0.7, 0.2]], dtype=np.float32))
    assert classes[0] == pytest.approx([0.5, 0.0, 0.3, 0.2], abs=2 * LEAST)


def test_a_class_between_two_others_is_never_impossible() -> None:
    classes = steps_to_classes(np.array([[0.9, 0.9, 0.9], [1.0, 0.0, 0.0]], dtype=np.float32))
    assert classes.min() > 0
    assert classes.sum(axis=1) == pytest.approx(1)


ALONE, MOSTLY, BOTH = [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]
YES = np.array(ALONE) > 0


def rows_of(*features: list[int]) -> csr_matrix:
    """Features with their mirrors, so that yes and no are counted alike."""
    both_ways = [each for feature in features for each in (feature, feature[::-1])]
    return csr_matrix(np.array(both_ways, dtype=np.float64).T)


def test_what_one_answer_alone_has_tells_most_and_what_both_have_nothing() -> None:
    telling = tell_apart(rows_of(ALONE, MOSTLY, BOTH), YES, np.ones(6), smoothing=0.1)
    alone, mostly, both = telling.reshape(3, 2)
    assert alone.min() > mostly.max() > both.max()
    assert both == pytest.approx(0)
    assert alone[0] == pytest.approx(alone[1])


def test_emphasis_moves_weight_to_what_tells_the_answers_apart() -> None:
    rows, truth, folds = rows_of(ALONE, MOSTLY), YES[:, None], np.array([0, 1, 0, 1, 0, 1])
    plain, emphasised = (
        fit_heads(rows, truth, folds, cost=1.0, seed=0, emphasis=by).heads.coef[:, 0]
        for by in (0.0, 1.0)
    )
    assert abs(emphasised[0] / emphasised[2]) > abs(plain[0] / plain[2]) > 1
