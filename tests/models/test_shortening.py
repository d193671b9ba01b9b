"""What the weights of a reader keep when they are stored."""

import zlib

import numpy as np
import pytest

from models.shortening import drop_least, shorten

WEIGHTS = np.random.default_rng(1).normal(size=(4000, 3)).astype(np.float32)


def test_weights_are_kept_to_a_thirty_second_of_their_size_and_pack_smaller() -> None:
    short = shorten(WEIGHTS, 4)
    assert short.astype(np.float32) == pytest.approx(WEIGHTS, rel=1 / 32)
    assert (shorten(short.astype(np.float32), 4) == short).all()
    whole, packed = (
        len(zlib.compress(each.tobytes())) for each in (WEIGHTS.astype(np.float16), short)
    )
    assert packed < 0.8 * whole


def test_the_least_weights_of_each_label_are_dropped_and_hardly_missed() -> None:
    weights = WEIGHTS * np.array(
        [1, 10, 0], dtype=np.float32
    )  # a label of small, of large and of no weights
    kept = drop_least(weights, 0.005)
    dropped = kept == 0
    assert (dropped.mean(axis=0)[:2] > 0.1).all()
    assert (kept[~dropped] == weights[~dropped]).all()
    lost = 1 - np.square(kept).sum(axis=0)[:2] / np.square(weights).sum(axis=0)[:2]
    assert (lost <= 0.005).all()
    assert lost == pytest.approx(0.005, rel=0.05)
