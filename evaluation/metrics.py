"""Scores from counts, as pure functions.

Every function takes counts with any leading axes (none, or one for bootstrap resamples) and gives
a score for each; `nan` where there is nothing to score. ``*_score`` is better when higher,
``*_error`` when lower. A confusion table is indexed ``[..., label, prediction]``.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np
from numpy.typing import NDArray

from annotation.noise import kappa

Counts = NDArray[np.float64]


def count_found(labelled: Set[object], found: Set[object]) -> Counts:
    """Give hits, false alarms and misses."""
    hits = len(labelled & found)
    return np.array([hits, len(found) - hits, len(labelled) - hits], dtype=float)


def ratio_score(parts: Counts, wholes: Counts) -> Counts:
    """Give *parts* / *wholes*, ``nan`` where there is no whole."""
    parts, wholes = np.broadcast_arrays(np.asarray(parts, float), np.asarray(wholes, float))
    score: Counts = np.divide(parts, wholes, out=np.full(wholes.shape, np.nan), where=wholes != 0)
    return score


def precision_score(counts: Counts) -> Counts:
    """Give precision from ``[..., (hits, false alarms, misses)]``."""
    return ratio_score(counts[..., 0], counts[..., 0] + counts[..., 1])


def recall_score(counts: Counts) -> Counts:
    """Give recall from ``[..., (hits, false alarms, misses)]``."""
    return ratio_score(counts[..., 0], counts[..., 0] + counts[..., 2])


def f1_score(counts: Counts) -> Counts:
    """Give F1 from ``[..., (hits, false alarms, misses)]``."""
    hits = 2 * counts[..., 0]
    return ratio_score(hits, hits + counts[..., 1] + counts[..., 2])


def counts_by_class(table: Counts) -> Counts:
    """Turn a confusion table into ``[..., class, (hits, false alarms, misses)]``."""
    hits = np.diagonal(table, axis1=-2, axis2=-1)
    return np.stack([hits, table.sum(axis=-2) - hits, table.sum(axis=-1) - hits], axis=-1)


def macro_f1_score(table: Counts) -> Counts:
    """Give the mean F1 of the classes; a class that neither side uses is left out."""
    scores = f1_score(counts_by_class(table))
    return ratio_score(np.nansum(scores, axis=-1), (~np.isnan(scores)).sum(axis=-1))


def accuracy_score(table: Counts, *, within: int = 0) -> Counts:
    """Give the share of cases at most *within* classes from their label."""
    near = _distances(table.shape[-1]) <= within
    return ratio_score((table * near).sum(axis=(-2, -1)), table.sum(axis=(-2, -1)))


def quadratic_kappa_score(table: Counts) -> Counts:
    """Give Cohen's kappa with quadratic weights (Cohen 1968); see `annotation.noise.kappa`."""
    return kappa(table, ordered=True)


def calibration_error(bins: Counts) -> Counts:
    """Give the expected calibration error (Guo 2017).

    Args:
        bins: ``[..., bin, (cases, sum of confidence, sum right)]``.
    """
    gaps = np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1)
    return ratio_score(gaps, bins[..., 0].sum(axis=-1))


def _distances(classes: int) -> NDArray[np.int64]:
    return np.abs(np.subtract.outer(np.arange(classes), np.arange(classes)))
