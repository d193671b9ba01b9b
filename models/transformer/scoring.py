"""Figures on held-out authors while training: to choose a recipe, not to report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_fscore_support

from models.transformer.targets import Example

Answers = Sequence[Mapping[str, NDArray[np.float32]]]
"""Logits by name, one mapping a contact."""


def figures(examples: Sequence[Example], answers: Answers) -> dict[str, float]:
    """The measures of issue 3 at plain thresholds."""
    return (
        _status(examples, answers)
        | _level(examples, answers)
        | _labels(examples, answers)
        | _notification(examples, answers)
    )


def _status(examples: Sequence[Example], answers: Answers) -> dict[str, float]:
    truth = np.concatenate([e.status for e in examples])
    guess = np.concatenate([a["status"].argmax(-1) for a in answers])
    precision, recall, _, _ = precision_recall_fscore_support(
        truth == 0, guess == 0, average="binary"
    )
    return {
        "status_f1": f1_score(truth, guess, average="macro"),
        "missing_precision": precision,
        "missing_recall": recall,
    }


def _level(examples: Sequence[Example], answers: Answers) -> dict[str, float]:
    truth = np.array([e.level_index for e in examples])
    guess = np.array([a["level"].argmax() for a in answers])
    allowed = np.array([e.level[g] > 0.15 for e, g in zip(examples, guess, strict=True)])
    serious = truth == 3
    urgency = np.array([e.urgency for e in examples])
    urgent = np.array([a["urgency"].argmax() for a in answers])
    return {
        "level_kappa": cohen_kappa_score(truth, guess, weights="quadratic"),
        "level_accuracy": float((truth == guess).mean()),
        "level_within_one": float((abs(truth - guess) <= 1).mean()),
        "level_alternative": float(((truth == guess) | allowed).mean()),
        "cp_recall": float((guess[serious] == 3).mean()),
        "cp_precision": float((truth[guess == 3] == 3).mean()),
        "cp_far": float((guess[serious] < 2).mean()),
        "urgency_f1": f1_score(urgency, urgent, average="macro"),
        "red_recall": float((urgent[urgency == 0] == 0).mean()),
    }


def _labels(examples: Sequence[Example], answers: Answers) -> dict[str, float]:
    elements = np.concatenate([e.elements for e in examples]) > 0
    marks = np.concatenate([a["elements"] for a in answers]) > 0
    each = f1_score(elements, marks, average=None, zero_division=0)
    flags = np.stack([e.present.max(0) for e in examples]) > 0
    raised = np.stack([a["present"].max(0) for a in answers])
    domains = np.stack([e.domains for e in examples]) > 0
    needs = np.stack([a["domains"] for a in answers])
    return {
        "evidence_f1": f1_score(elements, marks, average="micro"),
        "evidence_lowest": each.min(),
        "flags_f1": _best_f1(flags, raised),
        "domains_f1": _best_f1(domains, needs),
    }


def _notification(examples: Sequence[Example], answers: Answers) -> dict[str, float]:
    pairs = [
        (e, a) for e, a in zip(examples, answers, strict=True) if not np.isnan(e.inappropriate)
    ]
    truth = np.array([e.inappropriate for e, _ in pairs]) > 0
    guess = np.array([a["inappropriate"] for _, a in pairs])
    reasons = np.stack([e.reasons for e, _ in pairs]) > 0
    given = np.stack([a["reasons"] for _, a in pairs])
    return {
        "ppn_f1": f1_score(truth, guess > 0),
        "ppn_best_f1": _best_f1(truth[:, None], guess[:, None]),
        "reasons_f1": _best_f1(reasons, given),
    }


def _best_f1(truth: NDArray[np.bool_], logits: NDArray[np.float32]) -> float:
    """Micro-F1 at the one threshold that suits these contacts best (so a little kind)."""
    cuts = np.linspace(-3, 4, 29)
    found = [f1_score(truth, logits > cut, average="micro", zero_division=0) for cut in cuts]
    return float(max(found))
