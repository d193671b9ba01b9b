"""How the joined readers do on authors left out, from readings of which the labels are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotation.corpus import load_train
from models.joining import FlagLimits
from models.transformer.left_out import joined_figures
from models.transformer.targets import examples
from nlp.domain import SafetyFlag
from nlp.reading import Reading
from tests.models.readings_for_tests import sure

TWO_AUTHORS = (*load_train()[:12], *load_train()[-12:])
FLAGS = FlagLimits(raised_from=0.9, doubted_below=0.02)


def with_flags(reading: Reading) -> Reading:
    none = dict.fromkeys(SafetyFlag, 0.0)
    return replace(reading, sentences=tuple(replace(s, flags=none) for s in reading.sentences))


@pytest.mark.parametrize("other", [0.9, 0.4])
def test_what_either_reader_knows_is_counted_right(other: float) -> None:
    right = [with_flags(sure(contact, by=0.9)) for contact in TWO_AUTHORS]
    linear = [sure(contact, by=other) for contact in TWO_AUTHORS]
    found = joined_figures(TWO_AUTHORS, examples(TWO_AUTHORS), right, linear, flags=FLAGS)
    assert found["status_f1"] == found["level_accuracy"] == found["evidence_f1"] == 1
    assert found["red_recall"] == found["ppn_f1"] == 1
    assert found["flags_f1"] == 0
