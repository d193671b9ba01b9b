from __future__ import annotations

import pytest
from scipy.stats import binomtest

from api.figures.intervals import wilson


@pytest.mark.parametrize(("count", "total"), [(0, 10), (1, 10), (81, 263), (15, 148), (10, 10)])
def test_wilson_is_that_of_an_independent_implementation(count: int, total: int) -> None:
    found = wilson(count, total)
    other = binomtest(count, total).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((other.low, other.high))


def test_wilson_is_that_of_a_published_example() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263.
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_a_proportion_that_cannot_be_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(count, total)
