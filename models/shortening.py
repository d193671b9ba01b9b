"""Keep a reader's weights short, since every release stays in the repository's history."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEPT_BITS = 3
DROPPED_SHARE = (
    dict.fromkeys(("domains", "reasons"), 0.05)
    | dict.fromkeys(("level", "urgency", "certainty", "inappropriate"), 0.03)
    | dict.fromkeys(("elements", "status"), 0.01)
)
"""By head. Of 302 contacts that nothing learnt from, with both, 2.0 % of levels, 2.7 % of
urgencies, 1.0 % of status, 0.6 % of needs and 0.2 % of elements change, which costs 0.004 of level
kappa and at most 0.003 of any F1 of the linear reader alone; the file is 4.0 for 10.4 MB. What was
tried between: evaluation/reports/ablations.md."""


def shorten(weights: NDArray[np.float32]) -> NDArray[np.float16]:
    """Give *weights* in half precision, rounded to ``KEPT_BITS`` bits after the first."""
    bits = weights.astype(np.float16).view(np.uint16)
    dropped = 10 - KEPT_BITS
    half = np.uint16((1 << (dropped - 1)) - 1) + ((bits >> dropped) & 1)  # ties to the even one
    return ((bits + half) & np.uint16(0xFFFF << dropped & 0xFFFF)).view(np.float16)


def drop_least(weights: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Give *weights* (terms x labels) with the least of each label 0.

    The squares of what is dropped are at most *share* of the label's.
    """
    squares = np.square(weights)
    ordered = np.sort(squares, axis=0)
    lost = np.cumsum(ordered, axis=0, dtype=np.float64) <= share * squares.sum(axis=0)
    return np.where(squares <= np.where(lost, ordered, 0).max(axis=0), 0, weights)
