"""Run lengths of a CUSUM are those that were published."""

from __future__ import annotations

import numpy as np
import pytest

from api.watch.run_lengths import chance_of_alarm, limit_for, moves

# Montgomery, Introduction to Statistical Quality Control (2009), table 9.3: both sides, k = 0.5.
MONTGOMERY = [
    (4, 0.0, 168),
    (4, 0.25, 74.2),
    (4, 0.5, 26.6),
    (4, 1.0, 8.38),
    (4, 2.0, 3.34),
    (5, 0.0, 465),
    (5, 0.25, 139),
    (5, 0.5, 38.0),
    (5, 1.0, 10.4),
    (5, 2.0, 4.01),
]
# Hawkins 1993, the same book's table 9.4: limits for an average run of 370 without a change.
HAWKINS = [(0.25, 8.01), (0.5, 4.77), (0.75, 3.34), (1.0, 2.52), (1.25, 1.99), (1.5, 1.61)]


def average_run_length(limit: float, *, slack: float, shift: float = 0.0) -> float:
    """Give the mean number of values until either side passes *limit*, from zero.

    *shift* is the true mean. Both sides together as in Montgomery, chapter 9.
    """
    upper, lower = (mean_length(limit, slack=slack - each) for each in (shift, -shift))
    return 1 / (1 / upper + 1 / lower)


def mean_length(limit: float, *, slack: float) -> float:
    staying = moves(limit, slack=slack)
    return float(np.linalg.solve(np.eye(len(staying)) - staying, np.ones(len(staying)))[0])


@pytest.mark.parametrize(("limit", "shift", "published"), MONTGOMERY)
def test_average_runs_are_those_of_the_table(limit: float, shift: float, published: float) -> None:
    assert average_run_length(limit, slack=0.5, shift=shift) == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(("slack", "limit"), HAWKINS)
def test_published_limits_give_their_run(slack: float, limit: float) -> None:
    assert average_run_length(limit, slack=slack) == pytest.approx(370, rel=0.02)


@pytest.mark.parametrize("slack", [0.25, 0.5, 1.0, 1.5])
@pytest.mark.parametrize("chance", [0.05, 0.0005])
def test_a_limit_is_passed_as_often_as_asked(slack: float, chance: float) -> None:
    limit = limit_for(chance, slack=slack, values=52)
    assert chance_of_alarm(limit, slack=slack, values=52) == pytest.approx(chance, rel=0.02)


def test_more_values_or_fewer_alarms_ask_for_a_higher_limit() -> None:
    usual = limit_for(0.01, slack=0.5, values=26)
    assert limit_for(0.01, slack=0.5, values=52) > usual
    assert limit_for(0.001, slack=0.5, values=26) > usual
