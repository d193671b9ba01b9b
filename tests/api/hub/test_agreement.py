"""Agreement beyond chance is as its sources give it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from api.hub.agreement import agreement
from nlp.domain import LEVELS


@pytest.mark.parametrize("seed", range(5))
def test_weighted_kappa_is_that_of_an_independent_implementation(seed: int) -> None:
    pairs = np.random.default_rng(seed).integers(4, size=(40, 2))
    expected = cohen_kappa_score(pairs[:, 0], pairs[:, 1], weights="quadratic", labels=range(4))
    found = agreement([(LEVELS[first], LEVELS[second]) for first, second in pairs])
    assert found is not None
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(expected)


def test_full_agreement_is_one_and_one_level_for_all_is_not_defined() -> None:
    alike = agreement([(level, level) for level in LEVELS * 3])
    assert alike is not None
    assert alike.exact.value == 1
    assert alike.kappa is not None
    assert alike.kappa.value == 1
    one = agreement([(LEVELS[1], LEVELS[1])] * 12)
    assert one is not None
    assert one.kappa is None


def test_intervals_need_ten_pairs_and_hold_the_figure() -> None:
    random = np.random.default_rng(2)
    pairs = [(LEVELS[a], LEVELS[min(a + b, 3)]) for a, b in random.integers((4, 2), size=(60, 2))]
    few, many = agreement(pairs[:9]), agreement(pairs)
    assert few is not None
    assert few.exact.low is None
    assert few.kappa is None
    assert many is not None
    assert many.kappa is not None
    for figure in (many.exact, many.kappa):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < figure.value < figure.high
    assert agreement(pairs) == many
    assert agreement([]) is None
