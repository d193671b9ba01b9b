"""Pick a batch: some at random, the rest one by one, the most telling first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.choosing.config import ChoosingConfig
from models.choosing.novelty import Novelty
from models.choosing.shares import fair_shares

Doubles = NDArray[np.float64]

TELLING = 0.75
"""A signal is given as a reason where a contact is in the file's highest quarter by it."""


class Signal(StrEnum):
    """Why a contact is chosen."""

    DOUBT = "doubt"
    LEVEL_SET = "level_set"
    NOVELTY = "novelty"
    RANDOM = "random"


@dataclass(frozen=True)
class Candidate:
    """A contact that may be picked: who sent it, how far readers doubt, how many levels stay."""

    agency: str
    doubt: float
    levels: int


@dataclass(frozen=True)
class Pick:
    """The number of a candidate, why it was picked, and its ``novelty`` when it was."""

    number: int
    why: tuple[Signal, ...]
    novelty: float


def pick_batch(
    candidates: Sequence[Candidate],
    novelty: Novelty,
    config: ChoosingConfig,
    *,
    most: int,
    seed: int,
) -> tuple[Pick, ...]:
    """Give *most* picks, or all where there are fewer; those at random first.

    Args:
        candidates: The contacts of the file.
        novelty: Of the same contacts, in this order; the picks are counted among those taken.
        config: Shares and weights.
        most: How many are asked for.
        seed: Of what is random.
    """
    most = min(most, len(candidates))
    batch = _Batch(candidates, novelty, config, most)
    at_random = round(config.random_share * most)
    drawn = np.random.default_rng(seed).choice(len(candidates), size=at_random, replace=False)
    for number in drawn.tolist():
        batch.take(number, (Signal.RANDOM,))
    while len(batch.picks) < most:
        batch.take_best()
    return tuple(batch.picks)


class _Batch:
    def __init__(
        self,
        candidates: Sequence[Candidate],
        novelty: Novelty,
        config: ChoosingConfig,
        most: int,
    ) -> None:
        self._agencies = [candidate.agency for candidate in candidates]
        self._novelty = novelty
        self._weights = config.weights
        self._left = fair_shares(Counter(self._agencies), most, power=config.agency_power)
        self._free = np.ones(len(candidates), dtype=bool)
        self._ranks = {
            Signal.DOUBT: rank(np.array([candidate.doubt for candidate in candidates])),
            Signal.LEVEL_SET: rank(np.array([candidate.levels for candidate in candidates])),
        }
        self.picks: list[Pick] = []

    def take(self, number: int, why: tuple[Signal, ...]) -> None:
        self.picks.append(Pick(number, why, float(self._novelty.distances[number])))
        self._novelty.take(number)
        self._free[number] = False
        self._left[self._agencies[number]] -= 1

    def take_best(self) -> None:
        """Ties go to the contact that stands first."""
        ranks = self._ranks | {Signal.NOVELTY: rank(self._novelty.distances)}
        worth = sum(getattr(self._weights, signal) * ranks[signal] for signal in ranks)
        allowed = self._free & [self._left[agency] > 0 for agency in self._agencies]
        best = int(np.argmax(np.where(allowed, worth, -1)))
        self.take(best, self._reasons(ranks, best))

    def _reasons(self, ranks: Mapping[Signal, Doubles], number: int) -> tuple[Signal, ...]:
        """The signals by which it is high in the file, or else the one that weighed most."""
        weighed = {s: getattr(self._weights, s) * ranks[s][number] for s in ranks}
        high = tuple(s for s in ranks if ranks[s][number] >= TELLING and weighed[s] > 0)
        return high or (max(weighed, key=weighed.__getitem__),)


def rank(values: Doubles) -> Doubles:
    """Give each value's rank, 0 (lowest) to 1; those alike share the mean of theirs."""
    return np.asarray((rankdata(values) - 0.5) / max(len(values), 1))
