"""Fit linear heads and calibrate them on authors they have not seen. Training only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from models.heads import Floats, Heads

BESIDE = -1
"""The fold of a row that every fit learns from, and that nothing is calibrated on."""

Truth = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FittedHeads:
    """Heads fitted on all rows.

    ``unseen`` has margins by heads that had not seen the author, of every row that is in a fold.
    """

    heads: Heads
    unseen: Floats

    @property
    def probabilities(self) -> Floats:
        """Out-of-fold probabilities, rows x K."""
        return self.heads.calibrate(self.unseen)


def fit_heads(
    rows: csr_matrix,
    truth: Truth,
    folds: npt.NDArray[np.int64],
    *,
    cost: float,
    seed: int,
    weights: Doubles | None = None,
    balance: float = 0.0,
    smoothing: float = 0.1,
    emphasis: float = 0.0,
    jobs: int = 1,
    step: Callable[[], None] = lambda: None,
) -> FittedHeads:
    """Fit a linear support vector machine for each column of *truth*, with Platt's calibration.

    Args:
        rows: n x F features.
        truth: n x K answers.
        folds: the fold of each row, or ``BESIDE``; margins for a fold come from the others.
        cost: the machine's C.
        seed: of the solver's shuffling.
        weights: of each row, 1 where not given.
        balance: 0 weighs every row alike, 1 gives both answers the same total weight.
        smoothing: added to what each answer has of a feature; see `tell_apart`.
        emphasis: 0 takes features as they are, 1 by how well each alone tells the answers apart.
        jobs: how many processes fit at a time; the heads are the same.
        step: called after each fit, for a progress bar.
    """
    each = np.ones(len(truth)) if weights is None else weights
    rows = csr_matrix(rows, dtype=np.float64)  # once, not for every machine
    fit = delayed(
        partial(_fit, cost=cost, balance=balance, smoothing=smoothing, emphasis=emphasis, seed=seed)
    )
    unseen = np.zeros(truth.shape, dtype=np.float32)
    parted = folds != BESIDE
    each_fold = [folds == fold for fold in np.unique(folds[parted])]
    left_out = [*each_fold, np.zeros(len(folds), dtype=bool)]  # the last learns from all
    # Processes, for LinearSVC draws from one source of chance that threads would share.
    fitted = Parallel(n_jobs=jobs, return_as="generator")(
        fit(rows, truth, each, kept=~out) for out in left_out
    )
    for out, (coef, intercept) in zip(left_out, fitted, strict=True):
        unseen[out] = rows[out] @ coef + intercept
        step()
    slope, offset = fit_platt(unseen[parted], truth[parted], each[parted])
    return FittedHeads(Heads(coef, intercept, slope, offset), unseen[parted])


def _fit(
    rows: csr_matrix,
    truth: Truth,
    weights: Doubles,
    *,
    kept: Truth,
    cost: float,
    balance: float,
    smoothing: float,
    emphasis: float,
    seed: int,
) -> tuple[Floats, Floats]:
    """Give coefficients and intercepts of the machines that learn from the rows *kept*."""
    rows, truth, weights = rows[kept], truth[kept], weights[kept]
    coef = np.zeros((rows.shape[1], truth.shape[1]), dtype=np.float32)
    intercept = np.zeros(truth.shape[1], dtype=np.float32)
    for k in range(truth.shape[1]):
        yes = truth[:, k]
        if yes.all() or not yes.any():  # nothing to tell apart: a constant answer
            intercept[k] = 1.0 if yes.any() else -1.0
            continue
        share = float(yes.mean())
        each = weights * np.where(yes, (0.5 / share) ** balance, (0.5 / (1 - share)) ** balance)
        machine = LinearSVC(C=cost, tol=1e-2, random_state=seed, dual=True, max_iter=3000)
        telling = tell_apart(rows, yes, weights, smoothing=smoothing) ** emphasis
        machine.fit(_weigh_features(rows, telling), yes, sample_weight=each)
        coef[:, k], intercept[k] = machine.coef_[0] * telling, machine.intercept_[0]
    return coef, intercept


def _weigh_features(rows: csr_matrix, weights: Doubles) -> csr_matrix:
    """Give *rows* with each feature times its weight; the product with a diagonal, but faster."""
    data = rows.data * weights[rows.indices]
    return csr_matrix((data, rows.indices, rows.indptr), shape=rows.shape, copy=False)


def tell_apart(
    rows: csr_matrix, yes: npt.NDArray[np.bool_], weights: Doubles, *, smoothing: float
) -> Doubles:
    """Give how well each feature alone tells yes from no: the size of its log-count ratio.

    Features times this ratio make a machine that is naive Bayes where examples are few (Wang and
    Manning 2012, aclanthology.org/P12-2018).
    """
    sizes = abs(rows).T
    held, not_held = sizes @ (weights * yes) + smoothing, sizes @ (weights * ~yes) + smoothing
    return np.asarray(np.abs(np.log(held / held.sum()) - np.log(not_held / not_held.sum())))


def fit_platt(margins: Floats, truth: Truth, weights: Doubles) -> tuple[Floats, Floats]:
    """Give slope and offset for each column, by Platt's (1999) smoothed targets."""
    pairs = np.array([_platt(margins[:, k], truth[:, k], weights) for k in range(truth.shape[1])])
    return pairs[:, 0].astype(np.float32), pairs[:, 1].astype(np.float32)


def _platt(margins: Floats, truth: npt.NDArray[np.bool_], weights: Doubles) -> Doubles:
    yes, no = weights[truth].sum(), weights[~truth].sum()
    target = np.where(truth, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(pair: Doubles) -> tuple[float, Doubles]:
        value = pair[0] * margins + pair[1]
        missed = weights * (0.5 * (1 + np.tanh(value / 2)) - target)
        total = float((weights * (np.logaddexp(0, value) - target * value)).sum())
        return total, np.array([(missed * margins).sum(), missed.sum()])

    start = np.array([1.0, float(np.log((yes + 1) / (no + 1)))])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 20.0), (None, None)])
    return np.asarray(found.x)


LOWEST_THRESHOLD = 0.15
LIKELIER_THAN_NOT = 0.5
"""A notification is called inappropriate from no less.

From 0.2 to 0.55 F1 on authors left out is the same (0.83), but at 0.2 three times as many serious
notifications are called inappropriate as at 0.5.
"""


def choose_thresholds(
    probabilities: Floats,
    truth: Truth,
    *,
    lowest: float = LOWEST_THRESHOLD,
    highest: float = 0.65,
) -> list[float]:
    """Give for each column the threshold of best F1 between *lowest* and *highest*.

    The bounds keep a label of few examples from a threshold that only chance made best.
    """
    grid = np.arange(lowest, highest + 1e-9, 0.01)
    chosen = []
    for k in range(truth.shape[1]):
        marked = probabilities[:, k][:, None] >= grid
        right = (marked & truth[:, k][:, None]).sum(axis=0)
        f1 = 2 * right / np.maximum(marked.sum(axis=0) + truth[:, k].sum(), 1)
        best = np.convolve(np.pad(f1, 2, mode="edge"), np.ones(5) / 5, mode="valid")
        chosen.append(round(float(grid[int(np.argmax(best))]), 2) if truth[:, k].any() else 0.5)
    return chosen
