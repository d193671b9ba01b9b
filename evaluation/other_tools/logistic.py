"""Logistic regression for one question, where a label may have no example."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from evaluation.other_tools.classifiers import SEED
from models.fitting import Doubles, Truth
from models.heads import Floats


@dataclass(frozen=True)
class Logistic:
    """``models`` holds one model over all labels, or for each label one; ``None`` is 'never'."""

    models: tuple[LogisticRegression | float, ...]
    labels: int
    exclusive: bool

    @property
    def bytes(self) -> int:
        """What its numbers take."""
        fitted = [m for m in self.models if isinstance(m, LogisticRegression)]
        return sum(4 * (model.coef_.size + model.intercept_.size) for model in fitted)

    def probabilities(self, rows: Floats) -> Floats:
        """Give rows x labels."""
        found = np.zeros((len(rows), self.labels), dtype=np.float32)
        for place, model in enumerate(self.models):
            if isinstance(model, float):
                found[:, place] = model
            elif self.exclusive:
                found[:, model.classes_] = model.predict_proba(rows)
            else:
                found[:, place] = model.predict_proba(rows)[:, 1]
        return found


def fit_logistic(
    rows: Floats | Doubles, truth: Truth, *, exclusive: bool, cost: float = 1.0
) -> Logistic:
    """Fit *rows* x features to *truth*, rows x labels; *cost* is scikit-learn's C."""
    asked: Iterable[Truth] = truth.T
    if exclusive:
        classes = truth.argmax(axis=1)
        if len(set(classes.tolist())) > 1:
            return Logistic((_model(cost).fit(rows, classes),), truth.shape[1], exclusive=True)
    models = tuple(
        float(yes[0]) if yes.all() or not yes.any() else _model(cost).fit(rows, yes)
        for yes in asked
    )
    return Logistic(models, truth.shape[1], exclusive=False)


def _model(cost: float) -> LogisticRegression:
    return LogisticRegression(C=cost, max_iter=1000, random_state=SEED)
