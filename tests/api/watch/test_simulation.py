"""Simulated years: seldom an alarm without drift, and a planted drift within so many contacts.

A seeded, small version of ``python -m api watch simulate``.
"""

from __future__ import annotations

import pytest

from api.watch.definitions import load_watch
from api.watch.family import OVERALL
from api.watch.simulation import YEAR, Planted, load_simulation, notice, simulate

FILE = load_watch()
DRIFTS = {each.measure: each for each in load_simulation().drifts}


def test_years_without_drift_seldom_alarm() -> None:
    """With one in ten allowed, more than four of sixteen come in 2 % of tries."""
    made = [simulate(seed, FILE, weeks=2 * YEAR) for seed in range(100, 116)]
    assert sum(bool(each.alarms(range(YEAR, 2 * YEAR))) for each in made) <= 4
    assert min(sum(s.chart is not None for s in each.series) for each in made) > 140


@pytest.mark.parametrize(
    ("measure", "agency", "contacts"),
    [
        ("length", "police", 1_000),
        ("unknown_words", "primary_schools", 300),
        ("child_protection", OVERALL, 3_500),
        ("confidence", OVERALL, 2_500),
        ("decided_higher", OVERALL, 4_500),
    ],
)
def test_a_planted_drift_is_noticed_within_so_many_contacts(
    measure: str, agency: str, contacts: int
) -> None:
    found = [notice(s, FILE, Planted(DRIFTS[measure], agency, YEAR)) for s in (201, 202, 203)]
    assert all(each is not None and 0 < each.contacts <= contacts for each in found), found
