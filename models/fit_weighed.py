"""Fit how much each of two readers weighs, on their readings of authors that neither had seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.links import Doubles, logistic, softmax
from models.weighed import Weighed, class_features

PULL = 10.0
"""How strongly weights are held to the middle of both readers, as if by so many contacts: a label
that few contacts hold keeps it. Of 3,312 contacts left out, 1, 3, 10 and 30 give
level kappa 0.858 to 0.861, exact 0.759 to 0.761 and status 0.857 to 0.858."""


def fit_classes(one: Doubles, other: Doubles, truth: NDArray[np.int64]) -> Weighed:
    """Fit a question whose labels exclude each other.

    Args:
        one: Probabilities by the first reader, n x K.
        other: The same by the second.
        truth: The place of the label that holds, n.
    """
    return _fit(class_features(one, other), np.eye(one.shape[-1])[truth], softmax)


def fit_questions(one: Doubles, other: Doubles, truth: NDArray[np.int64]) -> Weighed:
    """Fit Q questions, each by itself: probabilities are n x Q x K, *truth* n x Q."""
    fitted = [fit_classes(one[:, q], other[:, q], truth[:, q]) for q in range(one.shape[1])]
    return Weighed(
        np.stack([each.weights for each in fitted]), np.stack([each.bias for each in fitted])
    )


def fit_marks(features: Doubles, truth: NDArray[np.bool_]) -> Weighed:
    """Fit K labels that stand alone.

    Args:
        features: Log-odds by the first reader, then by the second, then any other features, n x F.
        truth: Which labels hold, n x K.
    """
    return _fit(features, truth.astype(np.float64), logistic)


def _fit(features: Doubles, held: Doubles, link: Callable[[Doubles], Doubles]) -> Weighed:
    """Least cross-entropy; by the margins its gradient is what was said less what held."""
    count, labels = held.shape
    rows = np.column_stack([features, np.ones(count)])
    middle = np.zeros((rows.shape[1], labels))
    middle[: 2 * labels] = np.vstack([np.eye(labels), np.eye(labels)]) / 2

    def cost(given: Doubles) -> tuple[float, Doubles]:
        weights = given.reshape(middle.shape)
        said = link(rows @ weights).clip(1e-9, 1 - 1e-9)
        missed = -np.log(said[held == 1]).sum()
        if link is logistic:
            missed -= np.log1p(-said[held == 0]).sum()
        pull = PULL * (weights - middle)
        total = missed + (pull * (weights - middle)).sum() / 2
        return total / count, ((rows.T @ (said - held) + pull) / count).ravel()

    best = minimize(cost, middle.ravel(), method="L-BFGS-B", jac=True).x.reshape(middle.shape)
    return Weighed(best[:-1], best[-1])
