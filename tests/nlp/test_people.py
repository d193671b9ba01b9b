"""Of whom a sentence speaks, by the ages and the kin that the text gives."""

from __future__ import annotations

import pytest

from nlp.patterns import words_of
from nlp.people import People, Who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Keziah, 14.", Who.CHILD),
        ("Keziah (14), year 9.", Who.CHILD),
        ("Keziah, 34.", Who.CARER),
        ("Keziah, 34 weeks.", Who.CHILD),
        ("Keziah, 14.03.11, came in.", None),
        ("Keziah, 14:20.", None),
    ],
)
def test_a_name_with_an_age_is_a_child_or_a_grown_up(text: str, who: Who | None) -> None:
    assert People(text, (words_of(text),), {}).names.get("keziah") is who
