"""How the joined readers do on authors left out, from readings of which the labels are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from annotation.corpus import load_train
from models.joining import FlagLimits
from models.transformer.left_out import joined_figures
from models.transformer.targets import examples
from nlp.domain import Level, SafetyFlag
from nlp.reading import Reading
from tests.models.readings_for_tests import sure

TWO_AUTHORS = (*load_train()[:12], *load_train()[-12:])
FLAGS = FlagLimits(raised_from=0.9, doubted_below=0.02, alert_odds=1000.0)
NONE = np.zeros(len(TWO_AUTHORS), dtype=bool)


def with_flags(reading: Reading) -> Reading:
    none = dict.fromkeys(SafetyFlag, 0.0)
    return replace(reading, sentences=tuple(replace(s, flags=none) for s in reading.sentences))


@pytest.mark.parametrize(("other", "evidence"), [(0.9, 1), (0.4, 0.98)])
def test_what_either_reader_knows_is_counted_right(other: float, evidence: float) -> None:
    right = [with_flags(sure(contact, by=0.9)) for contact in TWO_AUTHORS]
    linear = [sure(contact, by=other) for contact in TWO_AUTHORS]
    found = joined_figures(
        TWO_AUTHORS, examples(TWO_AUTHORS), right, linear, flags=FLAGS, alerts=NONE
    )
    assert found["status_f1"] == found["level_accuracy"] == 1
    # Where one reader is of no use, an author's neighbours lead a little astray in another's.
    assert found["evidence_f1"] >= evidence
    assert found["red_recall"] == found["ppn_f1"] == 1
    assert found["flags_f1"] == 0


def test_a_flag_that_is_held_for_present_counts_in_the_level() -> None:
    read = [
        with_flags(sure(contact, by=0.9 if place % 3 else 0.2))
        for place, contact in enumerate(TWO_AUTHORS)
    ]
    found = joined_figures(
        TWO_AUTHORS, examples(TWO_AUTHORS), read, read, flags=FLAGS, alerts=~NONE
    )
    serious = [contact.level is Level.CHILD_PROTECTION for contact in TWO_AUTHORS]
    assert found["cp_recall"] == 1
    assert found["cp_precision"] == pytest.approx(np.mean(serious))
