"""The linear reader's elements, statuses and level alone, trained in seconds.

Features, heads, calibration and settings are those of `models.train`; what nothing here measures
(needs, urgency, certainty, notifications) is left out, and so are second likely levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.sparse import csr_matrix

from evaluation.learning.material import Material, Rows
from models.choosing.doubt import entropy, of_contact
from models.config import HeadConfig, TfidfConfig
from models.conformal import LevelSets, fit_level_sets
from models.fit_status import fit_status
from models.fitting import Doubles, FittedHeads, Truth, fit_heads, fit_platt
from models.heads import Floats, steps_to_classes
from models.tfidf import StatusHeads
from models.training_corpus import Numbers, steps
from nlp.domain import LEVELS


@dataclass(frozen=True)
class Answer:
    """What is read of a contact: statuses (16 x 3), level (4), how many levels are plausible."""

    status: Floats
    level: Floats
    levels: int

    @property
    def doubt(self) -> float:
        """How unsure it is, 0 to 1; see `models.choosing.doubt`."""
        level, status = self.level.astype(np.float64), self.status.astype(np.float64)
        return of_contact(entropy(level), entropy(status))


@dataclass(frozen=True)
class LightReader:
    """What `fit_light` fits."""

    elements: FittedHeads
    status: StatusHeads
    level: FittedHeads
    sets: LevelSets

    def read(self, rows: Rows) -> Answer:
        """Read one contact."""
        elements = self.elements.heads.probabilities(rows.sentences)
        level = steps_to_classes(self.level.heads.probabilities(rows.whole))[0]
        status = self.status.read(rows.sentences, elements)
        return Answer(status, level, len(self.sets.plausible(level)))


def fit_light(
    material: Material,
    numbers: Sequence[int],
    weights: Sequence[float],
    config: TfidfConfig,
    *,
    before: LightReader | None = None,
) -> LightReader:
    """Train on the contacts of these *numbers*, each counting as much as its weight.

    With *before*, the reader of the first of these contacts alone, elements and level are
    calibrated on its margins for those and for the others, which it has not seen; a third of the
    time, and a few contacts hardly move the margins of hundreds.
    """
    corpus, rows = material.take(numbers, weights)
    fit = partial(_fit, config.seed)
    elements = fit(
        config.elements,
        rows.sentences,
        corpus.elements,
        corpus.for_sentences(corpus.folds),
        corpus.for_sentences(corpus.weights),
        before=before.elements if before else None,
    )
    read = corpus.by_contact(elements.probabilities)
    status, _ = fit_status(corpus, rows.sentences, read, partial(fit, config.status))
    level = fit(
        config.level,
        rows.whole,
        steps(corpus.levels, classes=len(LEVELS)),
        corpus.folds,
        corpus.weights,
        before=before.level if before else None,
    )
    sets = fit_level_sets(
        steps_to_classes(level.probabilities),
        corpus.levels,
        coverage=config.plausible.coverage,
        coverage_protection=config.plausible.coverage_protection,
    )
    return LightReader(elements, status, level, sets)


def _fit(
    seed: int,
    head: HeadConfig,
    rows: csr_matrix,
    truth: Truth,
    folds: Numbers,
    weights: Doubles,
    *,
    before: FittedHeads | None = None,
) -> FittedHeads:
    # Of one fold nothing is left to fit on while it is held out: that costs no time.
    held = folds if before is None else np.zeros_like(folds)
    fitted = fit_heads(rows, truth, held, weights=weights, seed=seed, **head.model_dump())
    if before is None:
        return fitted
    fresh = before.heads.margins(rows[len(before.unseen) :])
    unseen = np.concatenate([before.unseen, fresh])
    slope, offset = fit_platt(unseen, truth, weights)
    return FittedHeads(replace(fitted.heads, slope=slope, offset=offset), unseen)
