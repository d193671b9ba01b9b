"""Fit scales, thresholds and level sets on answers about authors who were left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.conformal import fit_level_sets
from models.fitting import choose_thresholds
from models.transformer.scales import AnyOf, OneOf, Scales
from models.transformer.targets import Example

Answers = Sequence[Mapping[str, NDArray[np.float32]]]

COVERAGE, COVERAGE_PROTECTION = 0.90, 0.95
HELD_BACK = 0.1
"""Pull of every shift towards none, so that a label with few positives keeps its own scale."""


def fit_scales(examples: Sequence[Example], answers: Answers) -> Scales:
    """Fit everything on *answers* (logits by name, one mapping an example)."""
    one_of = {
        name: fit_one_of(_rows(answers, name), _truth(examples, name))
        for name in ("status", "level", "certainty", "urgency")
    }
    any_of, thresholds = {}, {}
    for name in ("elements", "present", "domains", "reasons", "inappropriate"):
        logits, truth = _rows(answers, name), _truth(examples, name)
        if name in ("reasons", "inappropriate"):
            ppn = ~np.isnan([example.inappropriate for example in examples])
            logits, truth = logits[ppn], truth[ppn]
        any_of[name] = fit_any_of(logits, truth)
        probabilities = any_of[name].probabilities(logits).astype(np.float32)
        thresholds[name] = tuple(choose_thresholds(probabilities, truth > 0))
    levels = fit_level_sets(
        one_of["level"].probabilities(_rows(answers, "level")).astype(np.float32),
        _truth(examples, "level"),
        coverage=COVERAGE,
        coverage_protection=COVERAGE_PROTECTION,
    )
    return Scales(one_of, any_of, levels, thresholds)


def _rows(answers: Answers, name: str) -> NDArray[np.float32]:
    """All logits of a head, labels along the last axis."""
    if name == "inappropriate":
        return np.array([[answer[name]] for answer in answers], dtype=np.float32)
    if name in ("elements", "present"):
        return np.concatenate([answer[name] for answer in answers])
    stacked = np.stack([answer[name] for answer in answers])
    return stacked.reshape(-1, stacked.shape[-1])


def _truth(examples: Sequence[Example], name: str) -> NDArray[np.int64]:
    if name == "level":
        return np.array([example.level_index for example in examples])
    if name in ("certainty", "urgency"):
        return np.array([getattr(example, name) for example in examples])
    if name == "inappropriate":
        return np.array([[example.inappropriate == 1] for example in examples]).astype(np.int64)
    rows = [np.atleast_1d(getattr(example, name)) for example in examples]
    together = np.stack(rows) if name in ("domains", "reasons") else np.concatenate(rows)
    return together.astype(np.int64)


def fit_one_of(logits: NDArray[np.float32], truth: NDArray[np.int64]) -> OneOf:
    """Least cross-entropy over slope and shifts."""

    def cost(given: NDArray[np.float64]) -> float:
        scale = OneOf(math.exp(given[0]), tuple(given[1:]))
        own = scale.probabilities(logits)[np.arange(len(truth)), truth]
        return float(-np.log(own.clip(1e-9)).mean() + HELD_BACK * np.square(given[1:]).sum())

    best = minimize(cost, np.zeros(1 + logits.shape[-1]), method="L-BFGS-B").x
    return OneOf(float(math.exp(best[0])), tuple(map(float, best[1:])))


def fit_any_of(logits: NDArray[np.float32], truth: NDArray[np.int64]) -> AnyOf:
    """Least cross-entropy over one slope and a shift for each label, each held back a little."""
    held = 1 / len(logits)

    def cost(given: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        chance = AnyOf(float(math.exp(given[0])), tuple(given[1:])).probabilities(logits)
        loss = -np.log(np.where(truth == 1, chance, 1 - chance).clip(1e-9)).mean(0).sum()
        apart = (chance - truth) / len(logits)
        slope = float((apart * logits).sum() * math.exp(given[0]))
        shifts = apart.sum(0) + held * given[1:]
        return float(loss + held / 2 * np.square(given[1:]).sum()), np.array([slope, *shifts])

    best = minimize(cost, np.zeros(1 + logits.shape[-1]), method="L-BFGS-B", jac=True).x
    return AnyOf(float(math.exp(best[0])), tuple(map(float, best[1:])))
