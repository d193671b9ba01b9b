"""The gate closes on a fall, says what fell, and never lowers a floor unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.bootstrap import Figure
from evaluation.gate import (
    Floors,
    FloorsError,
    check_current,
    check_gate,
    load_floors,
    pin_floors,
    save_floors,
)
from evaluation.report import AUTHORS_LEFT_OUT, DEV, Report
from tests.evaluation.builders import make_report

LOAO = AUTHORS_LEFT_OUT


def _report(split: str = LOAO, *, quick: bool = False, **figures: float) -> Report:
    """A report in which the reader has these figures and no others."""
    report = make_report(split, quick=quick)
    measured = report.splits[split]
    said = {code: Figure(value, value, value) for code, value in figures.items()}
    changed = measured.model_copy(update={"figures": {report.reader_code: said}})
    return report.model_copy(update={"splits": {split: changed}})


def _floors(split: str = LOAO, **floors: float) -> Floors:
    return Floors(corpus={split: "print"}, margins={}, floors={split: floors})


def test_the_gate_opens_at_the_floor() -> None:
    assert check_gate(_report(level_kappa=0.8), _floors(level_kappa=0.8)) == ()


def test_the_gate_closes_on_a_fall_and_names_the_measure() -> None:
    report = _report(level_kappa=0.79, evidence_f1=0.9)
    (complaint,) = check_gate(report, _floors(level_kappa=0.8, evidence_f1=0.8))
    assert complaint == "authors_left_out, level_kappa: 0.790 fell below its floor of 0.800"


def test_the_gate_closes_when_a_count_of_mistakes_rises() -> None:
    (complaint,) = check_gate(_report(protection_called_low=3), _floors(protection_called_low=2))
    assert "rose above" in complaint
    assert check_gate(_report(protection_called_low=1), _floors(protection_called_low=2)) == ()


def test_the_gate_closes_when_something_pinned_was_not_measured() -> None:
    assert "was not scored" in check_gate(_report(), _floors(level_kappa=0.8))[0]
    floors = Floors(corpus={}, margins={}, floors={DEV: {"level_kappa": 0.8}})
    assert check_gate(_report(level_kappa=0.9), floors) == (
        "dev: has floors, and the report does not hold it",
    )


def test_the_gate_closes_on_other_contacts_and_on_a_quick_run() -> None:
    floors = Floors(corpus={LOAO: "other"}, margins={}, floors={LOAO: {"level_kappa": 0.8}})
    assert (
        "not those that the floors were pinned on"
        in check_gate(_report(level_kappa=0.9), floors)[0]
    )
    assert "quick run" in check_gate(_report(quick=True, level_kappa=0.9), _floors())[0]


def test_the_floors_of_dev_are_passed_over_between_looks() -> None:
    floors = Floors(corpus={}, margins={}, floors={DEV: {"level_kappa": 0.8}})
    assert check_gate(_report(level_kappa=0.9), floors, dev=False) == ()


def test_a_report_of_another_reader_or_rulebook_is_told() -> None:
    report = make_report()
    assert check_current(report, reader=report.reader, rulebook=report.rulebook) == ()
    (complaint,) = check_current(report, reader=report.reader, rulebook="2")
    assert complaint.startswith("the report measured rulebook 1, and 2 is served")


def test_a_floor_is_the_figure_less_its_margin() -> None:
    floors = pin_floors(
        _report(level_kappa=0.8, level_calibration_error=0.05, protection_called_low=2), None
    )
    assert floors.floors[LOAO] == {
        "level_kappa": 0.78,
        "level_calibration_error": 0.07,
        "protection_called_low": 2.0,
    }
    assert floors.corpus == {LOAO: "print"}


def test_pinning_again_raises_a_floor_and_never_lowers_one() -> None:
    old = _floors(level_kappa=0.7, evidence_f1=0.9, protection_called_low=1, red_recall=0.5)
    report = _report(level_kappa=0.8, evidence_f1=0.8, protection_called_low=4)
    assert pin_floors(report, old).floors[LOAO] == {
        "level_kappa": 0.78,
        "evidence_f1": 0.9,
        "protection_called_low": 1,
        "red_recall": 0.5,
    }


def test_pinning_lowers_a_floor_only_where_that_is_asked_for() -> None:
    report = _report(level_kappa=0.8)
    assert pin_floors(report, _floors(level_kappa=0.9), lower=True).floors[LOAO] == {
        "level_kappa": 0.78
    }


def test_pinning_keeps_the_floors_of_a_split_that_was_not_measured() -> None:
    old = _floors(DEV, level_kappa=0.9)
    floors = pin_floors(_report(level_kappa=0.8), old, lower=True)
    assert floors.floors == {DEV: {"level_kappa": 0.9}, LOAO: {"level_kappa": 0.78}}
    assert floors.corpus == {DEV: "print", LOAO: "print"}


def test_pinning_refuses_a_quick_run_and_other_contacts() -> None:
    with pytest.raises(FloorsError, match="quick run"):
        pin_floors(_report(quick=True, level_kappa=0.8), None)
    other = Floors(corpus={LOAO: "other"}, margins={}, floors={})
    with pytest.raises(FloorsError, match="--lower"):
        pin_floors(_report(level_kappa=0.8), other)
    assert pin_floors(_report(level_kappa=0.8), other, lower=True).corpus == {LOAO: "print"}


def test_floors_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    with pytest.raises(FloorsError, match="--pin"):
        load_floors(path)
    save_floors(_floors(level_kappa=0.8), path)
    assert load_floors(path) == _floors(level_kappa=0.8)
    path.write_text("[]")
    with pytest.raises(FloorsError, match="restore"):
        load_floors(path)
