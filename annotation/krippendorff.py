"""Krippendorff's alpha: agreement beyond chance, for any number of annotators and gaps.

After Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), by coincidences. Full
agreement is 1, agreement by chance 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Scale = Literal["nominal", "ordinal", "interval"]
Floats = npt.NDArray[np.float64]

# Nobody gave this unit a code.
GAP = -1


def alpha(codes: npt.NDArray[np.int64], *, classes: int, scale: Scale) -> float:
    """Give alpha of *codes* ``[annotator, unit]``, each 0 to *classes* - 1, or `GAP`.

    NaN where no unit has two codes; 1 where a single class is used throughout.
    """
    return float(alpha_of(coincidences(codes, classes=classes).sum(axis=0), scale=scale))


def coincidences(codes: npt.NDArray[np.int64], *, classes: int) -> Floats:
    """Give how often each pair of codes meets in each unit: ``[unit, class, class]``.

    Each unit counts as many pairs as it has codes; one with fewer than two counts none.
    """
    counts = (codes[:, :, None] == np.arange(classes)).sum(axis=0).astype(np.float64)
    pairs = counts[:, :, None] * counts[:, None, :]
    own = np.arange(classes)
    pairs[:, own, own] -= counts
    others = counts.sum(axis=1) - 1
    pairs[others < 1] = 0.0
    met: Floats = pairs / np.maximum(others, 1)[:, None, None]
    return met


def alpha_of(met: Floats, *, scale: Scale) -> Floats:
    """Give alpha of coincidences ``[..., class, class]``, such as those of resamples."""
    totals = met.sum(axis=-1)
    distance = _distance(totals, scale)
    number = totals.sum(axis=-1)
    observed = (met * distance).sum(axis=(-2, -1))
    chance = (totals[..., :, None] * totals[..., None, :] * distance).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1.0 - (number - 1) * observed / chance
    alone: Floats = np.where(chance == 0, np.where(number > 1, 1.0, np.nan), found)
    return alone


def codes_of(answers: Sequence[Sequence[int | None]]) -> npt.NDArray[np.int64]:
    """Give answers, a sequence for each annotator, as codes with gaps."""
    return np.array([[GAP if a is None else a for a in row] for row in answers], dtype=np.int64)


def _distance(totals: Floats, scale: Scale) -> Floats:
    """The squared distance between classes: ``[..., class, class]``."""
    places = np.arange(totals.shape[-1])
    if scale == "nominal":
        return np.broadcast_to(
            (places[:, None] != places).astype(np.float64), (*totals.shape, totals.shape[-1])
        )
    if scale == "interval":
        squared = (places[:, None] - places).astype(np.float64) ** 2
        return np.broadcast_to(squared, (*totals.shape, totals.shape[-1]))
    # Ranks: all between two classes, and half of each.
    middle = np.cumsum(totals, axis=-1) - totals / 2
    ranks: Floats = (middle[..., :, None] - middle[..., None, :]) ** 2
    return ranks
