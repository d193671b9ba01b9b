"""Groups part the contacts without overlap."""

from __future__ import annotations

import pytest

from evaluation.slices import LENGTHS, SLICES, length_group, part
from tests.evaluation.builders import make_outcomes


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (1, "1 to 125 words"),
        (LENGTHS[0], "1 to 125 words"),
        (LENGTHS[0] + 1, "126 to 215 words"),
        (LENGTHS[-1], "216 to 325 words"),
        (LENGTHS[-1] + 1, "over 325 words"),
    ],
)
def test_a_length_has_its_group(words: int, expected: str) -> None:
    assert length_group(words) == expected


@pytest.mark.parametrize("by", SLICES)
def test_every_contact_is_in_one_group_and_the_largest_comes_first(by: str) -> None:
    outcomes = make_outcomes()
    groups = part(outcomes, SLICES[by])
    sizes = [len(places) for places in groups.values()]
    assert sorted(place for places in groups.values() for place in places) == list(range(12))
    assert sizes == sorted(sizes, reverse=True)
