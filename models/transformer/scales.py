"""From logits to calibrated probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.conformal import LevelSets
from models.links import Doubles, logistic, softmax


@dataclass(frozen=True)
class OneOf:
    """Scale of a head whose labels exclude each other: a slope, and a shift for each label.

    Temperature scaling with a bias (Guo et al. 2017, arXiv 1706.04599).
    """

    slope: float
    shift: tuple[float, ...]

    def probabilities(self, logits: NDArray[np.float32]) -> Doubles:
        """Give probabilities over the last axis, which sum to 1."""
        scaled = logits.astype(np.float64) * self.slope + np.asarray(self.shift)
        return softmax(scaled)


@dataclass(frozen=True)
class AnyOf:
    """Scale of a head whose labels stand alone: one slope, and a shift for each label (Platt)."""

    slope: float
    shift: tuple[float, ...]

    def probabilities(self, logits: NDArray[np.float32]) -> Doubles:
        """Give the probability of each label."""
        scaled = logits.astype(np.float64) * self.slope + np.asarray(self.shift)
        return logistic(scaled)


@dataclass(frozen=True)
class Scales:
    """Everything fitted after training, on contacts whose authors the network had not read.

    ``one_of`` and ``any_of`` are by name of output; ``thresholds`` give, for each head of
    ``any_of``, the probability from which each label holds.
    """

    one_of: Mapping[str, OneOf]
    any_of: Mapping[str, AnyOf]
    levels: LevelSets
    thresholds: Mapping[str, tuple[float, ...]]


def scales_from(content: Mapping[str, Any]) -> Scales:
    """Give the scales that `dataclasses.asdict` and JSON made *content* of."""
    return Scales(
        one_of={k: OneOf(v["slope"], tuple(v["shift"])) for k, v in content["one_of"].items()},
        any_of={k: AnyOf(v["slope"], tuple(v["shift"])) for k, v in content["any_of"].items()},
        levels=LevelSets(**content["levels"]),
        thresholds={k: tuple(v) for k, v in content["thresholds"].items()},
    )
