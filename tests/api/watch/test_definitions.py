"""The file that an analyst edits, and the scales of its measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from api.watch import definitions
from api.watch.definitions import WatchFile, load_watch
from api.watch.simulation import load_simulation
from nlp.errors import RulebookError
from nlp.rule_files import load_rule_file

FILE = load_watch()


@pytest.mark.parametrize("code", list(FILE.measures))
def test_every_measure_has_a_group_both_ways_and_a_simulated_twin(code: str) -> None:
    measure = FILE.measures[code]
    assert measure.group in FILE.groups
    assert len(measure.may_mean) == 2
    assert code in load_simulation().measures


@pytest.mark.parametrize("code", list(FILE.measures))
def test_what_is_scaled_comes_back(code: str) -> None:
    measure, means = FILE.measures[code], np.array([0.2, 0.6])
    back = measure.plain(measure.scaled(np.log(means) if code == "length" else means, 10_000))
    assert np.allclose(back, means, atol=1e-3)


@pytest.mark.parametrize(
    ("code", "value", "says", "changed"),
    [
        ("length", 1234.4, "1,234 characters", "+20.0%"),
        ("child_protection", 0.2, "20.0%", "+20.0 percentage points"),
        ("missing", 0.2, "0.20", "+0.20"),
    ],
)
def test_values_are_said_in_their_own_unit(
    code: str, value: float, says: str, changed: str
) -> None:
    assert FILE.measures[code].write(value) == says
    assert FILE.measures[code].write_change(0.2) == changed


def test_a_mistake_in_the_file_is_named(tmp_path: Path) -> None:
    written = (Path(definitions.__file__).parent / "watch.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "watch.yaml"
    wrong.write_text(written.replace("kind: ratio", "kind: guess"), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"measures\.length\.kind"):
        load_rule_file(wrong, WatchFile)
