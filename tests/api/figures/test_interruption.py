from __future__ import annotations

import numpy as np
import pytest

from api.figures.interruption import Conclusion, interrupt


def series(seed: int, *, step: float = 0.0, slope: float = 0.2) -> list[float]:
    random = np.random.default_rng(seed)
    month = np.arange(24)
    values: list[float] = (
        60 + slope * month + step * (month >= 12) + random.normal(0, 3, 24)
    ).tolist()
    return values


def test_a_planted_step_is_found_where_it_is_and_of_its_size() -> None:
    found = interrupt(series(1, step=15), at=12)
    assert found.conclusion is Conclusion.ROSE
    assert found.step is not None
    assert found.step.low < 15 < found.step.high


def test_a_planted_fall_is_found() -> None:
    assert interrupt(series(2, step=-15), at=12).conclusion is Conclusion.FELL


def test_a_steady_rise_is_no_step() -> None:
    exact = [50 + 2.0 * month for month in range(24)]
    found = interrupt(exact, at=12)
    assert found.step is not None
    assert found.step.estimate == pytest.approx(0, abs=1e-8)
    assert found.expected == pytest.approx(exact)
    assert found.fitted == pytest.approx(exact)


def test_where_nothing_changed_a_change_is_seldom_claimed() -> None:
    claims = [interrupt(series(seed), at=12).conclusion for seed in range(400)]
    share = 1 - claims.count(Conclusion.NO_CLEAR_CHANGE) / len(claims)
    assert (
        share < 0.13
    )  # 0.05 by construction; these errors are known to be too small in short runs


@pytest.mark.parametrize("at", [0, 7, 17, 24])
def test_too_few_months_are_said_to_be_too_few(at: int) -> None:
    assert interrupt(series(3), at=at).conclusion is Conclusion.TOO_FEW


def test_weights_are_those_of_an_independent_fit() -> None:
    """Two separate straight lines give the same step as the one design."""
    values = series(4, step=8)
    before = np.polyfit(np.arange(12), values[:12], 1)
    after = np.polyfit(np.arange(12), values[12:], 1)
    found = interrupt(values, at=12)
    assert found.step is not None
    assert found.slope_change is not None
    assert found.step.estimate == pytest.approx(np.polyval(after, 0) - np.polyval(before, 12))
    assert found.slope_change.estimate == pytest.approx(after[0] - before[0])
