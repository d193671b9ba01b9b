"""Floors on a small seeded population; ``python -m api.matching measure`` has the figures."""

from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random

import pytest

from api.matching.labelled.names import load_names
from api.matching.labelled.population import TODAY, make_families
from api.matching.labelled.slips import write_down
from api.matching.matches import judge_all
from api.matching.measuring import (
    blocking_recall,
    by_origin,
    calibration,
    choose_threshold,
    count,
)
from api.matching.searching import Pair, Search, search
from api.matching.weights import load_trained


@cache
def _found() -> tuple[list[Pair], list[Search]]:
    return search(contacts=3_000, queries=400, seed=77)


def make_pair(believed: float, *, true: bool, query: int = 0, found: bool = True) -> Pair:
    return Pair(
        query=query,
        origin="british",
        new_name=False,
        same_child=believed,
        same_family=believed,
        is_same_child=true,
        is_same_family=true,
        found=found,
    )


@pytest.mark.parametrize("what", ["same_child", "same_family"])
def test_blocking_brings_up_nearly_all_that_is_true(what: str) -> None:
    assert blocking_recall(_found()[0], what=what).value >= 0.97


@pytest.mark.parametrize("what", ["same_child", "same_family"])
def test_most_of_what_is_shown_is_true_and_most_that_is_true_is_shown(what: str) -> None:
    counts = count(_found()[0], what=what, threshold=getattr(load_trained(), what))
    assert counts.precision().value >= 0.85
    assert counts.recall().value >= 0.85


def test_brothers_and_sisters_are_seldom_called_one_child() -> None:
    pairs = [each for each in _found()[0] if each.is_same_family and not each.is_same_child]
    shown = sum(each.same_child >= load_trained().same_child for each in pairs)
    assert len(pairs) > 50
    assert shown / len(pairs) < 0.15


def test_twins_at_one_address_are_seldom_called_one_child() -> None:
    """Each twin in a contact of their own, with all the slips and gaps of such contacts."""
    rng = Random(8)  # noqa: S311 - nothing secret
    wrong = asked = 0
    for family in make_families(4_000, seed=8):
        for one, other in combinations(family.children, 2):
            if one.date_of_birth != other.date_of_birth:
                continue
            new, old = (
                replace(
                    write_down(
                        each, origin=family.origin, other_surname=each.surname, on=TODAY, rng=rng
                    ),
                    contact_id=contact,
                )
                for each, contact in ((one, "new"), (other, "old"))
            )
            if not new.forenames or not old.forenames:
                continue
            (found,) = judge_all([new], [old])
            asked += 1
            wrong += found.may_be_same_child
    assert asked > 50
    assert wrong / asked < 0.05


def test_a_missed_pair_counts_against_recall() -> None:
    pairs = [make_pair(0.9, true=True), make_pair(0.0, true=True, found=False, query=1)]
    assert count(pairs, what="same_child", threshold=0.5).recall().value == 0.5
    assert blocking_recall(pairs, what="same_child").value == 0.5


def test_the_interval_holds_the_value_and_widens_with_fewer() -> None:
    few = [make_pair(0.9, true=bool(n % 4), query=n) for n in range(20)]
    many = [make_pair(0.9, true=bool(n % 4), query=n) for n in range(2_000)]
    narrow, wide = (count(p, what="same_child", threshold=0.5).precision() for p in (many, few))
    assert narrow.low <= narrow.value <= narrow.high
    assert wide.high - wide.low > narrow.high - narrow.low


def test_the_lowest_threshold_that_is_precise_enough_is_chosen() -> None:
    pairs = [make_pair(0.32, true=False), *(make_pair(0.62, true=True) for _ in range(8))]
    assert choose_threshold([pairs], what="same_child", least_precision=0.9) == 0.35
    wrong = [make_pair(0.99, true=False)]
    assert choose_threshold([wrong], what="same_child", least_precision=0.9) == 0.95


def test_it_is_precise_enough_for_each_origin_of_names() -> None:
    british = [make_pair(0.9, true=True) for _ in range(50)]
    others = [
        replace(make_pair(believed, true=true), origin="polish")
        for believed, true in ((0.52, False), (0.7, True))
    ]
    pairs = [*british, *others]
    assert choose_threshold([pairs], what="same_child", least_precision=0.9) == 0.05
    groups = by_origin(pairs).values()
    assert choose_threshold(groups, what="same_child", least_precision=0.9) == 0.55


def test_more_are_asked_about_of_origins_that_are_few() -> None:
    pairs, _ = search(contacts=2_000, queries=50, seed=77, each_origin=12)
    asked: dict[str, set[int]] = {}
    for pair in pairs:
        asked.setdefault(pair.origin, set()).add(pair.query)
    assert len(asked) == len(load_names().origins)
    assert all(len(queries) >= 4 for queries in asked.values())  # some have nothing earlier
    assert max(max(queries) for queries in asked.values()) >= 50


def test_calibration_leaves_out_what_was_not_judged() -> None:
    pairs = [make_pair(0.95, true=True), make_pair(0.0, true=True, found=False)]
    assert calibration(pairs, what="same_child") == [(0.95, 1.0, 1)]


def test_no_more_candidates_are_judged_than_the_limit() -> None:
    assert max(each.candidates for each in _found()[1]) <= 200
