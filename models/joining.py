"""Fit how two readers are joined, on their readings of authors that neither had seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.labels import LabelledContact
from models.conformal import fit_level_sets
from models.element_status import MET, THERE, status_features
from models.fit_weighed import fit_classes, fit_marks, fit_own
from models.fitting import LIKELIER_THAN_NOT, LOWEST_THRESHOLD, choose_thresholds
from models.held_flags import flag_features
from models.joined import Joint, element_features, level_features
from models.links import Doubles
from models.training_corpus import align_elements, truth
from models.transformer.fitting import fit_any_of
from models.weighed import LEAST, Weighed, class_features, log_odds
from nlp.assessment import FlagFinding
from nlp.document import read_document
from nlp.domain import (
    LEVELS,
    Certainty,
    Element,
    NeedDomain,
    Reason,
    SafetyFlag,
    Urgency,
)
from nlp.flags import find_flags
from nlp.reading import Reading, Thresholds
from nlp.rules import load_rulebook

Marks = NDArray[np.bool_]
Pair = tuple[Sequence[Reading], Sequence[Reading]]

SHARES = np.linspace(0, 1, 11)
COVERAGE, COVERAGE_PROTECTION = 0.90, 0.95

MISSING_ODDS = 0.74
"""How many times its probability 'missing' counts when the status of an element is said.

