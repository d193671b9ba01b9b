"""What is counted on one contact: numbers that may be summed over contacts, then scored.

A *yes* is counted as (hits, false alarms, misses), a *share* as (part, whole).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from evaluation.metrics import Counts
from evaluation.outcomes import Outcome
from nlp.domain import (
    LEVELS,
    STATUSES,
    Element,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)

URGENCIES = tuple(reversed(Urgency))  # green, amber, red
CONFIDENCE_BINS = 10
_LOW = (Level.UNIVERSAL, Level.EARLY_HELP)
_SERIOUS = (Level.CHILD_IN_NEED, Level.CHILD_PROTECTION)


def count_status(outcome: Outcome) -> Counts:
    """Give a confusion table for each element: ``[element, label, prediction]``."""
    table = np.zeros((len(Element), len(STATUSES), len(STATUSES)))
    for row, element in enumerate(Element):
        label, said = outcome.contact.status[element], outcome.prediction.status[element]
        table[row, label.points, said.points] = 1
    return table


def count_missing(outcome: Outcome) -> Counts:
    """Count a yes for each element: is it missing?"""
    label, said = outcome.contact.status, outcome.prediction.status
    missing = Status.MISSING
    return _sum(_yes(label[e] is missing, said[e] is missing) for e in Element)


def count_evidence(outcome: Outcome) -> Counts:
    """Count yeses over the labelled sentences, for each element."""
    return _sentences(outcome, outcome.prediction.evidence)


def count_quoted(outcome: Outcome) -> Counts:
    """Count yeses over the labelled sentences, for each element, by what the record quotes."""
    return _sentences(outcome, outcome.prediction.quoted)


def count_level(outcome: Outcome) -> Counts:
    """Give the confusion table of the likely level, lowest first."""
    return _case(LEVELS, outcome.contact.level, outcome.prediction.level)


def count_level_or_alternative(outcome: Outcome) -> Counts:
    """Count a share: is the likely level the label or the labelled alternative?"""
    fair = (outcome.contact.level, outcome.contact.alternative_level)
    return _share(outcome.prediction.level in fair)


def count_protection(outcome: Outcome) -> Counts:
    """Count a yes: is it child protection?"""
    label, said = outcome.contact.level, outcome.prediction.level
    return _yes(label is Level.CHILD_PROTECTION, said is Level.CHILD_PROTECTION)


def count_protection_called_low(outcome: Outcome) -> Counts:
    """Give 1 where child protection was called universal or early help, else 0."""
    low = outcome.prediction.level in _LOW
    return np.array(low and outcome.contact.level is Level.CHILD_PROTECTION, dtype=float)


def count_plausible(outcome: Outcome) -> Counts:
    """Count a share: is the label plausible?"""
    return _share(outcome.contact.level in outcome.prediction.plausible)


def count_protection_plausible(outcome: Outcome) -> Counts:
    """Count a share of the contacts labelled child protection: is it plausible?"""
    protection = Level.CHILD_PROTECTION
    plausible = protection in outcome.prediction.plausible
    return _share(plausible, of=outcome.contact.level is protection)


def count_plausible_size(outcome: Outcome) -> Counts:
    """Give how many levels are plausible, of one contact."""
    return np.array([len(outcome.prediction.plausible), 1], dtype=float)


def count_confidence(outcome: Outcome) -> Counts:
    """Give (case, confidence, right) in the bin of its confidence; nothing where none was said."""
    bins = np.zeros((CONFIDENCE_BINS, 3))
    said = outcome.prediction
    if said.level_probabilities:
        confidence = said.level_probabilities[said.level]
        place = min(int(confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1)
        bins[place] = (1, confidence, said.level is outcome.contact.level)
    return bins


def count_flags(outcome: Outcome) -> Counts:
    """Count a yes for each flag: is it present?"""
    return _sets(SafetyFlag, outcome.contact.flags_present(), outcome.prediction.flags)


def count_any_flag(outcome: Outcome) -> Counts:
    """Count a yes: is any flag present?"""
    return _yes(bool(outcome.contact.flags_present()), bool(outcome.prediction.flags))


def count_domains(outcome: Outcome) -> Counts:
    """Count a yes for each need domain."""
    return _sets(NeedDomain, outcome.contact.domains, outcome.prediction.domains)


def count_urgency(outcome: Outcome) -> Counts:
    """Give the confusion table of the urgency: green, amber, red."""
    return _case(URGENCIES, outcome.contact.urgency, outcome.prediction.urgency)


def count_red(outcome: Outcome) -> Counts:
    """Count a yes: is it red?"""
    label, said = outcome.contact.urgency, outcome.prediction.urgency
    return _yes(label is Urgency.RED, said is Urgency.RED)


def count_inappropriate(outcome: Outcome) -> Counts:
    """Count a yes: is the notification inappropriate? Nothing for a referral."""
    notification = outcome.contact.notification
    if notification is None:
        return np.zeros(3)
    return _yes(not notification.appropriate, bool(outcome.prediction.inappropriate))


def count_serious_called_inappropriate(outcome: Outcome) -> Counts:
    """Give 1 where an appropriate notification of level 3 or 4 was called inappropriate."""
    notification = outcome.contact.notification
    wrong = notification is not None and notification.appropriate
    serious = outcome.contact.level in _SERIOUS
    return np.array(wrong and serious and bool(outcome.prediction.inappropriate), dtype=float)


def count_reasons(outcome: Outcome) -> Counts:
    """Count a yes for each reason; none for a referral."""
    notification = outcome.contact.notification
    labelled = frozenset[Reason]() if notification is None else notification.reasons
    return _sets(Reason, labelled, outcome.prediction.reasons)


def _sentences(outcome: Outcome, said: Iterable[frozenset[Element]]) -> Counts:
    pairs = zip(outcome.contact.sentences, said, strict=True)
    return _sum(_sets(Element, labelled.elements, marked) for labelled, marked in pairs)


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = np.stack(list(counts)).sum(axis=0)
    return total


def _case(classes: Sequence[Hashable], label: Hashable, said: Hashable) -> Counts:
    table = np.zeros((len(classes), len(classes)))
    table[classes.index(label), classes.index(said)] = 1
    return table


def _sets(
    codes: Iterable[Hashable], label: frozenset[Hashable], said: frozenset[Hashable]
) -> Counts:
    return np.stack([_yes(code in label, code in said) for code in codes])


def _yes(label: bool, said: bool) -> Counts:  # noqa: FBT001 - two answers to one question
    return np.array([label and said, said and not label, label and not said], dtype=float)


def _share(part: bool, *, of: bool = True) -> Counts:  # noqa: FBT001 - reads as a sentence
    return np.array([part and of, of], dtype=float)
