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
from models.fit_weighed import fit_classes, fit_marks, fit_questions
from models.fitting import LIKELIER_THAN_NOT, LOWEST_THRESHOLD, choose_thresholds
from models.joined import Joint, element_features
from models.links import Doubles
from models.training_corpus import align_elements, truth
from models.transformer.fitting import fit_any_of
from models.weighed import LEAST, Weighed, log_odds
from nlp.document import read_document
from nlp.domain import LEVELS, STATUSES, Certainty, Element, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.level import raise_protection
from nlp.reading import Reading, Thresholds

Marks = NDArray[np.bool_]
Pair = tuple[Sequence[Reading], Sequence[Reading]]

SHARES = np.linspace(0, 1, 11)
COVERAGE, COVERAGE_PROTECTION = 0.90, 0.95

MISSING_LEAN = 0.3
"""How much less than its calibrated log-odds 'missing' is said of an element.

Authors write of an element in ways that the readers have not met, and are then told that it is
missing. On authors left out, 0.3 costs no macro-F1 and 0.026 of the recall of 'missing', and wins
0.020 of its precision.
"""

_ONE_OF: Mapping[str, tuple[type[StrEnum], Callable[[LabelledContact], StrEnum]]] = {
    "certainty": (Certainty, lambda contact: contact.certainty),
    "urgency": (Urgency, lambda contact: contact.urgency),
}


@dataclass(frozen=True)
class FlagLimits:
    """From what probability a flag is raised, and below what one that a rule raises is doubted.

    ``alert_odds`` is how many times as high a present flag makes the odds of child protection.
    """

    raised_from: float = 0.5
    doubted_below: float = 0.0
    alert_odds: float = 1.0


def fit_joint(
    contacts: Sequence[LabelledContact],
    transformer: Sequence[Reading],
    linear: Sequence[Reading],
    *,
    flags: FlagLimits,
    alerts: Marks,
) -> Joint:
    """Choose shares, scales, sets and thresholds.

    Args:
        contacts: Labelled contacts.
        transformer: What the transformer reads in each, its author left out.
        linear: The same of the linear reader.
        flags: How the transformer's flags are used; chosen, not fitted.
        alerts: Whether the product holds a flag for present in each (`models.alerts`): the level
            sets are fitted on what the reader holds once the flag is counted.
    """
    pair = (transformer, linear)
    weighed = _fit_classes(contacts, pair)
    rows, tagged = _element_rows(pair), _tagged(contacts)
    weighed["elements"] = fit_marks(rows, tagged)
    mixed, held, share = {"elements": weighed["elements"].marks(rows)}, {"elements": tagged}, {}
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
    level = weighed["level"].classes(*_level_rows(pair))
    return Joint(
        weighed=weighed,
        share=share,
        levels=fit_level_sets(
            _raised(level, alerts, odds=flags.alert_odds).astype(np.float32),
            np.array([LEVELS.index(contact.level) for contact in contacts]),
            coverage=COVERAGE,
            coverage_protection=COVERAGE_PROTECTION,
        ),
        thresholds=Thresholds(
            elements=dict(zip(Element, chosen["elements"], strict=True)),
            domains=dict(zip(NeedDomain, chosen["domains"], strict=True)),
            reasons=dict(zip(Reason, chosen["reasons"], strict=True)),
            inappropriate=chosen["inappropriate"][0],
            flags=dict.fromkeys(SafetyFlag, flags.raised_from),
            doubted_below=flags.doubted_below,
            alert_odds=flags.alert_odds,
        ),
    )


def _raised(levels: Doubles, alerts: Marks, *, odds: float) -> Doubles:
    """Levels (n x 4) with the odds of child protection raised where there is an alert."""
    rows = (
        raise_protection(dict(zip(LEVELS, row, strict=True)), odds=odds if alert else 1.0)
        for row, alert in zip(levels.tolist(), alerts.tolist(), strict=True)
    )
    return np.array([_row(LEVELS, row) for row in rows])


def _leant(status: Weighed) -> Weighed:
    return Weighed(status.weights, status.bias - MISSING_LEAN * np.eye(len(STATUSES))[0])


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
    status = _both(pair, lambda r: [[_row(STATUSES, r.status[element]) for element in Element]])
    points = np.array([[contact.status[e].points for e in Element] for contact in contacts])
    level = np.array([LEVELS.index(contact.level) for contact in contacts])
    fitted = {
        "status": _leant(fit_questions(*status, points)),
        "level": fit_classes(*_level_rows(pair), level),
    }
    for head, (labels, labelled) in _ONE_OF.items():
        order = list(labels)
        rows = _both(pair, partial(_named_row, head, order))
        truth = np.array([order.index(labelled(contact)) for contact in contacts])
        fitted[head] = fit_classes(*rows, truth)
    return fitted


def _level_rows(pair: Pair) -> tuple[Doubles, Doubles]:
    return _both(pair, lambda reading: _row(LEVELS, reading.level))


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
