from __future__ import annotations

import numpy as np
import pytest

from api.figures.funnel import INNER, OUTER, Place, Share, funnel

SIZES = [40, 60, 80, 100, 150, 200, 250, 300, 400, 600, 900, 1200]


def draw(seed: int, *, spread: float = 0.0) -> list[Share]:
    random = np.random.default_rng(seed)
    return [
        Share(
            str(place), int(random.binomial(size, np.clip(random.normal(0.3, spread), 0, 1))), size
        )
        for place, size in enumerate(SIZES)
    ]


def test_limits_are_wider_for_smaller_agencies_and_hold_the_overall_share() -> None:
    found = funnel(draw(1))
    widths = [each.outer[1] - each.outer[0] for each in found.points]
    assert widths == sorted(widths, reverse=True)
    assert all(each.outer[0] < found.overall < each.outer[1] for each in found.points)
    assert all(each.outer[0] <= each.inner[0] for each in found.points)


def test_limits_without_over_dispersion_are_close_to_the_exact_binomial_ones() -> None:
    from scipy.stats import binom

    found = funnel([Share("a", 300, 1000), Share("b", 150, 500), Share("c", 30, 100)])
    assert found.added_variance == 0
    for total in (100, 500, 1000):
        low, high = found.limits(total, confidence=INNER)
        exact = [binom.ppf(tail, total, 0.3) / total for tail in (0.025, 0.975)]
        assert (low, high) == pytest.approx(exact, abs=1.0 / total + 0.005)


def test_chance_alone_is_seldom_called_different() -> None:
    points = [point for seed in range(300) for point in funnel(draw(seed)).points]
    different = sum(point.place is Place.DIFFERENT for point in points) / len(points)
    outside = sum(point.place is not Place.WITHIN for point in points) / len(points)
    assert different < 0.004  # 0.002 by construction
    assert 0.02 < outside < 0.06  # 0.05 by construction


def test_agencies_that_differ_among_themselves_widen_the_limits() -> None:
    points = [point for seed in range(200) for point in funnel(draw(seed, spread=0.08)).points]
    different = sum(point.place is Place.DIFFERENT for point in points) / len(points)
    assert different < 0.03
    assert funnel(draw(3, spread=0.08)).dispersion > 2


def test_an_agency_far_from_the_rest_is_found_despite_them() -> None:
    shares = draw(4, spread=0.03)
    shares[9] = Share("far", 480, 600)
    found = funnel(shares)
    assert [each.share.id for each in found.points if each.place is Place.DIFFERENT] == ["far"]


def test_the_added_variance_is_that_of_an_independent_calculation() -> None:
    """DerSimonian and Laird, in their own terms, from the winsorised scores."""
    shares = draw(7, spread=0.1)
    found = funnel(shares)
    values = np.arcsin(np.sqrt([s.count / s.total for s in shares]))
    deviations = 1 / np.sqrt([4 * s.total for s in shares])
    z = (values - np.arcsin(np.sqrt(found.overall))) / deviations
    z = np.clip(z, np.quantile(z, 0.1), np.quantile(z, 0.9))
    weights = deviations**-2
    expected = (np.sum(z**2) - (len(z) - 1)) / (weights.sum() - (weights**2).sum() / weights.sum())
    assert found.added_variance == pytest.approx(expected)


@pytest.mark.parametrize("shares", [[], [Share("a", 0, 0)]])
def test_agencies_without_contacts_are_refused(shares: list[Share]) -> None:
    with pytest.raises(ValueError, match="each have contacts"):
        funnel(shares)


def test_everything_and_nothing_can_be_placed() -> None:
    assert funnel([Share("a", 0, 10), Share("b", 0, 20)]).overall == 0
    assert funnel([Share("a", 10, 10)]).limits(10, confidence=OUTER)[1] == pytest.approx(1)
