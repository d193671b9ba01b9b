"""Every measure that is reported, in the order of the report.

The definitions that a reader of the report needs stand in each measure's ``meaning``, and nowhere
else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from evaluation.counting import (
    CONFIDENCE_BINS,
    count_any_flag,
    count_confidence,
    count_domains,
    count_evidence,
    count_flags,
    count_inappropriate,
    count_level,
    count_level_or_alternative,
    count_missing,
    count_plausible,
    count_plausible_size,
    count_protection,
    count_protection_called_low,
    count_protection_plausible,
    count_quoted,
    count_reasons,
    count_red,
    count_serious_called_inappropriate,
    count_status,
    count_urgency,
)
from evaluation.measuring import Better, Measure
from evaluation.metrics import (
    Counts,
    accuracy_score,
    calibration_error,
    f1_score,
    macro_f1_score,
    precision_score,
    quadratic_kappa_score,
    ratio_score,
    recall_score,
)


def _pooled(score: Callable[[Counts], Counts], axis: int) -> Callable[[Counts], Counts]:
    """Score the sum over one axis (elements, flags, ...) of the counts."""
    return lambda counts: score(counts.sum(axis=axis))


def _mean_status_kappa(tables: Counts) -> Counts:
    return np.asarray(np.mean(quadratic_kappa_score(tables), axis=-1))


def _rate(counts: Counts) -> Counts:
    return ratio_score(counts[..., 0], counts[..., 1])


def _total(counts: Counts) -> Counts:
    return counts


_SETS = "hits, false alarms and misses summed over contacts"

MEASURES: tuple[Measure, ...] = (
    Measure(
        "status_macro_f1",
        "Element status, macro-F1",
        "The mean F1 of missing, partly and met, over all 16 elements of all contacts together.",
        count_status,
        _pooled(macro_f1_score, -3),
    ),
    Measure(
        "status_kappa",
        "Element status, mean quadratic kappa",
        "Quadratic kappa of the status of each element, then the mean of the 16.",
        count_status,
        _mean_status_kappa,
    ),
    Measure(
        "missing_precision",
        "Element called missing, precision",
        "Of the elements called missing, the share that are labelled missing.",
        count_missing,
        precision_score,
    ),
    Measure(
        "missing_recall",
        "Element called missing, recall",
        "Of the elements labelled missing, the share called missing.",
        count_missing,
        recall_score,
    ),
    Measure(
        "evidence_f1",
        "Evidence by sentence, micro-F1",
        "A labelled sentence is marked with an element where any evidence for it and the sentence "
        f"share at least half the characters of the shorter of the two; {_SETS}.",
        count_evidence,
        _pooled(f1_score, -2),
    ),
    Measure(
        "evidence_precision",
        "Evidence by sentence, precision",
        "As above.",
        count_evidence,
        _pooled(precision_score, -2),
    ),
    Measure(
        "evidence_recall",
        "Evidence by sentence, recall",
        "As above.",
        count_evidence,
        _pooled(recall_score, -2),
    ),
    Measure(
        "quoted_precision",
        "Evidence quoted in the record, precision",
        "Of the sentences quoted for an element, the share labelled as evidence for it.",
        count_quoted,
        _pooled(precision_score, -2),
    ),
    Measure(
        "level_kappa",
        "Level, quadratic kappa",
        "The likely level against the label, lowest to highest.",
        count_level,
        quadratic_kappa_score,
    ),
    Measure(
        "level_accuracy",
        "Level, exact",
        "The share of contacts whose likely level is the label.",
        count_level,
        accuracy_score,
    ),
    Measure(
        "level_within_one",
        "Level, within one",
        "The share of contacts whose likely level is at most one from the label.",
        count_level,
        partial(accuracy_score, within=1),
    ),
    Measure(
        "level_or_alternative",
        "Level, exact or the labelled alternative",
        "The share of contacts whose likely level is the label or the annotator's alternative.",
        count_level_or_alternative,
        _rate,
    ),
    Measure(
        "protection_recall",
        "Child protection, recall",
        "Of the contacts labelled child protection, the share whose likely level it is.",
        count_protection,
        recall_score,
    ),
    Measure(
        "protection_precision",
        "Child protection, precision",
        "Of the contacts called child protection, the share labelled so.",
        count_protection,
        precision_score,
    ),
    Measure(
        "protection_called_low",
        "Child protection called universal or early help (contacts)",
        "The gravest mistake, counted: labelled child protection, likely level universal or early "
        "help.",
        count_protection_called_low,
        _total,
        Better.LOWER,
    ),
    Measure(
        "plausible_coverage",
        "Plausible levels, coverage",
        "The share of contacts whose labelled level is among the plausible ones.",
        count_plausible,
        _rate,
    ),
    Measure(
        "protection_coverage",
        "Plausible levels, coverage of child protection",
        "Of the contacts labelled child protection, the share where it is among the plausible "
        "levels.",
        count_protection_plausible,
        _rate,
    ),
    Measure(
        "plausible_size",
        "Plausible levels, mean number",
        "How many levels are called plausible, 1 to 4; fewer says more.",
        count_plausible_size,
        _rate,
        Better.LOWER,
    ),
    Measure(
        "level_calibration_error",
        "Level, expected calibration error",
        f"The gap between the likely level's probability and how often it is right, over "
        f"{CONFIDENCE_BINS} equal bins of probability, weighted by their contacts.",
        count_confidence,
        calibration_error,
        Better.LOWER,
    ),
    Measure(
        "any_flag_recall",
        "Any safety flag present, recall",
        "Of the contacts labelled with a present flag, the share where any flag was found present.",
        count_any_flag,
        recall_score,
    ),
    Measure(
        "any_flag_precision",
        "Any safety flag present, precision",
        "Of the contacts where any flag was found present, the share labelled with one.",
        count_any_flag,
        precision_score,
    ),
    Measure(
        "flags_f1",
        "Safety flags present, by contact and flag, F1",
        f"The right flag on the right contact; {_SETS}.",
        count_flags,
        _pooled(f1_score, -2),
    ),
    Measure(
        "domains_f1",
        "Need domains, micro-F1",
        f"{_SETS.capitalize()}.",
        count_domains,
        _pooled(f1_score, -2),
    ),
    Measure(
        "urgency_macro_f1",
        "Urgency, macro-F1",
        "The mean F1 of green, amber and red.",
        count_urgency,
        macro_f1_score,
    ),
    Measure(
        "urgency_kappa",
        "Urgency, quadratic kappa",
        "Green, amber, red, in this order.",
        count_urgency,
        quadratic_kappa_score,
    ),
    Measure(
        "red_recall",
        "Urgency red, recall",
        "Of the contacts labelled red, the share called red.",
        count_red,
        recall_score,
    ),
    Measure(
        "inappropriate_f1",
        "PPN inappropriate, F1",
        "Over police notifications; the class of interest is inappropriate.",
        count_inappropriate,
        f1_score,
    ),
    Measure(
        "inappropriate_precision",
        "PPN inappropriate, precision",
        "Of the notifications called inappropriate, the share labelled so.",
        count_inappropriate,
        precision_score,
    ),
    Measure(
        "serious_called_inappropriate",
        "Level 3 or 4 PPN called inappropriate (contacts)",
        "Notifications labelled appropriate and level 3 or 4, yet called inappropriate.",
        count_serious_called_inappropriate,
        _total,
        Better.LOWER,
    ),
    Measure(
        "reasons_f1",
        "Reasons of an inappropriate PPN, micro-F1",
        f"Reasons count only where the notification is called inappropriate; {_SETS}.",
        count_reasons,
        _pooled(f1_score, -2),
    ),
)

BY_CODE = {measure.code: measure for measure in MEASURES}
