"""Whether a text reads as English sentences."""

from __future__ import annotations

import pytest

from nlp.english import reads_as_english
from nlp.guidance import load_guidance

POLISH = (
    "Dziecko mieszka z matką i jej partnerem. W szkole powiedziało, że ojczym uderzył je pasem w "
    "plecy i że boi się wrócić do domu. Matka nie wie, że zgłaszamy. Chłopiec ma siedem lat."
)
SPANISH = (
    "El niño vive con su madre y su padrastro. En la escuela dijo que lo golpeó con un cinturón en "
    "la espalda y que tiene miedo de volver a casa. La madre no sabe que estamos llamando."
)
CLINICAL = (
    "D10 wt 2.71, BW 3.05, loss 11%, 2 wet nappies/24h, weighed by me 08/08. Feeds missed o/n, mum "
    "not waking to alarm, HV asked mum to ring ward, declined. GP aware. Plan: RV 10/08, wt."
)
LOG = (
    "1915 HRS CALLED BY NEIGHBOUR. MALE LEFT PRIOR TO POLICE ARRIVAL. FEMALE STATES HE PUSHED HER. "
    "KIDS IN BED. DASH STANDARD. NFA. SSD INFORMED. BWV ON. OIC 1432. NO CALLS LAST 12M."
)


@pytest.mark.parametrize("text", [CLINICAL, LOG], ids=["clinical shorthand", "police log"])
def test_terse_english_reads_as_english(text: str) -> None:
    assert reads_as_english(text, load_guidance().english)


@pytest.mark.parametrize("text", [POLISH, SPANISH], ids=["Polish", "Spanish"])
def test_another_language_does_not(text: str) -> None:
    assert not reads_as_english(text, load_guidance().english)


def test_one_word_over_and_over_does_not() -> None:
    assert not reads_as_english("child " * 10_000, load_guidance().english)


@pytest.mark.parametrize("text", ["Pomocy", "", "12.03.17 1432", "!?"])
def test_a_few_words_are_given_the_benefit_of_the_doubt(text: str) -> None:
    assert reads_as_english(text, load_guidance().english)
