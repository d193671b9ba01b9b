"""Fit how much each of two readers weighs, on their readings of authors that neither had seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.links import Doubles, logistic, softmax
from models.weighed import LEAST, Weighed

PULL = 10.0
"""How strongly weights are held to the middle of both readers, as if by so many contacts: a label
that few contacts hold keeps it. Of 3,312 contacts left out, 1, 3, 10 and 30 give
level kappa 0.858 to 0.861, exact 0.759 to 0.761 and status 0.857 to 0.858."""


OWN_PULL = 30.0
"""The same for the weights that a label with features of its own has apart from the others'. Of
4,218 contacts left out, 10, 30 and 100 give flags F1 0.677 to 0.681 and status 0.862 to 0.863."""


def fit_classes(features: Doubles, truth: NDArray[np.int64], *, labels: int) -> Weighed:
    """Fit a question whose labels exclude each other.

    Args:
        features: `weighed.class_features` of both readers, then any others, n x F.
        truth: The place of the label that holds, n.
        labels: How many there are.
    """
    return _fit(features, np.eye(labels)[truth], softmax)


def fit_marks(features: Doubles, truth: NDArray[np.bool_]) -> Weighed:
    """Fit K labels that stand alone.

    Args:
        features: Log-odds by the first reader, then by the second, then any other features, n x F.
        truth: Which labels hold, n x K.
    """
    return _fit(features, truth.astype(np.float64), logistic)


def fit_own(
    features: Doubles, truth: NDArray[np.bool_], asked: NDArray[np.bool_] | None = None
) -> Weighed:
    """Fit K labels that stand alone, each with features of its own.

    Labels share what a feature weighs, save what each is fitted to weigh it apart (held to nothing
    by ``OWN_PULL``): a rule is to be believed as others are, until there is more known of it.

    Args:
        features: n x K x F.
        truth: Which labels hold, n x K.
        asked: Of which it is asked, n x K; of all where not given.
    """
    count, labels, width = features.shape
    middle, scale = features.mean(axis=(0, 1)), features.std(axis=(0, 1)) + LEAST
    rows = ((features - middle) / scale).transpose(1, 0, 2)
    rows = np.concatenate([rows, np.ones((labels, count, 1))], axis=2)
    held = truth.T.astype(np.float64)
    counts = np.ones_like(held) if asked is None else asked.T.astype(np.float64)
    pull = np.full((1 + labels, width + 1), OWN_PULL)  # what is shared, then what each has apart
    pull[0], pull[:, -1] = 1.0, 1.0

    def cost(given: Doubles) -> tuple[float, Doubles]:
        weights = given.reshape(pull.shape)
        odds = np.matmul(rows, (weights[0] + weights[1:])[:, :, None])[:, :, 0]
        missed = (counts * (np.logaddexp(0, odds) - odds * held)).sum()
        missed += (pull * weights**2).sum() / 2
        slope = np.matmul((counts * (logistic(odds) - held))[:, None, :], rows)[:, 0, :]
        slopes = np.vstack([slope.sum(axis=0), slope]) + pull * weights
        return missed / count, slopes.ravel() / count

    found = minimize(cost, np.zeros(pull.size), method="L-BFGS-B", jac=True).x.reshape(pull.shape)
    weights = found[0] + found[1:]
    plain = weights[:, :-1] / scale
    return Weighed(plain.T, weights[:, -1] - plain @ middle)


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
