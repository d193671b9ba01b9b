from __future__ import annotations

import pytest
from scipy.stats import binomtest

from api.figures.intervals import clopper_pearson, wilson


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


@pytest.mark.parametrize(("count", "total"), [(0, 12), (1, 90), (7, 40), (12, 12)])
def test_the_exact_interval_is_that_of_the_binomial_test(count: int, total: int) -> None:
    found, expected = clopper_pearson(count, total), binomtest(count, total)
    exact = expected.proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert found.estimate == count / total
