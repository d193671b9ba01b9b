"""Funnel plots of a proportion by agency, with over-dispersion.

Source: Spiegelhalter 2005, Funnel plots for comparing institutional performance (doi
10.1002/sim.1970), section 4 and appendix A.3: z-scores, winsorised, give the over-dispersion
factor; where it is above what chance gives, a random-effects variance is added to the limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, sin, sqrt

import numpy as np
from scipy.stats import norm

OUTER, INNER = 0.998, 0.95
WINSORISED = 0.1  # of the scores at each end


class Place(StrEnum):
    """Where an agency lies; it is different from the rest or it is not, never worst."""

    WITHIN = "within"
    OUTSIDE_INNER = "outside_inner"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Share:
    """What one agency had: *count* of *total*."""

    id: str
    count: int
    total: int

    @property
    def value(self) -> float:
        """The proportion."""
        return self.count / self.total


@dataclass(frozen=True)
class Plotted:
    """An agency's point, and the limits at its size."""

    share: Share
    place: Place
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True)
class Funnel:
    """A whole plot: the overall proportion, the added variance, and every agency's place."""

    overall: float
    dispersion: float  # phi; 1 is what chance alone gives
    added_variance: float  # tau squared, on the scale of the arcsine of the root
    points: tuple[Plotted, ...]

    def limits(self, total: int, *, confidence: float) -> tuple[float, float]:
        """Give the limits at the size *total*."""
        return _limits(self.overall, total, self.added_variance, confidence)


def funnel(shares: Sequence[Share]) -> Funnel:
    """Place each agency within the funnel of all of them.

    Raises:
        ValueError: If there is none, or one has no contacts.
    """
    if not shares or any(share.total <= 0 for share in shares):
        raise ValueError("a funnel needs agencies that each have contacts")
    overall = sum(each.count for each in shares) / sum(each.total for each in shares)
    scores = np.array([score(each, overall) for each in shares])
    dispersion = float(np.mean(_winsorise(scores) ** 2))
    added = _added_variance(shares, dispersion)
    return Funnel(overall, dispersion, added, tuple(_plot(each, overall, added) for each in shares))


def _plot(share: Share, overall: float, added: float) -> Plotted:
    inner, outer = (_limits(overall, share.total, added, each) for each in (INNER, OUTER))
    place = Place.WITHIN
    if not inner[0] <= share.value <= inner[1]:
        place = Place.OUTSIDE_INNER
    if not outer[0] <= share.value <= outer[1]:
        place = Place.DIFFERENT
    return Plotted(share, place, inner, outer)


def score(share: Share, overall: float) -> float:
    """Give the z-score after the arcsine-root transformation, whose variance is 1 / 4n."""
    return (_transform(share.value) - _transform(overall)) * 2 * sqrt(share.total)


def _winsorise(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray:
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    return np.clip(scores, low, high)


def _added_variance(shares: Sequence[Share], dispersion: float) -> float:
    """The moment estimate of DerSimonian and Laird, from the winsorised scores; 0 if none."""
    count = len(shares)
    if count < 2 or dispersion <= 1:
        return 0.0
    weights = np.array([4.0 * each.total for each in shares])  # 1 / variance
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    return max(0.0, float((count * dispersion - (count - 1)) / scale))


def _limits(overall: float, total: int, added: float, confidence: float) -> tuple[float, float]:
    z = float(norm.ppf(0.5 + confidence / 2))
    reach = z * sqrt(1 / (4 * total) + added)
    middle = _transform(overall)
    low, high = max(0.0, middle - reach), min(asin(1.0), middle + reach)
    return sin(low) ** 2, sin(high) ** 2


def _transform(share: float) -> float:
    return asin(sqrt(share))
