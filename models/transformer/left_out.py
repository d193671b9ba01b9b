"""How the two readers joined do on authors that neither of them, nor their joint, had seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.labels import LabelledContact
from annotation.splits import group_authors
from models.joined import join
from models.joining import FlagLimits, fit_joint
from models.transformer.scoring import figures
from models.transformer.targets import Example
from nlp.domain import LEVELS, STATUSES, Element, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.level import raise_protection
from nlp.reading import Reading, Thresholds

GROUPS = 8
"""Of authors; each is read with a joint fitted on the others."""

SURE = 10.0
"""The size of the logit of what is said or not said: far from every threshold."""


def joined_figures(
    contacts: Sequence[LabelledContact],
    examples: Sequence[Example],
    transformer: Sequence[Reading],
    linear: Sequence[Reading],
    *,
    flags: FlagLimits,
    alerts: NDArray[np.bool_],
) -> dict[str, float]:
    """Give the measures of `scoring.figures`, each author read with a joint fitted on others.

    Authors are left out in ``GROUPS``.

    Args:
        contacts: Labelled contacts by two authors or more.
        examples: The same contacts.
        transformer: What the transformer reads in each, its author left out.
        linear: The same of the linear reader.
        flags: From what probability the transformer raises a flag.
        alerts: Whether a flag is held for present in each; counted in the level.
    """
    groups = group_authors([contact.author for contact in contacts], folds=GROUPS)
    answers: dict[int, Mapping[str, NDArray[np.float32]]] = {}
    for group in np.unique(groups):
        rest = np.flatnonzero(groups != group).tolist()
        joint = fit_joint(
            [contacts[i] for i in rest],
            [transformer[i] for i in rest],
            [linear[i] for i in rest],
            flags=flags,
            alerts=alerts[rest],
        )
        for i in np.flatnonzero(groups == group).tolist():
            joined = join(transformer[i], linear[i], joint)
            answers[i] = _answer(joined, joint.thresholds, alert=bool(alerts[i]))
    return figures(examples, [answers[i] for i in range(len(contacts))])


def _answer(reading: Reading, limits: Thresholds, *, alert: bool) -> dict[str, NDArray[np.float32]]:
    """What is said, as logits in the order of the labels."""
    notice = reading.inappropriate
    level = raise_protection(reading.level, odds=limits.alert_odds if alert else 1.0)
    return {
        "status": _row([[reading.status[e][s] for s in STATUSES] for e in Element]),
        "level": _row([level[each] for each in LEVELS]),
        "urgency": _row([reading.urgency[each] for each in Urgency]),
        "elements": _row([_said(Element, s.elements, limits.elements) for s in reading.sentences]),
        "present": _row([_said(SafetyFlag, s.flags, limits.flags) for s in reading.sentences]),
        "domains": _row(_said(NeedDomain, reading.domains, limits.domains)),
        "inappropriate": _row(
            SURE if notice is not None and notice >= limits.inappropriate else -SURE
        ),
        "reasons": _row(_said(Reason, reading.reasons or dict.fromkeys(Reason, 0), limits.reasons)),
    }


def _row(values: object) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def _said(
    labels: type[Element] | type[NeedDomain] | type[Reason] | type[SafetyFlag],
    probabilities: Mapping[Any, float],
    limits: Mapping[Any, float],
) -> list[float]:
    return [SURE if probabilities[label] >= limits[label] else -SURE for label in labels]
