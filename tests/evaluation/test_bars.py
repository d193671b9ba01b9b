"""The bars name measures that there are, and say plainly which of them is not met."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.bars import load_bars, write_bar
from nlp.errors import RulebookError

BARS = {"status_macro_f1": 0.88, "plausible_size": 1.6, "protection_called_low": 0.0}


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("status_macro_f1", 0.88, "0.88"),
        ("status_macro_f1", 0.8799, "0.88 (not met)"),
        ("status_macro_f1", None, "0.88 (not met)"),
        ("plausible_size", 1.56, "1.6"),
        ("plausible_size", 1.7, "1.6 (not met)"),
        ("protection_called_low", 0.0, "0"),
        ("protection_called_low", 1.0, "0 (not met)"),
        ("level_kappa", 0.1, "none"),
    ],
)
def test_a_bar_is_said_with_whether_it_is_met(code: str, value: float | None, said: str) -> None:
    assert write_bar(BARS, code, value) == said


def test_every_bar_is_of_a_measure() -> None:
    assert load_bars()["level_kappa"] == 0.85


def test_a_bar_of_what_is_not_measured_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "bars.yaml"
    path.write_text("bars:\n  levle_kappa: 0.85\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="levle_kappa"):
        load_bars(path)
