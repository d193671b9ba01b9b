"""Labels that flip between the trained network and what is served."""

from __future__ import annotations

import numpy as np
import pytest

from models.transformer.parity import ANY_OF, ONE_OF, flips


def make_logits(**changed: np.ndarray) -> dict[str, np.ndarray]:
    one_of = dict.fromkeys(ONE_OF, np.array([2.0, 1.0, 0.0], dtype=np.float32))
    return one_of | dict.fromkeys(ANY_OF, np.array([1.0, -1.0], dtype=np.float32)) | changed


def test_nothing_flips_where_the_same_label_is_likeliest_on_either_side_of_a_little_noise() -> None:
    near = make_logits(level=np.array([1.9, 1.2, 0.1]), domains=np.array([0.8, -0.7]))
    assert set(flips([make_logits()], [near]).values()) == {0.0}


def test_each_label_that_flips_is_counted_once_in_its_head_and_in_all() -> None:
    level, domains = np.array([0.0, 1.0, 0.0]), np.array([-0.1, -1.0])
    found = flips([make_logits()] * 2, [make_logits(), make_logits(level=level, domains=domains)])
    assert found["level"] == 0.5
    assert found["domains"] == 0.25
    assert found["status"] == 0
    assert found["all"] == pytest.approx(2 / (2 * (len(ONE_OF) + 2 * len(ANY_OF))))
