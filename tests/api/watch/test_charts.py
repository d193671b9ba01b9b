"""A self-starting CUSUM: exact marks, few false alarms, and a change found where it was."""

from __future__ import annotations

import numpy as np
import pytest

from api.watch.batches import Batches
from api.watch.charts import CUT, find_residuals, make_chart
from api.watch.definitions import Floats, Side

REFERENCE = 12


def batches(values: Floats, counts: Floats | None = None) -> Batches:
    weeks = np.arange(len(values))
    numbers = np.full(len(values), 20.0) if counts is None else counts
    return Batches(weeks, weeks, numbers, values, values)


def drawn(seed: int, *, size: int = 64, shift: float = 0.0, at: int = 64) -> Batches:
    """Batches of unequal size, whose mean moves by so many spreads of a batch of twenty."""
    random = np.random.default_rng(seed)
    counts = random.integers(10, 40, size).astype(np.float64)
    values = 5 + 2 * random.standard_normal(size) / np.sqrt(counts)
    values[at:] += shift * 2 / np.sqrt(20)
    return batches(values, counts)


def test_marks_are_standard_normal_from_the_third_batch_on() -> None:
    """And a little smaller from the ninth on, where chance correlation is taken off them."""
    marks = np.array([find_residuals(drawn(seed, size=20)).marks for seed in range(3000)])
    assert np.all(marks[:, :2] == 0)
    assert np.allclose(marks[:, 2:].mean(axis=0), 0, atol=0.07)
    assert np.allclose(marks[:, 2:8].std(axis=0), 0.99, atol=0.05)
    assert np.allclose(marks[:, 8:].std(axis=0), 0.96, atol=0.05)
    late = marks[:, 10:]
    assert abs(np.corrcoef(late[:, 0], late[:, 1])[0, 1]) < 0.06


def test_false_alarms_are_as_many_as_allowed() -> None:
    alarms = sum(
        make_chart(drawn(seed), worth=0.5, chance=0.1, reference=REFERENCE).alarm is not None
        for seed in range(400)
    )
    assert 20 <= alarms <= 56  # about 40: 52 values of a year, with a chance of a tenth


def test_weeks_that_are_like_those_before_raise_few_more() -> None:
    alarms = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        values = random.standard_normal(104)
        for week in range(1, len(values)):
            values[week] += 0.35 * values[week - 1]
        chart = make_chart(batches(values), worth=0.3, chance=0.05, reference=REFERENCE)
        alarms += chart.alarm is not None
    assert alarms < 30  # 12, and 64 if nothing were done


@pytest.mark.parametrize(("shift", "side"), [(3.0, Side.UP), (-3.0, Side.DOWN)])
def test_a_change_is_found_on_its_side_and_at_its_place(shift: float, side: Side) -> None:
    places = []
    for seed in range(30):
        chart = make_chart(
            drawn(seed, shift=shift, at=40), worth=0.9, chance=0.0005, reference=REFERENCE
        )
        if chart.alarm:
            assert chart.alarm.side is side
            assert 40 < chart.alarm.raised < 64
            places.append(chart.alarm.changed)
    assert len(places) >= 26
    assert np.median(places) == pytest.approx(40, abs=1)


def test_one_wild_batch_is_no_drift() -> None:
    values = np.tile([1.0, 1.2, 0.8, 1.1], 10)
    values[30] = 1_000.0
    chart = make_chart(batches(values), worth=0.1, chance=0.01, reference=REFERENCE)
    assert chart.residuals.marks[30] == CUT
    assert chart.alarm is None


def test_values_that_never_vary_raise_nothing() -> None:
    chart = make_chart(batches(np.zeros(40)), worth=0.1, chance=0.01, reference=REFERENCE)
    assert chart.alarm is None


def test_the_reference_is_only_looked_at() -> None:
    chart = make_chart(
        drawn(1, shift=4.0, at=6, size=20), worth=0.5, chance=0.01, reference=REFERENCE
    )
    assert np.all(chart.upper[:REFERENCE] == 0)


def test_a_larger_change_to_notice_gives_more_slack_and_a_lower_limit() -> None:
    fine, coarse = (
        make_chart(drawn(1), worth=worth, chance=0.01, reference=REFERENCE) for worth in (0.2, 2.0)
    )
    assert fine.slack < coarse.slack
    assert fine.limit > coarse.limit
