"""Figures of a training run on contacts by authors that its models had not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from annotation.agreement import macro_f1, quadratic_kappa
from models.fitting import FittedHeads, Truth
from models.heads import steps_to_classes
from models.tfidf import TfidfReader
from models.training_corpus import Numbers, TrainingCorpus
from nlp.domain import LEVELS, Element


def out_of_fold_figures(
    corpus: TrainingCorpus,
    reader: TfidfReader,
    fitted: Mapping[str, FittedHeads],
    status: Numbers,
) -> dict[str, float]:
    """Give each measure by name; higher is better, save for the size of the plausible sets."""
    chosen = reader.thresholds
    urgency = np.argmax(steps_to_classes(fitted["urgency"].probabilities), axis=1)
    return {
        "sentence elements, micro-F1": _f1(
            fitted["elements"], corpus.elements, chosen.elements.values()
        ),
        "element status, mean macro-F1": float(
            np.mean([macro_f1(status[:, e], corpus.points(x)) for e, x in enumerate(Element)])
        ),
        **_level_figures(corpus, reader, fitted["level"]),
        "need domains, micro-F1": _f1(fitted["domains"], corpus.domains, chosen.domains.values()),
        "urgency, macro-F1": macro_f1(urgency, corpus.urgencies),
        "inappropriate PPN, F1": _f1(
            fitted["inappropriate"], corpus.inappropriate, [chosen.inappropriate]
        ),
        "PPN reasons, micro-F1": _f1(fitted["reasons"], corpus.reasons, chosen.reasons.values()),
    }


def _level_figures(
    corpus: TrainingCorpus, reader: TfidfReader, fitted: FittedHeads
) -> dict[str, float]:
    levels = corpus.levels
    probabilities = steps_to_classes(fitted.probabilities)
    likely = np.argmax(probabilities, axis=1)
    protection = levels == len(LEVELS) - 1
    sets = [reader.level_sets.plausible(row) for row in probabilities]
    found = np.mean(likely[protection] == levels[protection]) if protection.any() else 1.0
    return {
        "level, quadratic kappa": quadratic_kappa(likely, levels, classes=len(LEVELS)),
        "level, accuracy": float(np.mean(likely == levels)),
        "level, recall of child_protection": float(found),
        "plausible sets, mean number of levels": float(np.mean([len(each) for each in sets])),
    }


def _f1(fitted: FittedHeads, truth: Truth, thresholds: Iterable[float]) -> float:
    marked = fitted.probabilities >= np.array([*thresholds])
    total = marked.sum() + truth.sum()
    return float(2 * (marked & truth).sum() / total) if total else 1.0
