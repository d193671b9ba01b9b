"""The status of each element, by what both readers say of it and by the sentences that bear it out.

Two questions, as in the linear reader: is the element there at all, and if so, is it met? On 4,218
contacts of authors left out, counting the surest sentences raises the macro-F1 of the product's
status from 0.854 to 0.859; what each part of it does: evaluation/reports/ablations.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.links import Doubles
from models.weighed import Weighed, class_features, log_odds
from nlp.domain import STATUSES, Element
from nlp.reading import Reading

THERE, MET = "there", "met"


def status_features(one: Reading, other: Reading, evidence: Doubles) -> Doubles:
    """Give the features of each element (16 x 11).

    The log-probabilities of its statuses by both readers, the log-odds of the two surest sentences,
    whether the contact is a police notification, and how probable each reader holds it in the mean
    that an element is missing: in a text that is no referral, what is like one element is none. How
    long the contact is does not count.

    Args:
        one: The transformer's reading.
        other: The linear reader's.
        evidence: How probable it is that a sentence is evidence for an element (sentences x 16).
    """
    said = [
        np.array([[side.status[element][each] for each in STATUSES] for element in Element])
        for side in (one, other)
    ]
    surest = np.sort(np.vstack([np.zeros((2, len(Element))), evidence]), axis=0)[:-3:-1]
    ppn = np.full(len(Element), float(one.inappropriate is not None))
    missing = np.broadcast_to([side[:, 0].mean() for side in said], (len(Element), 2))
    return np.column_stack([class_features(*said), log_odds(surest).T, ppn, missing])


def weigh_status(features: Doubles, weighed: Mapping[str, Weighed]) -> Doubles:
    """Give the probabilities of missing, partly and met (... x 16 x 3)."""
    there, met = (weighed[question].own(features) for question in (THERE, MET))
    return np.stack([1 - there, there * (1 - met), there * met], axis=-1)
