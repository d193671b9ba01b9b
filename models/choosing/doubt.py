"""How far readers differ on a contact, or how unsure one reader is; both from 0 to 1.

Level and elements count alike: the mean of the level's number and the mean over the 16 statuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.domain import LEVELS, STATUSES, Element
from nlp.reading import Reading

Label = TypeVar("Label", bound=StrEnum)
Doubles = NDArray[np.float64]


def disagreement(one: Reading, other: Reading) -> float:
    """Give the Jensen-Shannon divergence between two readings, in bits (Lin 1991)."""
    return of_contact(
        divergence(_level(one), _level(other)), divergence(_statuses(one), _statuses(other))
    )


def unsureness(reading: Reading) -> float:
    """Give the entropy of a reading, each as a share of the most that it could be."""
    return of_contact(entropy(_level(reading)), entropy(_statuses(reading)))


def divergence(one: Doubles, other: Doubles) -> Doubles:
    """Give the Jensen-Shannon divergence of rows of probabilities, in bits: 0 alike, 1 apart."""
    middle = _bits((one + other) / 2)
    return np.clip(middle - (_bits(one) + _bits(other)) / 2, 0, 1)


def entropy(rows: Doubles) -> Doubles:
    """Give the entropy of rows of probabilities: 0 where one is sure, 1 where all are alike."""
    return np.asarray(_bits(rows) / np.log2(rows.shape[-1]))


def of_contact(level: Doubles, statuses: Doubles) -> float:
    """Give the mean of the doubt about the level and the mean doubt about the 16 statuses."""
    return float((level + statuses.mean()) / 2)


def _level(reading: Reading) -> Doubles:
    return _row(reading.level, LEVELS)


def _statuses(reading: Reading) -> Doubles:
    return np.stack([_row(reading.status[element], STATUSES) for element in Element])


def _row(probabilities: Mapping[Label, float], labels: tuple[Label, ...]) -> Doubles:
    return np.array([probabilities[label] for label in labels], dtype=np.float64)


def _bits(rows: Doubles) -> Doubles:
    return np.asarray(-(rows * np.log2(np.maximum(rows, 1e-12))).sum(axis=-1))
