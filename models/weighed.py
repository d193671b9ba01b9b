"""What two readers answer, weighed into one answer: a logistic regression over what both say.

Each reader's doubts about every label count, not those about the label in question alone: that the
linear reader holds 'partly' for likely tells something of whether it is 'met' by the other.
Stacking, after Wolpert 1992 (doi 10.1016/S0893-6080(05)80023-1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.links import Doubles, logistic, softmax

LEAST = 1e-3
"""Added to a probability before its logarithm: below it, readers are sure without reason."""

Content = Mapping[str, Sequence[object]]


@dataclass(frozen=True, eq=False)
class Weighed:
    """The weights of one question, F x K, and the bias, K.

    The first 2 K of the F features are what the one reader says of each of the K labels, then what
    the other says; others may stand beside (`models.in_context`). Where each label has features of
    its own (`models.held_flags`), their weights are those of that label alone.
    """

    weights: Doubles
    bias: Doubles

    def classes(self, features: Doubles) -> Doubles:
        """Give the probability of labels that exclude each other (n x K), of *features* (n x F)."""
        return softmax(self._weigh(features))

    def marks(self, features: Doubles) -> Doubles:
        """Give the probability of labels that stand alone (n x K), of *features* (n x F)."""
        return logistic(self._weigh(features))

    def own(self, features: Doubles) -> Doubles:
        """Give that of labels with features of their own (... x K), of *features* (... x K x F)."""
        return logistic(np.einsum("...kf,fk->...k", features, self.weights) + self.bias)

    def to_content(self) -> Content:
        """Give what JSON can hold."""
        return {"weights": self.weights.tolist(), "bias": self.bias.tolist()}

    def _weigh(self, features: Doubles) -> Doubles:
        return np.asarray(features @ self.weights + self.bias)


def class_features(one: Doubles, other: Doubles) -> Doubles:
    """Give the log-probabilities of both side by side (... x 2 K)."""
    return np.log(np.concatenate([one, other], axis=-1) + LEAST)


def log_odds(said: Doubles) -> Doubles:
    """Give the logarithm of the odds of probabilities, within some 7 of 0."""
    return np.asarray(np.log(said + LEAST) - np.log(1 - said + LEAST))


def weighed_from(content: Content) -> Weighed:
    """Give what `Weighed.to_content` and JSON made *content* of."""
    return Weighed(np.array(content["weights"]), np.array(content["bias"]))
