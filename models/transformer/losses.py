"""The losses of the heads, and how rare positives are weighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.transformer.batches import present_sentences, stacked, whole
from models.transformer.lessons import Lesson
from models.transformer.targets import IGNORED, Example

FLAG_LABELS = ("present", "mentioned")
SENTENCE_LABELS = ("elements", *FLAG_LABELS)
DOCUMENT_LABELS = ("domains", "reasons")


@dataclass(frozen=True)
class PositiveWeights:
    """How much more a positive counts than a negative, by label.

    (negatives / positives) ** power, so that a rare label is not lost among its negatives.
    """

    weights: Mapping[str, Tensor]

    @classmethod
    def of(cls, taught: Sequence[Example], power: float, most: float) -> PositiveWeights:
        """From the shares of positives among the corpus; none counts above *most*."""
        contacts = [example for example in taught if example.has_elements]
        weights = {}
        for name in (*SENTENCE_LABELS, *DOCUMENT_LABELS):
            rows = np.concatenate([np.atleast_2d(getattr(example, name)) for example in contacts])
            share = rows.mean(0).clip(1e-4, 0.5)
            weights[name] = torch.from_numpy(((1 - share) / share) ** power).float().clamp(max=most)
        return cls(weights)


def losses(
    answers: Mapping[str, Tensor], lessons: Sequence[Lesson], positive: PositiveWeights
) -> dict[str, Tensor]:
    """Every head's loss on one batch; a head that nothing there teaches has none."""
    mask = present_sentences(lessons).bool()
    found = {
        name: _binary(answers[name][mask], stacked(lessons, name)[mask], positive.weights[name])
        for name in FLAG_LABELS
    }
    found["assertions"] = _assertions(
        answers["assertions"][mask], stacked(lessons, "assertions")[mask]
    )
    marked = torch.tensor([lesson.example.has_elements for lesson in lessons])
    if marked.any():
        found |= _elements(answers, lessons, mask & marked.unsqueeze(-1), positive)
    kept = torch.tensor([lesson.whole for lesson in lessons])
    if kept.any():
        rest = [lesson for lesson in lessons if lesson.whole]
        found |= _document({name: answers[name][kept] for name in _DOCUMENT}, rest, positive)
    return found


def _elements(
    answers: Mapping[str, Tensor],
    lessons: Sequence[Lesson],
    mask: Tensor,
    positive: PositiveWeights,
) -> dict[str, Tensor]:
    """Evidence by sentence, and status by element."""
    evidence, weight = stacked(lessons, "elements")[mask], positive.weights["elements"]
    status = torch.from_numpy(np.stack([lesson.status for lesson in lessons]))
    return {
        "elements": _binary(answers["elements"][mask], evidence, weight),
        "status": functional.cross_entropy(
            answers["status"].flatten(0, 1), status.flatten(), ignore_index=IGNORED
        ),
    }


_DOCUMENT = ("level", "certainty", "urgency", "domains", "inappropriate", "reasons")


def _document(
    answers: Mapping[str, Tensor], lessons: Sequence[Lesson], positive: PositiveWeights
) -> dict[str, Tensor]:
    level = whole(lessons, "level")
    apart = torch.softmax(answers["level"], -1).cumsum(-1) - level.cumsum(-1)
    found = {
        "level": functional.cross_entropy(answers["level"], level),
        "level_distance": apart.square().sum(-1).mean(),
        "certainty": functional.cross_entropy(answers["certainty"], whole(lessons, "certainty")),
        "urgency": functional.cross_entropy(answers["urgency"], whole(lessons, "urgency")),
        "domains": _binary(
            answers["domains"], whole(lessons, "domains"), positive.weights["domains"]
        ),
    }
    inappropriate = whole(lessons, "inappropriate").float()
    ppn = ~inappropriate.isnan()
    if ppn.any():
        found["inappropriate"] = functional.binary_cross_entropy_with_logits(
            answers["inappropriate"][ppn], inappropriate[ppn]
        )
        found["reasons"] = _binary(
            answers["reasons"][ppn], whole(lessons, "reasons")[ppn], positive.weights["reasons"]
        )
    return found


def _binary(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Summed over labels, mean over rows."""
    each = functional.binary_cross_entropy_with_logits(
        logits, target, pos_weight=weight, reduction="none"
    )
    return each.sum(-1).mean()


def _assertions(logits: Tensor, target: Tensor) -> Tensor:
    """Only sentences with a flag teach the assertion."""
    flagged = target.any(-1)
    if not flagged.any():
        return logits.sum() * 0
    return functional.binary_cross_entropy_with_logits(logits[flagged], target[flagged])
