"""The share of words that the reader never met."""

from __future__ import annotations

import pytest

from api.watch.vocabulary import FEWEST, known_words, unknown_share

KNOWN = frozenset({"she", "is", "hungry", "mum's"})
TWENTY = "she is hungry mum\u2019s " * 5


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (TWENTY, 0.0),
        (TWENTY.upper(), 0.0),
        (TWENTY + "zzqx " * 5, 0.2),
        (TWENTY + "Zzqx " * 5, 0.0),  # taken for a name
        ("she is hungry", None),
    ],
)
def test_words_that_are_no_names_count(text: str, share: float | None) -> None:
    assert unknown_share(text, KNOWN) == share


def test_the_released_reader_tells_its_words() -> None:
    assert {"child", "school", "police"} <= known_words()
    assert len(known_words()) > 50 * FEWEST
