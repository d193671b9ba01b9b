"""Which contacts the product would raise an alert for, by the rules and the transformer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotation.labels import LabelledContact
from models.joining import FlagLimits
from nlp.document import read_document
from nlp.domain import SafetyFlag
from nlp.flags import find_flags
from nlp.level import any_present
from nlp.model_flags import add_model_flags
from nlp.reading import Reading, Thresholds
from nlp.rules import load_rulebook


def find_alerts(
    contacts: Sequence[LabelledContact], readings: Sequence[Reading], *, flags: FlagLimits
) -> NDArray[np.bool_]:
    """Whether a safety flag is held for present in each contact, as `nlp.assess` holds it.

    Args:
        contacts: Labelled contacts.
        readings: What the transformer reads in each, its author left out.
        flags: How the transformer's flags are used.
    """
    rulebook = load_rulebook()
    limits = Thresholds(
        elements={},
        domains={},
        reasons={},
        inappropriate=1.0,
        flags=dict.fromkeys(SafetyFlag, flags.raised_from),
        doubted_below=flags.doubted_below,
    )
    documents = [read_document(contact.text) for contact in contacts]
    found = [
        add_model_flags(find_flags(document, rulebook), document, reading, limits)
        for document, reading in zip(documents, readings, strict=True)
    ]
    return np.array([any_present(each) for each in found], dtype=bool)
