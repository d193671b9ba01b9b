"""How long a CUSUM runs before it alarms, exactly enough, and the limit that a chance asks for.

A one-sided CUSUM of standard normal values is a Markov chain over cells of its height. Source:
Brook and Evans 1972, doi 10.1093/biomet/59.3.539.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from api.watch.definitions import Floats

CELLS = 120
HIGHEST = 40.0
LEAST = 1e-14  # less is lost in rounding


def chance_of_alarm(limit: float, *, slack: float, values: int) -> float:
    """Give the chance that either side passes *limit* within so many *values* without a change.

    *slack* is the reference value k and *limit* the decision interval h, both in standard
    deviations. The sum of both sides, which is a little too high.
    """
    within = np.linalg.matrix_power(moves(limit, slack=slack), values)
    return max(LEAST, float(2 * (1 - within[0].sum())))


@cache
def limit_for(chance: float, *, slack: float, values: int) -> float:
    """Give the limit that is passed with just this *chance* within so many *values*."""

    def too_often(limit: float) -> float:
        return float(np.log(chance_of_alarm(limit, slack=slack, values=values) / chance))

    return float(brentq(too_often, 0.2, HIGHEST, xtol=1e-3))


def moves(limit: float, *, slack: float) -> Floats:
    """Give the chance that a value takes one side from each of its cells to each.

    What is missing to 1 alarms. A mean that has moved is as much less slack.
    """
    width = 2 * limit / (2 * CELLS - 1)
    middles = width * np.arange(CELLS)
    edges = middles + width / 2  # the first cell reaches down to everything below zero
    below = ndtr(edges[None, :] - middles[:, None] + slack)
    return np.asarray(np.diff(below, axis=1, prepend=0.0))
