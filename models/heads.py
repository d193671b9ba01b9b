"""Linear yes-or-no questions on one row of features, answered with calibrated probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]
Rows = csr_matrix | Floats


@dataclass(frozen=True)
class Heads:
    """K linear questions over F features.

    ``coef`` is F x K; ``intercept``, ``slope`` and ``offset`` have K entries. The probability is
    Platt's (1999): the logistic of slope * margin + offset, both fitted on margins for authors
    that the question had not seen.
    """

    coef: Floats
    intercept: Floats
    slope: Floats
    offset: Floats

    def margins(self, rows: Rows) -> Floats:
        """Give the distance from each question's boundary, rows x K."""
        return np.asarray(rows @ self.coef + self.intercept, dtype=np.float32)

    def probabilities(self, rows: Rows) -> Floats:
        """Give the calibrated probability of each question, rows x K."""
        return self.calibrate(self.margins(rows))

    def calibrate(self, margins: Floats) -> Floats:
        """Turn margins, rows x K, into probabilities."""
        return logistic(margins * self.slope + self.offset)


def logistic(values: Floats) -> Floats:
    """Give 1 / (1 + exp(-values)) without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(values / 2)), dtype=np.float32)


LEAST = 0.005
"""No class is thought impossible; of 0 to 0.03, with 0.005 authors left out surprised least."""


def steps_to_classes(at_least: Floats) -> Floats:
    """Turn P(class >= 1), P(class >= 2), ... into the probability of each class.

    Steps that cross are first made to fall by a running minimum, and no class is left with less
    than `LEAST`. Rows x (K - 1) becomes rows x K, each row summing to 1.
    """
    falling = np.minimum.accumulate(at_least, axis=1)
    edges = np.ones((len(falling), 1)), falling, np.zeros((len(falling), 1))
    classes = np.maximum(-np.diff(np.hstack(edges), axis=1), LEAST)
    return np.asarray(classes / classes.sum(axis=1, keepdims=True), dtype=np.float32)
