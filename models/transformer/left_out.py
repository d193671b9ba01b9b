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
from nlp.assessment import FlagFinding
from nlp.completeness import likely_status
from nlp.document import read_document
from nlp.domain import LEVELS, STATUSES, Element, NeedDomain, Reason, SafetyFlag, Urgency
from nlp.level import likely_level
from nlp.model_flags import held_flags
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
    ruled: Sequence[Sequence[FlagFinding]],
) -> dict[str, float]:
    """Give the measures of `scoring.figures`, each author read with a joint fitted on others.

    Authors are left out in ``GROUPS``.

    Args:
        contacts: Labelled contacts by two authors or more.
        examples: The same contacts.
        transformer: What the transformer reads in each, its author left out.
        linear: The same of the linear reader.
        flags: From what probability flags are used.
        ruled: The flags that rules find in each.
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
            ruled=[ruled[i] for i in rest],
        )
        for i in np.flatnonzero(groups == group).tolist():
            document = read_document(contacts[i].text)
            joined = join(transformer[i], linear[i], joint, document=document, ruled=ruled[i])
            held = held_flags(ruled[i], document, joined, joint.thresholds)
            answers[i] = _answer(joined, joint.thresholds, held)
    return figures(examples, [answers[i] for i in range(len(contacts))])


def _answer(
    reading: Reading, limits: Thresholds, held: frozenset[SafetyFlag]
) -> dict[str, NDArray[np.float32]]:
    """What is said, as logits in the order of the labels; *held* are the flags that hold."""
    notice = reading.inappropriate
    return {
        "status": _row([_one(STATUSES, likely_status(reading.status[e], limits)) for e in Element]),
        "level": _row(_one(LEVELS, likely_level(reading.level, limits))),
        "urgency": _row([reading.urgency[each] for each in Urgency]),
        "elements": _row([_said(Element, s.elements, limits.elements) for s in reading.sentences]),
        "present": _row([[SURE if flag in held else -SURE for flag in SafetyFlag]]),
        "domains": _row(_said(NeedDomain, reading.domains, limits.domains)),
        "inappropriate": _row(
            SURE if notice is not None and notice >= limits.inappropriate else -SURE
        ),
        "reasons": _row(_said(Reason, reading.reasons or dict.fromkeys(Reason, 0), limits.reasons)),
    }


def _row(values: object) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def _one(labels: Sequence[Any], said: object) -> list[float]:
    return [SURE if label is said else -SURE for label in labels]


def _said(
    labels: type[Element] | type[NeedDomain] | type[Reason],
    probabilities: Mapping[Any, float],
    limits: Mapping[Any, float],
) -> list[float]:
    return [SURE if probabilities[label] >= limits[label] else -SURE for label in labels]
