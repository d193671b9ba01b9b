"""Does the probability of the likely level mean what it says: of all, and group by group?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import Figure, draw, score_with_interval
from evaluation.counting import count_confidence
from evaluation.measuring import Tally
from evaluation.metrics import Counts, calibration_error, ratio_score
from evaluation.outcomes import Outcome
from evaluation.parts import Part
from evaluation.slices import SLICES, part

SLICED = ("agency", "form", "length")
# The error of ten bins is never below nothing, so chance alone makes one: of a reader whose
# probabilities are true about 0.1 on thirty contacts.
FEWEST = 30
_TRIALS, _SEED = 500, 20261126


class Bin(Part):
    """Likely levels of about one probability: how probable on average, and how often right."""

    contacts: int
    probability: float
    right: float


class Calibration(Part):
    """One group of contacts; the figures are ``None`` where it holds fewer than `FEWEST`.

    ``lean`` is the mean probability less the share right: above 0 where the reader is too sure.
    ``by_chance`` is the error that true probabilities would show on so few contacts.
    """

    name: str
    contacts: int
    error: Figure | None = None
    lean: Figure | None = None
    by_chance: float | None = None


def find_bins(tally: Tally) -> tuple[Bin, ...]:
    """Give the bins of probability that hold any contact."""
    return tuple(
        Bin(contacts=int(cases), probability=confidence / cases, right=right / cases)
        for cases, confidence, right in tally.of(count_confidence).sum(axis=0).tolist()
        if cases
    )


def measure_calibration(
    outcomes: Sequence[Outcome], tally: Tally, *, resamples: int
) -> dict[str, tuple[Calibration, ...]]:
    """Give the calibration of the level of all contacts, and of each group of each of `SLICED`.

    Empty where the contestant gives no probabilities.
    """
    if not all(outcome.prediction.level_probabilities for outcome in outcomes):
        return {}
    counts = tally.of(count_confidence)
    return {"set": (_of_group("all contacts", counts, resamples),)} | {
        by: tuple(
            _of_group(name, counts[list(rows)], resamples)
            for name, rows in part(outcomes, SLICES[by]).items()
        )
        for by in SLICED
    }


def _of_group(name: str, counts: Counts, resamples: int) -> Calibration:
    if len(counts) < FEWEST:
        return Calibration(name=name, contacts=len(counts))
    draws = draw(len(counts), resamples=resamples)
    return Calibration(
        name=name,
        contacts=len(counts),
        error=score_with_interval(counts, calibration_error, draws),
        lean=score_with_interval(counts, _lean, draws),
        by_chance=_error_by_chance(counts),
    )


def _lean(bins: Counts) -> Counts:
    cases, confidence, right = np.moveaxis(bins.sum(axis=-2), -1, 0)
    return ratio_score(confidence - right, cases)


def _error_by_chance(counts: Counts) -> float:
    """The mean error if each contact were right as often as its probability says."""
    probability: NDArray[np.float64] = counts[..., 1].sum(axis=1)
    random = np.random.default_rng(_SEED)
    right = random.random((_TRIALS, len(counts))) < probability
    trials = np.broadcast_to(counts.sum(axis=0), (_TRIALS, *counts.shape[1:])).copy()
    trials[..., 2] = right @ counts[..., 0]
    return float(calibration_error(trials).mean())
