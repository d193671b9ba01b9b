"""Fit how two readers are joined, on their readings of authors that neither had seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.labels import LabelledContact
from models.conformal import fit_level_sets
from models.fitting import LIKELIER_THAN_NOT, LOWEST_THRESHOLD, choose_thresholds
from models.joined import Joint, log_of
from models.training_corpus import align_elements, truth
from models.transformer.fitting import Answers, fit_one_of
from models.transformer.scales import OneOf, Scales
from models.transformer.targets import Example
from nlp.document import read_document
from nlp.domain import LEVELS, STATUSES, Certainty, Element, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.reading import Reading, Thresholds

Doubles = NDArray[np.float64]
Marks = NDArray[np.bool_]
Pair = tuple[Sequence[Reading], Sequence[Reading]]

SHARES = np.linspace(0, 1, 21)
COVERAGE, COVERAGE_PROTECTION = 0.90, 0.95
FLAG_PRECISION, FLAG_HITS = 0.8, 5
"""A flag is raised by the transformer from where it was so often right, on so many sentences."""

MISSING_LEAN = 0.3
"""How much less than its calibrated log-odds 'missing' is said of an element.

Authors write of an element in ways that the readers have not met, and are then told that it is
missing. On authors left out, 0.3 costs no macro-F1 and 0.05 of the recall of 'missing', and wins
as much precision.
"""

_ONE_OF: Mapping[str, tuple[type[StrEnum], Callable[[LabelledContact], StrEnum]]] = {
    "certainty": (Certainty, lambda contact: contact.certainty),
    "urgency": (Urgency, lambda contact: contact.urgency),
}


def fit_joint(
    contacts: Sequence[LabelledContact],
    transformer: Sequence[Reading],
    linear: Sequence[Reading],
    *,
    flags: Mapping[SafetyFlag, float],
) -> Joint:
    """Choose shares, scales, sets and thresholds.

    Args:
        contacts: Labelled contacts.
        transformer: What the transformer reads in each, its author left out.
        linear: The same of the linear reader.
        flags: From what probability the transformer raises each flag (`flag_thresholds`).
    """
    pair = (transformer, linear)
    share, scales = {}, {}
    mixed: dict[str, Doubles] = {}
    for head, (rows, classes) in _classes(contacts, pair).items():
        share[head] = _best_share(rows, partial(_surprise_of_class, classes))
        log = log_of(_mix(rows, share[head]))
        scales[head] = fit_one_of(log, classes)
        if head == "status":
            scales[head] = _leant(scales[head])
        mixed[head] = scales[head].probabilities(log)
    marks = _marks(contacts, pair)
    for head, (rows, held) in marks.items():
        share[head] = _best_share(rows, partial(_surprise_of_marks, held))
        mixed[head] = _mix(rows, share[head])
    least = {"inappropriate": LIKELIER_THAN_NOT}
    chosen = {
        head: choose_thresholds(
            mixed[head].astype(np.float32), held, lowest=least.get(head, LOWEST_THRESHOLD)
        )
        for head, (_, held) in marks.items()
    }
    levels = np.array([LEVELS.index(contact.level) for contact in contacts])
    return Joint(
        share=share,
        scales=scales,
        levels=fit_level_sets(
            mixed["level"].astype(np.float32),
            levels,
            coverage=COVERAGE,
            coverage_protection=COVERAGE_PROTECTION,
        ),
        thresholds=Thresholds(
            elements=dict(zip(Element, chosen["elements"], strict=True)),
            domains=dict(zip(NeedDomain, chosen["domains"], strict=True)),
            reasons=dict(zip(Reason, chosen["reasons"], strict=True)),
            inappropriate=chosen["inappropriate"][0],
            flags=dict(flags),
        ),
    )


def _leant(scale: OneOf) -> OneOf:
    missing, *others = scale.shift
    return OneOf(scale.slope, (missing - MISSING_LEAN, *others))


def _surprise_of_class(classes: NDArray[np.int64], chance: Doubles) -> Doubles:
    return -np.log(chance[np.arange(len(classes)), classes])


def _surprise_of_marks(held: Marks, chance: Doubles) -> Doubles:
    return -np.log(np.where(held, chance, 1 - chance))


def _best_share(rows: tuple[Doubles, Doubles], cost: Callable[[Doubles], Doubles]) -> float:
    """The share of the first whose mean is the least surprised by the labels."""
    costs = [float(cost(_mix(rows, share).clip(1e-4, 1 - 1e-4)).mean()) for share in SHARES]
    return round(float(SHARES[int(np.argmin(costs))]), 2)


def _mix(rows: tuple[Doubles, Doubles], share: float) -> Doubles:
    return share * rows[0] + (1 - share) * rows[1]


def _classes(
    contacts: Sequence[LabelledContact], pair: Pair
) -> dict[str, tuple[tuple[Doubles, Doubles], NDArray[np.int64]]]:
    """Probabilities by both, and the labelled class, of heads whose labels exclude each other."""
    found = {
        "level": (
            _both(pair, lambda reading: _row(LEVELS, reading.level)),
            np.array([LEVELS.index(contact.level) for contact in contacts]),
        ),
        "status": (
            _both(pair, lambda r: [_row(STATUSES, r.status[element]) for element in Element]),
            np.array(
                [contact.status[element].points for contact in contacts for element in Element]
            ),
        ),
    }
    for head, (labels, labelled) in _ONE_OF.items():
        order = list(labels)
        rows = _both(pair, partial(_named_row, head, order))
        found[head] = (rows, np.array([order.index(labelled(contact)) for contact in contacts]))
    return found


def _marks(
    contacts: Sequence[LabelledContact], pair: Pair
) -> dict[str, tuple[tuple[Doubles, Doubles], Marks]]:
    """Probabilities by both, and whether each label holds, of heads whose labels stand alone."""
    tagged = chain.from_iterable(align_elements(c, read_document(c.text)) for c in contacts)
    notices = [c.notification for c in contacts if c.notification is not None]
    noticed = [i for i, contact in enumerate(contacts) if contact.notification is not None]
    ppn = ([pair[0][i] for i in noticed], [pair[1][i] for i in noticed])
    return {
        "elements": (
            _both(pair, lambda r: [_row(list(Element), s.elements) for s in r.sentences]),
            truth(Element, list(tagged)),
        ),
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


def flag_thresholds(
    scales: Scales, examples: Sequence[Example], answers: Answers
) -> dict[SafetyFlag, float]:
    """Give for each flag the probability from which the transformer raises it.

    It is the lowest that has the wanted precision on sentences of authors left out; 1, which is
    never reached, for a flag that has it nowhere.
    """
    raised = scales.any_of["present"].probabilities(np.concatenate([a["present"] for a in answers]))
    present = np.concatenate([example.present for example in examples]) > 0
    found = {}
    for number, flag in enumerate(SafetyFlag):
        order = np.argsort(-raised[:, number])
        hits = np.cumsum(present[order, number])
        right = hits / np.arange(1, len(order) + 1) >= FLAG_PRECISION
        fit = np.flatnonzero(right & (hits >= FLAG_HITS))
        found[flag] = round(float(raised[order[fit[-1]], number]), 4) if len(fit) else 1.0
    return found
