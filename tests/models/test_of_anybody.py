from __future__ import annotations

import pytest

from models.words import as_of_anybody

KNOWN = frozenset({
    "told", "school", "hit", "was", "seen", "on", "the", "arm", "and", "said",
    "white", "black", "a", "is", "are", "family", "ethnicity",
})  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leah told school that Priya hit her.", "Mohammed told school that Kacper hit him."),
        ("Mrs O'Neill said she was seen.", "Mr Nowak said he was seen."),
        ("Ava Marsh's arm", "Daniel Osei's arm"),
        ("She is White British.", "He is White and Black Caribbean."),
        ("A Polish girl", "A Black British boy"),
        ("Ethnicity: Black African/Somali", "Ethnicity: romany gypsy"),
        ("The family are Muslim.", "The family are Hindu."),
    ],
)
def test_the_same_facts_read_the_same_of_anybody(one: str, other: str) -> None:
    read, also_read = (as_of_anybody(text, known=KNOWN) for text in (one, other))
    assert read.lower() == also_read.lower()  # the encoder knows no capitals


def test_what_is_no_name_stays_as_it_is() -> None:
    text = "Told school on Tuesday: hit on the arm, 3 cm."
    assert as_of_anybody(text, known=KNOWN) == text
