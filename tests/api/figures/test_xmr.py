from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.figures.xmr import Direction, Rule, Variation, chart, make_limits

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, individuals chart of a flow rate.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
STEADY = [10.0, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11]


def rules_of(values: list[float]) -> list[frozenset[Rule]]:
    return [point.rules for point in chart(values, direction=Direction.UP)]


def test_limits_are_those_of_the_published_example() -> None:
    limits = make_limits(FLOW)
    assert limits.mean == pytest.approx(50.81)
    assert limits.upper == pytest.approx(55.8041, abs=0.002)  # NIST has 3 / 1.128, we 2.66
    assert limits.lower == pytest.approx(45.8159, abs=0.002)
    assert limits.trial


def test_limits_stay_those_of_the_first_twelve_points() -> None:
    assert make_limits([*STEADY, 500, 900]) == make_limits([*STEADY])
    assert not make_limits(STEADY).trial


def test_a_freak_jump_is_left_out_of_the_limits_unless_asked_for() -> None:
    values = [*STEADY[:11], 60.0]
    assert make_limits(values).upper < make_limits(values, screen=False).upper


def test_limits_of_a_proportion_stay_within_it() -> None:
    limits = make_limits([0.9, 1.0, 0.2, 1.0, 0.1], floor=0, ceiling=1)
    assert (limits.lower, limits.upper) == (0, 1)


def test_a_point_outside() -> None:
    assert Rule.OUTSIDE in rules_of([*STEADY, 40])[-1]


def test_seven_in_a_row_above_the_mean_are_a_shift_and_six_are_not() -> None:
    above = [11.0, 11.2, 11, 11.2, 11, 11.2, 11]
    assert all(Rule.SHIFT in rules for rules in rules_of([*STEADY[:-1], 9, *above])[-7:])
    assert not any(Rule.SHIFT in rules for rules in rules_of([*STEADY[:-1], 9, *above[:6]]))


def test_a_point_on_the_mean_ends_a_run() -> None:
    values = [*STEADY[:-1], 9.0, 11, 11, 11, make_limits([*STEADY[:-1], 9.0]).mean, 11, 11, 11]
    assert not any(Rule.SHIFT in rules for rules in rules_of(values))


def test_seven_rising_points_are_a_trend_and_six_are_not() -> None:
    rising = [8.0, 8.5, 9, 9.5, 10, 10.5, 11]
    assert all(Rule.TREND in rules for rules in rules_of([*STEADY, *rising])[-7:])
    assert not any(Rule.TREND in rules for rules in rules_of([*STEADY, *rising[:6]]))


def test_two_of_three_near_a_limit() -> None:
    limits = make_limits(STEADY)
    near = (limits.upper + limits.upper_close) / 2
    rules = rules_of([*STEADY, near, limits.mean + 0.1, near])[-3:]
    assert [Rule.TWO_OF_THREE in each for each in rules] == [True, False, True]
    below = rules_of([*STEADY, near, limits.mean - 0.1, near])[-3:]
    assert not any(Rule.TWO_OF_THREE in each for each in below)


@pytest.mark.parametrize(
    ("direction", "value", "variation"),
    [
        (Direction.UP, 40, Variation.IMPROVEMENT),
        (Direction.UP, -40, Variation.CONCERN),
        (Direction.DOWN, 40, Variation.CONCERN),
        (Direction.DOWN, -40, Variation.IMPROVEMENT),
        (Direction.NEUTRAL, 40, Variation.CHANGE),
        (Direction.UP, 10, Variation.COMMON),
    ],
)
def test_what_a_point_means(direction: Direction, value: float, variation: Variation) -> None:
    assert chart([*STEADY, value], direction=direction)[-1].variation is variation


def test_limits_start_anew_only_where_a_decision_was_recorded() -> None:
    values = [*STEADY, *(value + 20 for value in STEADY)]
    assert chart(values, direction=Direction.UP)[-1].variation is Variation.IMPROVEMENT
    rebased = chart(values, direction=Direction.UP, rebased_at=[12])
    assert rebased[-1].variation is Variation.COMMON
    assert rebased[0].limits.mean + 20 == pytest.approx(rebased[-1].limits.mean)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(-1e3, 1e3))
def test_moving_every_value_moves_the_lines_alike(values: list[float], by: float) -> None:
    here, there = make_limits(values), make_limits([value + by for value in values])
    assert there.mean - here.mean == pytest.approx(by, abs=1e-3)
    assert there.upper - there.mean == pytest.approx(here.upper - here.mean, rel=1e-3, abs=1e-2)


def test_a_process_that_does_not_change_seldom_raises_an_alarm() -> None:
    """About one point in 370 lies outside by chance; all four rules give about one in forty."""
    random = np.random.default_rng(5)
    points = [
        point
        for _ in range(200)
        for point in chart(random.normal(50, 5, 24).tolist(), direction=Direction.UP)
    ]
    share = sum(point.variation is not Variation.COMMON for point in points) / len(points)
    assert 0.005 < share < 0.10
