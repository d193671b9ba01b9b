"""How many labels the served graphs give otherwise than the network that was trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Logits = Mapping[str, NDArray[np.float32]]

ONE_OF = ("status", "level", "certainty", "urgency")
"""Heads whose labels exclude each other; in the others each label stands alone."""

ANY_OF = ("elements", "present", "domains", "inappropriate", "reasons")


def flips(trained: Sequence[Logits], served: Sequence[Logits]) -> dict[str, float]:
    """Give the share of labels that flip, by head and of all together.

    A head of labels that exclude each other has one label for each question, the likeliest;
    a label that stands alone flips where its logit crosses 0.
    """
    pairs = list(zip(trained, served, strict=True))
    changed = {
        name: np.concatenate([(_said(name, a) != _said(name, b)).ravel() for a, b in pairs])
        for name in (*ONE_OF, *ANY_OF)
    }
    changed["all"] = np.concatenate(list(changed.values()))
    return {name: float(each.mean()) for name, each in changed.items()}


def _said(name: str, logits: Logits) -> NDArray[np.int64]:
    if name in ONE_OF:
        return np.atleast_1d(logits[name].argmax(axis=-1))
    return np.atleast_1d(logits[name] > 0).astype(np.int64)
