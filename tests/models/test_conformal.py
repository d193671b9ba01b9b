import numpy as np
import pytest

from models.conformal import LevelSets, fit_level_sets
from nlp.domain import LEVELS, Level

UNIVERSAL, EARLY_HELP, CHILD_IN_NEED, CHILD_PROTECTION = LEVELS


@pytest.mark.parametrize(
    ("probabilities", "levels"),
    [
        pytest.param([0.1, 0.8, 0.06, 0.04], (EARLY_HELP,), id="sure"),
        pytest.param([0.1, 0.5, 0.36, 0.04], (EARLY_HELP, CHILD_IN_NEED), id="two"),
        pytest.param([0.4, 0.1, 0.4, 0.04], (UNIVERSAL, EARLY_HELP, CHILD_IN_NEED), id="no gap"),
        pytest.param([0.1, 0.7, 0.1, 0.1], LEVELS[1:], id="protection is easier to reach"),
        pytest.param([0.25, 0.25, 0.25, 0.04], (UNIVERSAL,), id="never empty"),
    ],
)
def test_a_set_holds_what_is_likely_enough_without_a_gap(
    probabilities: list[float], levels: tuple[Level, ...]
) -> None:
    sets = LevelSets(any_level=0.3, child_protection=0.05)
    assert sets.plausible(np.array(probabilities, dtype=np.float32)) == levels


def test_sets_hold_the_true_level_as_often_as_promised() -> None:
    source = np.random.default_rng(0)
    probabilities = source.dirichlet(np.ones(4), size=4000).astype(np.float32)
    levels = np.array([source.choice(4, p=row / row.sum()) for row in probabilities.astype(float)])
    sets = fit_level_sets(
        probabilities[:2000], levels[:2000], coverage=0.9, coverage_protection=0.95
    )
    held = np.array(
        [
            LEVELS[level] in sets.plausible(row)
            for level, row in zip(levels[2000:], probabilities[2000:], strict=True)
        ]
    )
    assert held.mean() >= 0.88
    assert held[levels[2000:] == 3].mean() >= 0.92


def test_with_too_few_contacts_every_level_is_plausible() -> None:
    certain = np.array([[1, 0, 0, 0]], dtype=np.float32)
    sets = fit_level_sets(certain, np.array([0]), coverage=0.9, coverage_protection=0.95)
    assert sets.plausible(certain[0]) == LEVELS
