"""Keep a reader's weights short, since every release stays in the repository's history."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEPT_BITS = 4
"""Of 457 contacts that nothing learnt from, every third: 4 bits change one label of level in 153,
0.16 % of status and 0.03 % of elements; 3 bits twice as many, and 1.8 of 17 MB are won."""
DROPPED_SHARE = 0.005
"""Of 265 contacts that nothing learnt from: 0.14 % of the labels of needs change, and two thirds of
the weights of needs and reasons are 0, so that the file is 10.7 for 16.2 MB. The weights of level
and status stay: of status 0.7 % would change."""


def shorten(weights: NDArray[np.float32]) -> NDArray[np.float16]:
    """Give *weights* in half precision, rounded to ``KEPT_BITS`` of the ten bits after the first.

    The file is a third smaller for it.
    """
    bits = weights.astype(np.float16).view(np.uint16)
    dropped = 10 - KEPT_BITS
    half = np.uint16((1 << (dropped - 1)) - 1) + ((bits >> dropped) & 1)  # ties to the even one
    return ((bits + half) & np.uint16(0xFFFF << dropped & 0xFFFF)).view(np.float16)


def drop_least(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give *weights* (terms x labels) with the least of each label 0.

    The squares of what is dropped are at most ``DROPPED_SHARE`` of the label's.
    """
    squares = np.square(weights)
    ordered = np.sort(squares, axis=0)
    lost = np.cumsum(ordered, axis=0, dtype=np.float64) <= DROPPED_SHARE * squares.sum(axis=0)
    return np.where(squares <= np.where(lost, ordered, 0).max(axis=0), 0, weights)