Authors write of an element in ways that the readers have not met, and are then told that it is
missing. On authors left out, 0.74 costs 0.001 of macro-F1 and 0.029 of the recall of 'missing', and
wins 0.021 of its precision.
"""

PROTECTION_ODDS = 2.0
"""How many times its probability child protection counts when the level is said: one that is called
lower costs a child more than one that is called so in vain. The highest whole number that keeps its
precision above 0.80 on authors left out; evaluation/reports/ablations.md has the others."""

_ONE_OF: Mapping[str, tuple[type[StrEnum], Callable[[LabelledContact], StrEnum]]] = {
    "certainty": (Certainty, lambda contact: contact.certainty),
    "urgency": (Urgency, lambda contact: contact.urgency),
}


@dataclass(frozen=True)
class FlagLimits:
    """From what probability a flag is held for present in a contact, and seen in a sentence.

    The likeliest of a contact is held from ``likeliest_from``; one that a rule finds is doubted
    only where every sentence is below ``doubted_below``.
    """

    held_from: float = 0.5
    likeliest_from: float = 0.5
    seen_from: float = 0.5
    doubted_below: float = 1.0


def fit_joint(
    contacts: Sequence[LabelledContact],
    transformer: Sequence[Reading],
    linear: Sequence[Reading],
    *,
    flags: FlagLimits,
    ruled: Sequence[Sequence[FlagFinding]],
) -> Joint:
    """Choose shares, scales, sets and thresholds.

    Args:
        contacts: Labelled contacts.
        transformer: What the transformer reads in each, its author left out.
        linear: The same of the linear reader.
        flags: From what probability flags are used; chosen, not fitted.
        ruled: The flags that rules find in each (`find_ruled`).
    """
    pair = (transformer, linear)
    weighed = _fit_classes(contacts, pair)
    rows, tagged = _element_rows(pair), _tagged(contacts)
    weighed["elements"] = fit_marks(rows, tagged)
    evidence = weighed["elements"].marks(rows)
    weighed |= _fit_status(contacts, pair, evidence)
    mixed, held, share = {"elements": evidence}, {"elements": tagged}, {}
    for head, (said, true) in _marks(contacts, pair).items():
        share[head] = _best_share(said, true)
        mixed[head], held[head] = _mix(said, share[head]), true
    least = {"inappropriate": LIKELIER_THAN_NOT}
    chosen = {
        head: choose_thresholds(
            chances.astype(np.float32), held[head], lowest=least.get(head, LOWEST_THRESHOLD)
        )
        for head, chances in mixed.items()
    }
    weighed["flags"], likelihoods = _fit_flags(contacts, pair, mixed["domains"], ruled)
    weighed["level"], levels = _fit_level(contacts, pair, likelihoods)
    return Joint(
        weighed=weighed,
        share=share,
        levels=fit_level_sets(
            levels.astype(np.float32),
            np.array([LEVELS.index(contact.level) for contact in contacts]),
            coverage=COVERAGE,
            coverage_protection=COVERAGE_PROTECTION,
        ),
        thresholds=Thresholds(
            elements=dict(zip(Element, chosen["elements"], strict=True)),
            domains=dict(zip(NeedDomain, chosen["domains"], strict=True)),
            reasons=dict(zip(Reason, chosen["reasons"], strict=True)),
            inappropriate=chosen["inappropriate"][0],
            flags=dict.fromkeys(SafetyFlag, flags.held_from),
            likeliest_from=flags.likeliest_from,
            seen_from=flags.seen_from,
            doubted_below=flags.doubted_below,
            missing_odds=MISSING_ODDS,
            protection_odds=PROTECTION_ODDS,
        ),
    )


def find_ruled(contacts: Sequence[LabelledContact]) -> list[tuple[FlagFinding, ...]]:
    """Give the flags that rules find in each contact."""
    rulebook = load_rulebook()
    return [find_flags(read_document(contact.text), rulebook) for contact in contacts]


def _best_share(rows: tuple[Doubles, Doubles], held: Marks) -> float:
    """The share of the first whose mean is the least surprised by the labels, once it is scaled.

    The mean of two calibrated readings is less sure than it may be; unscaled, that would count
    against the mean and for the one reader.
    """
    costs = [_surprise(_mix(rows, share), held) for share in SHARES]
    return round(float(SHARES[int(np.argmin(costs))]), 2)


def _surprise(chance: Doubles, held: Marks) -> float:
    odds = log_odds(chance).astype(np.float32)
    scaled = fit_any_of(odds, held.astype(np.int64)).probabilities(odds)
    return float(-np.log(np.where(held, scaled, 1 - scaled).clip(LEAST)).mean())


def _mix(rows: tuple[Doubles, Doubles], share: float) -> Doubles:
    return share * rows[0] + (1 - share) * rows[1]


def _fit_classes(contacts: Sequence[LabelledContact], pair: Pair) -> dict[str, Weighed]:
    """Fit the heads whose labels exclude each other."""
    fitted = {}
    for head, (labels, labelled) in _ONE_OF.items():
        order = list(labels)
        rows = _both(pair, partial(_named_row, head, order))
        truth = np.array([order.index(labelled(contact)) for contact in contacts])
        fitted[head] = fit_classes(class_features(*rows), truth, labels=len(order))
    return fitted


def _fit_status(
    contacts: Sequence[LabelledContact], pair: Pair, evidence: Doubles
) -> dict[str, Weighed]:
    """Fit whether each element is there, and whether one that is there is met."""
    ends = np.cumsum([len(reading.sentences) for reading in pair[0]])[:-1]
    parts = zip(*pair, np.split(evidence, ends), strict=True)
    rows = np.array([status_features(one, other, part) for one, other, part in parts])
    points = np.array([[contact.status[e].points for e in Element] for contact in contacts])
    return {
        THERE: fit_own(rows, points > 0),
        MET: fit_own(rows, points > 1, asked=points > 0),
    }


def _fit_level(
    contacts: Sequence[LabelledContact], pair: Pair, flags: Doubles
) -> tuple[Weighed, Doubles]:
    """Fit the level, which counts the likeliest of *flags* (n x 20), and give what it comes to."""
    said = _both(pair, lambda reading: _row(LEVELS, reading.level))
    rows = level_features(*said, highest=flags.max(axis=1))
    true = np.array([LEVELS.index(contact.level) for contact in contacts])
    fitted = fit_classes(rows, true, labels=len(LEVELS))
    return fitted, fitted.classes(rows)


def _fit_flags(
    contacts: Sequence[LabelledContact],
    pair: Pair,
    needs: Doubles,
    ruled: Sequence[Sequence[FlagFinding]],
) -> tuple[Weighed, Doubles]:
    """Fit the flags, and give what they come to (n x 20)."""
    rows = np.array(
        [
            flag_features(one, other, of_needs, document=read_document(contact.text), ruled=found)
            for contact, one, other, of_needs, found in zip(
                contacts, *pair, needs, ruled, strict=True
            )
        ]
    )
    present = truth(SafetyFlag, [contact.flags_present() for contact in contacts])
    fitted = fit_own(rows, present)
    return fitted, fitted.own(rows)


def _element_rows(pair: Pair) -> Doubles:
    """The features of every sentence of every contact."""
    read = (both for both in zip(*pair, strict=True) if both[0].sentences)
    return np.concatenate([element_features(*both) for both in read])


def _tagged(contacts: Sequence[LabelledContact]) -> Marks:
    """Which elements each of these sentences is evidence for."""
    tagged = chain.from_iterable(align_elements(c, read_document(c.text)) for c in contacts)
    return truth(Element, list(tagged))


def _marks(
    contacts: Sequence[LabelledContact], pair: Pair
) -> dict[str, tuple[tuple[Doubles, Doubles], Marks]]:
    """Probabilities by both, and whether each label holds, of what is said of the whole."""
    notices = [c.notification for c in contacts if c.notification is not None]
    noticed = [i for i, contact in enumerate(contacts) if contact.notification is not None]
    ppn = ([pair[0][i] for i in noticed], [pair[1][i] for i in noticed])
    return {
        "domains": (
            _both(pair, lambda r: _row(list(NeedDomain), r.domains)),
            truth(NeedDomain, [contact.domains for contact in contacts]),
        ),
        "inappropriate": (
            _both(ppn, lambda r: [r.inappropriate]),
            np.array([[not notice.appropriate] for notice in notices]),
        ),
        "reasons": (
            _both(ppn, lambda r: _row(list(Reason), r.reasons)),
            truth(Reason, [notice.reasons for notice in notices]),
        ),
    }


def _named_row(head: str, labels: Sequence[Any], reading: Reading) -> list[float]:
    return _row(labels, getattr(reading, head))


def _row(labels: Sequence[Any], probabilities: Mapping[Any, float]) -> list[float]:
    return [probabilities[label] for label in labels]


def _both(pair: Pair, rows: Callable[[Reading], list[Any]]) -> tuple[Doubles, Doubles]:
    one, other = (
        np.concatenate(
            [np.atleast_2d(np.array(rows(reading), dtype=np.float64)) for reading in side]
        )
        for side in pair
    )
    return one, other
