"""How the joined readers do on authors left out, from readings of which the labels are known."""

from __future__ import annotations

import pytest

from annotation.corpus import load_train
from models.joining import FlagLimits
from models.transformer.left_out import joined_figures
from models.transformer.targets import examples
from nlp.assessment import FlagFinding
from tests.builders import make_flag
from tests.models.readings_for_tests import sure

TWO_AUTHORS = (*load_train()[:12], *load_train()[-12:])
FLAGS = FlagLimits(held_from=0.5, likeliest_from=0.5, seen_from=0.5)
NOTHING: list[tuple[FlagFinding, ...]] = [()] * len(TWO_AUTHORS)


@pytest.mark.parametrize(("other", "evidence"), [(0.9, 1), (0.4, 0.98)])
def test_what_either_reader_knows_is_counted_right(other: float, evidence: float) -> None:
    right = [sure(contact, by=0.9) for contact in TWO_AUTHORS]
    linear = [sure(contact, by=other) for contact in TWO_AUTHORS]
    found = joined_figures(
        TWO_AUTHORS, examples(TWO_AUTHORS), right, linear, flags=FLAGS, ruled=NOTHING
    )
    assert found["status_f1"] == found["level_accuracy"] == 1
    # Where one reader is of no use, an author's neighbours lead a little astray in another's.
    assert found["evidence_f1"] >= evidence
    assert found["red_recall"] == found["ppn_f1"] == 1
    assert found["flags_f1"] > 0.9


def test_what_rules_find_counts_in_flags() -> None:
    unsure = [sure(contact, by=0.5) for contact in TWO_AUTHORS]
    ruled = [tuple(make_flag(each) for each in c.flags_present()) for c in TWO_AUTHORS]
    asked = TWO_AUTHORS, examples(TWO_AUTHORS), unsure, unsure
    without, told = (joined_figures(*asked, flags=FLAGS, ruled=r) for r in (NOTHING, ruled))
    assert without["flags_f1"] < 0.5 < told["flags_f1"]
