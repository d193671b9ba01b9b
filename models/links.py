"""From margins to probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def softmax(margins: Doubles) -> Doubles:
    """Give probabilities over the last axis, which sum to 1."""
    risen = np.exp(margins - margins.max(axis=-1, keepdims=True))
    return np.asarray(risen / risen.sum(axis=-1, keepdims=True))


def logistic(margins: Doubles) -> Doubles:
    """Give the probability of each label by itself."""
    return np.asarray(1 / (1 + np.exp(-margins.clip(-60, 60))))
