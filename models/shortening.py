"""Keep the weights of the shipped reader short: every release stays in the repository's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Shortening:
    """How many ``bits`` after the first weights keep, and what of each array is ``dropped``.

    What is dropped is a share of the squares of each label's weights, by the name of the array.
    """

    bits: int = 4
    dropped: Mapping[str, float] = field(default_factory=dict)


ELSEWHERE = Shortening()
SHIPPED = Shortening(
    bits=3,
    dropped={
        "domains.coef": 0.05,
        "reasons.coef": 0.05,
        "level.coef": 0.03,
        "urgency.coef": 0.03,
        "certainty.coef": 0.03,
        "inappropriate.coef": 0.03,
        "elements.coef": 0.01,
        "status.words": 0.01,
    },
)
"""Of 302 contacts that nothing learnt from, 2.0 % of levels, 2.7 % of urgencies, 1.0 % of status,
0.6 % of needs and 0.2 % of elements change, which costs 0.004 of level kappa and at most 0.003 of
any F1 of the linear reader alone; the file is 4.0 for 10.4 MB. What was tried between:
evaluation/reports/ablations.md. A reader that learnt from few contacts loses more, so that only
the shipped one is kept so short."""


def shorten(weights: NDArray[np.float32], bits: int) -> NDArray[np.float16]:
    """Give *weights* in half precision, rounded to so many *bits* of the ten after the first."""
    whole = weights.astype(np.float16).view(np.uint16)
    lost = 10 - bits
    half = np.uint16((1 << (lost - 1)) - 1) + ((whole >> lost) & 1)  # ties to the even one
    return ((whole + half) & np.uint16(0xFFFF << lost & 0xFFFF)).view(np.float16)


def drop_least(weights: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Give *weights* (terms x labels) with the least of each label 0.

    The squares of what is dropped are at most *share* of the label's.
    """
    squares = np.square(weights)
    ordered = np.sort(squares, axis=0)
    lost = np.cumsum(ordered, axis=0, dtype=np.float64) <= share * squares.sum(axis=0)
    return np.where(squares <= np.where(lost, ordered, 0).max(axis=0), 0, weights)
