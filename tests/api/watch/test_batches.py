"""Batches are of whole weeks and of enough contacts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from api.watch.batches import Observed, gather, monday_of, week_of
from api.watch.definitions import load_watch

MEASURES = load_watch().measures


def observed(*weeks: int) -> Observed:
    return Observed(np.array(weeks, dtype=np.int64), np.arange(1.0, len(weeks) + 1))


def test_a_batch_closes_at_the_end_of_the_week_in_which_it_is_full() -> None:
    batches = gather(observed(5, 5, 6, 6, 6, 7), MEASURES["missing"], fewest=3)
    assert batches.first.tolist() == [5]
    assert batches.last.tolist() == [6]
    assert batches.counts.tolist() == [5]
    assert batches.means.tolist() == [3]


def test_weeks_without_a_contact_belong_to_no_batch() -> None:
    batches = gather(observed(1, 1, 9, 9), MEASURES["missing"], fewest=2)
    assert list(zip(batches.first, batches.last, strict=True)) == [(1, 1), (9, 9)]


def test_nothing_gives_no_batch() -> None:
    assert len(gather(observed(), MEASURES["missing"], fewest=2)) == 0


def test_lengths_are_compared_by_their_logarithm() -> None:
    seen = Observed(np.array([1, 1]), np.array([100.0, 10_000.0]))
    batches = gather(seen, MEASURES["length"], fewest=2)
    assert batches.means[0] == pytest.approx(1_000)
    assert batches.values[0] == pytest.approx(np.log(1_000))


@pytest.mark.parametrize("code", ["child_protection", "flags"])
def test_shares_and_counts_vary_alike_at_every_level(code: str) -> None:
    random, measure, spreads = np.random.default_rng(1), MEASURES[code], []
    for mean in (0.2, 0.5):
        draw = random.binomial if code == "child_protection" else None
        sums = draw(30, mean, 4000) if draw else random.poisson(30 * mean, 4000)
        spreads.append(np.std(measure.scaled(sums / 30, 30)))
    assert spreads[0] == pytest.approx(spreads[1], rel=0.06)


def test_weeks_run_from_monday_to_sunday() -> None:
    monday = date(2026, 10, 5)
    assert monday_of(week_of(monday)) == monday
    assert week_of(date(2026, 10, 11)) == week_of(monday)
    assert week_of(date(2026, 10, 12)) == week_of(monday) + 1
