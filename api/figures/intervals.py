"""Confidence intervals of a proportion."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.stats import beta, norm


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval."""

    estimate: float
    low: float
    high: float


def wilson(count: int, total: int, *, confidence: float = 0.95) -> Interval:
    """Give Wilson's score interval of a proportion (Wilson 1927, doi 10.2307/2276774).

    Raises:
        ValueError: If *count* is not between 0 and *total*, or *total* is 0.
    """
    if not 0 <= count <= total or total == 0:
        raise ValueError("a proportion needs a count between 0 and a total above 0")
    z = float(norm.ppf(0.5 + confidence / 2))
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total**2))
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach))


def clopper_pearson(count: int, total: int, *, confidence: float = 0.95) -> Interval:
    """Give the exact interval of a proportion (Clopper and Pearson 1934, doi 10.2307/2331986).

    It holds the true share at least as often as it says, for rare events and small numbers too.

    Raises:
        ValueError: If *count* is not between 0 and *total*, or *total* is 0.
    """
    if not 0 <= count <= total or total == 0:
        raise ValueError("a proportion needs a count between 0 and a total above 0")
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
    return Interval(count / total, low, high)
