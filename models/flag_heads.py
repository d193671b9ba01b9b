"""Say of each sentence, from its vector and its neighbours', which safety flags are present.

Two kinds of question are asked of a sentence: is any flag present, and which. All flags teach the
first together, so it carries over to wording that no flag's own examples hold; the second shares
its answer out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.heads import Floats, logistic
from nlp.domain import SafetyFlag

QUESTIONS = len(SafetyFlag) + 1
OWN, NEIGHBOUR = 2.0, 0.6
"""Lengths of a sentence's own vector and of each neighbour's among its features."""

LEAST = 1e-6


@dataclass(frozen=True)
class FlagHeads:
    """Linear questions over F features; ``weights`` is F x 21, any flag last."""

    weights: Floats
    intercept: Floats

    def read(self, vectors: Floats) -> Floats:
        """Give the probability that each flag is present, sentences x 20, for one contact.

        A sentence's probabilities sum to that of any flag.
        """
        answers = logistic(flag_rows(vectors) @ self.weights + self.intercept)
        each, any_flag = answers[:, :-1], answers[:, -1:]
        return np.asarray(any_flag * each / np.maximum(each.sum(axis=1, keepdims=True), LEAST))


def flag_rows(vectors: Floats) -> Floats:
    """Give the features of a contact's sentences, in order: own, before, after."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    own = vectors / np.maximum(lengths, LEAST)
    none = np.zeros((1, vectors.shape[1]), dtype=np.float32)
    before, after = np.vstack([none, own[:-1]]), np.vstack([own[1:], none])
    rows = np.hstack([OWN * own, NEIGHBOUR * before, NEIGHBOUR * after])
    return np.asarray(rows, dtype=np.float32)
