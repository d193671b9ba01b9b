"""Calibration is told group by group, and only where there is enough to tell."""

from __future__ import annotations

import pytest

from evaluation.calibration import FEWEST, Calibration, find_bins, measure_calibration
from evaluation.measuring import Tally
from evaluation.outcomes import Outcome
from nlp.domain import Agency, Level
from tests.evaluation.builders import make_labelled, make_outcome


def outcomes(agency: Agency, count: int, *, right: int, probability: float = 0.85) -> list[Outcome]:
    others = dict.fromkeys(Level, (1 - probability) / 3)
    levels = [Level.EARLY_HELP] * right + [Level.CHILD_IN_NEED] * (count - right)
    return [
        make_outcome(
            make_labelled(number, agency=agency, level=level),
            level=Level.EARLY_HELP,
            level_probabilities=others | {Level.EARLY_HELP: probability},
        )
        for number, level in enumerate(levels)
    ]


def by_agency(found: list[Outcome]) -> dict[str, Calibration]:
    groups = measure_calibration(found, Tally(found), resamples=100)["agency"]
    return {group.name: group for group in groups}


def test_a_reader_that_is_too_sure_of_one_agency_is_shown_there_alone() -> None:
    fair = outcomes(Agency.SCHOOL, 100, right=85)
    groups = by_agency([*fair, *outcomes(Agency.POLICE, 100, right=55)])
    school, police = groups["school"], groups["police"]
    assert school.error is not None
    assert police.error is not None
    assert police.lean is not None
    assert school.error.value == pytest.approx(0, abs=1e-9)
    assert police.error.value == pytest.approx(0.3)
    assert police.lean.value == pytest.approx(0.3)
    assert police.lean.low is not None
    assert police.lean.low > 0
    assert police.by_chance is not None
    assert police.by_chance < 0.05


def test_all_contacts_stand_first_as_one_group() -> None:
    found = [*outcomes(Agency.SCHOOL, 40, right=34), *outcomes(Agency.POLICE, 40, right=30)]
    by = measure_calibration(found, Tally(found), resamples=100)
    (whole,) = by["set"]
    assert whole.contacts == 80
    assert whole.error is not None
    assert whole.error.value == pytest.approx(0.85 - 64 / 80)
    assert next(iter(by)) == "set"


def test_a_group_of_too_few_has_a_count_and_no_figure() -> None:
    groups = by_agency(
        [
            *outcomes(Agency.SCHOOL, FEWEST, right=20),
            *outcomes(Agency.POLICE, FEWEST - 1, right=20),
        ]
    )
    assert groups["school"].error is not None
    assert groups["police"] == Calibration(name="police", contacts=FEWEST - 1)


def test_the_error_by_chance_grows_as_contacts_grow_fewer() -> None:
    many = by_agency(outcomes(Agency.SCHOOL, 400, right=340))["school"].by_chance
    few = by_agency(outcomes(Agency.SCHOOL, 40, right=34))["school"].by_chance
    assert many is not None
    assert few is not None
    # The mean distance of a share from its chance, of n contacts: 0.8 standard errors.
    assert few == pytest.approx(0.8 * (0.85 * 0.15 / 40) ** 0.5, rel=0.15)
    assert few > 2 * many


def test_bins_hold_their_mean_and_a_contestant_without_probabilities_has_no_groups() -> None:
    (only,) = find_bins(Tally(outcomes(Agency.SCHOOL, 10, right=7)))
    assert (only.contacts, only.right) == (10, 0.7)
    assert only.probability == pytest.approx(0.85)
    silent = [make_outcome()]
    assert measure_calibration(silent, Tally(silent), resamples=5) == {}
