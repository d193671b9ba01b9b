"""What is hidden stays hidden, also from somebody who adds and subtracts everything shown."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from api.figures.suppression import LARGEST_SMALL, Axis, Counts, Mask, add_sums, suppress

MONTHS = Axis(("m1", "m2", "m3", "m4", "q1", "q2", "all"), {4: (0, 1), 5: (2, 3), 6: (4, 5)})
AGENCIES = Axis(("a", "b", "c", "d", "north", "all"), {4: (0, 1), 5: (4, 2, 3)})
FORMS = Axis(("referral", "ppn", "both"), {2: (0, 1)})
STATUSES = Axis(("missing", "partly", "met", "any"), {3: (0, 1, 2)})
SMALL = (AGENCIES, FORMS, STATUSES)


def cube(axes: tuple[Axis, ...], seed: int, mean: float) -> Counts:
    random = np.random.default_rng(seed)
    shape = tuple(axis.leaves for axis in axes)
    return add_sums(random.negative_binomial(1, 1 / (1 + mean), shape).astype(np.int64), axes)


def solve(counts: Counts, hidden: Mask, axes: tuple[Axis, ...], cell: int) -> tuple[float, float]:
    """The least and the most that a cell can be: linear programming over every sum at once."""
    flat, places = counts.ravel(), np.arange(counts.size).reshape(counts.shape)
    rows, sides = [], []
    for dimension, axis in enumerate(axes):
        moved = np.moveaxis(places, dimension, 0)
        for parent, children in axis.parents.items():
            for rest in np.ndindex(moved.shape[1:]):
                row = np.zeros(counts.size)
                row[moved[(parent, *rest)]] = 1
                for child in children:
                    row[moved[(child, *rest)]] -= 1
                rows.append(row)
                sides.append(0.0)
    bounds = [
        (0, None) if is_hidden else (value, value)
        for value, is_hidden in zip(flat.tolist(), hidden.ravel().tolist(), strict=True)
    ]
    goal = np.zeros(counts.size)
    goal[cell] = 1
    least = linprog(goal, A_eq=np.array(rows), b_eq=sides, bounds=bounds)
    most = linprog(-goal, A_eq=np.array(rows), b_eq=sides, bounds=bounds)
    assert least.status == 0
    assert most.status in {0, 3}  # 3: without bound
    assert least.fun is not None
    return float(least.fun), float("inf") if most.fun is None else -float(most.fun)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.7, 3.0, 9.0]))
def test_no_small_number_can_be_worked_out_by_linear_programming(seed: int, mean: float) -> None:
    counts = cube(SMALL, seed, mean)
    hidden = suppress(counts, SMALL)
    small = (counts >= 1) & (counts <= LARGEST_SMALL)
    assert (hidden | ~small).all()
    for cell in np.flatnonzero(small.ravel())[::7].tolist():
        least, most = solve(counts, hidden, SMALL, cell)
        assert most - least >= 1 - 1e-6


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 2.0, 8.0, 30.0]))
def test_no_difference_of_two_filters_gives_a_small_number(seed: int, mean: float) -> None:
    """Take any sum and all of its parts but one: if all are shown, the last is not small."""
    axes = (MONTHS, AGENCIES, FORMS)
    counts = cube(axes, seed, mean)
    hidden = suppress(counts, axes)
    for dimension, axis in enumerate(axes):
        moved, veiled = np.moveaxis(counts, dimension, 0), np.moveaxis(hidden, dimension, 0)
        for parent, children in axis.parents.items():
            for left_out in children:
                known = ~veiled[parent] & ~veiled[[c for c in children if c != left_out]].any(0)
                rest = moved[parent] - moved[[c for c in children if c != left_out]].sum(0)
                assert not (known & (rest >= 1) & (rest <= LARGEST_SMALL)).any()


def test_large_numbers_are_all_shown() -> None:
    counts = add_sums(np.full((4, 4, 2), 40, dtype=np.int64), (MONTHS, AGENCIES, FORMS))
    assert not suppress(counts, (MONTHS, AGENCIES, FORMS)).any()


def test_noughts_are_shown_where_nothing_small_leans_on_them() -> None:
    counts = add_sums(np.array([[0, 20], [30, 0], [40, 50], [9, 9]]), (AGENCIES, FORMS))
    assert not suppress(counts, (AGENCIES, FORMS)).any()


def test_a_small_number_takes_the_smallest_beside_it_with_it() -> None:
    axes = (AGENCIES,)
    hidden = suppress(add_sums(np.array([3, 50, 20, 30]), axes), axes)
    assert hidden[0]
    assert not hidden[5]
    assert hidden[1] or hidden[4]  # its only neighbour in its group, or the group itself


def test_what_is_shown_elsewhere_is_not_hidden_here() -> None:
    axes = (AGENCIES, STATUSES)
    counts = add_sums(
        np.array([[2, 10, 8], [30, 20, 10], [9, 9, 9], [12, 3, 20]], dtype=np.int64), axes
    )
    shown = np.zeros(counts.shape, bool)
    shown[:, 3] = True
    hidden = suppress(counts, axes, shown=shown)
    assert not hidden[:, 3].any()
    for cell in (0, 13):
        least, most = solve(
            counts, hidden, axes, int(np.ravel_multi_index((cell // 4, cell % 4), counts.shape))
        )
        assert most - least >= 1


def test_sums_of_sums_are_those_of_the_leaves() -> None:
    counts = cube((MONTHS, AGENCIES, FORMS), 3, 5.0)
    assert counts[6, 5, 2] == counts[:4, :4, :2].sum()
    for month, form in product(range(7), range(3)):
        assert counts[month, 4, form] == counts[month, 0, form] + counts[month, 1, form]


@pytest.mark.parametrize("mean", [1.0, 6.0])
def test_most_is_still_shown(mean: float) -> None:
    axes = (MONTHS, AGENCIES, FORMS)
    share = np.mean([suppress(cube(axes, seed, mean), axes).mean() for seed in range(10)])
    assert share < 0.8
