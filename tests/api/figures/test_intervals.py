from __future__ import annotations

import pytest
from scipy.stats import binomtest

from api.figures.intervals import poisson, wilson


@pytest.mark.parametrize(("count", "total"), [(0, 10), (1, 10), (81, 263), (15, 148), (10, 10)])
def test_wilson_is_that_of_an_independent_implementation(count: int, total: int) -> None:
    found = wilson(count, total)
    other = binomtest(count, total).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((other.low, other.high))


def test_wilson_is_that_of_a_published_example() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263.
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_counts_have_the_published_exact_limits() -> None:
    # Garwood's limits as tabled in Breslow and Day 1987, table 2.11, for 10: 4.80 and 18.39.
    found = poisson(10)
    assert (round(found.low, 2), round(found.high, 2)) == (4.80, 18.39)
    assert poisson(0).low == 0
    assert round(poisson(0).high, 2) == 3.69


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_a_proportion_that_cannot_be_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(count, total)
