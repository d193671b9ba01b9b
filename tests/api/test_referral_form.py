"""What is written in boxes is read as it was meant, and a text put in boxes loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.referral_form import Layout, add_to_boxes, fill_boxes, join_boxes, layouts_of
from nlp.document import read_document
from nlp.guidance import load_forms

LAYOUTS = layouts_of(load_forms())
OF_FORMS = [layout for layout in LAYOUTS.values() if len(layout.boxes) > 1]
WORDS = "Nothing else was said about it."


@pytest.mark.parametrize("layout", OF_FORMS, ids=lambda layout: layout.code)
def test_no_title_of_a_box_is_read_as_the_writer_s_own_words(layout: Layout) -> None:
    joined = join_boxes(layout, {box.id: WORDS for box in layout.boxes})
    read = [
        sentence.text for sentence in read_document(joined).sentences if not sentence.is_heading
    ]
    assert read == [WORDS] * len(layout.boxes)


@pytest.mark.parametrize("layout", OF_FORMS, ids=lambda layout: layout.code)
def test_what_was_joined_goes_back_to_its_own_boxes(layout: Layout) -> None:
    texts = {box.id: f"{WORDS} {number}" for number, box in enumerate(layout.boxes)}
    assert fill_boxes(layout, join_boxes(layout, texts)) == texts


def test_text_under_no_known_heading_goes_in_the_first_box() -> None:
    filled = fill_boxes(LAYOUTS["safer"], "To the hub\n\nFamily\nLives with mum.")
    assert filled == {"situation": "To the hub", "family": "Lives with mum."}


def test_a_heading_that_says_more_than_the_box_is_kept() -> None:
    filled = fill_boxes(LAYOUTS["safer"], "Consent: mum agreed.")
    assert filled == {"recording": "Consent: mum agreed."}


def test_empty_boxes_leave_no_title_behind() -> None:
    assert join_boxes(LAYOUTS["safer"], {"family": "With mum.", "situation": " \n"}) == (
        "F - Family\nWith mum."
    )


def test_line_ends_are_those_of_a_textarea() -> None:
    assert join_boxes(LAYOUTS["one_box_referral"], {"text": "one\r\ntwo\rthree"}) == (
        "one\ntwo\nthree"
    )


def test_an_upload_goes_after_what_is_there() -> None:
    assert add_to_boxes(
        {"family": "Carl.", "situation": ""}, {"family": "Mum.", "recording": "x"}
    ) == {
        "family": "Carl.\n\nMum.",
        "situation": "",
        "recording": "x",
    }


LINES = st.sampled_from(["Situation", "Family", "CONSENT", "Ava is 4.", "", "E"])


@given(st.lists(LINES, min_size=1))
def test_no_words_are_lost_whatever_the_headings(lines: list[str]) -> None:
    text = "\n".join([*lines, "End of it."])
    kept = " ".join(fill_boxes(LAYOUTS["safer"], text).values())
    assert kept.count("Ava is 4.") == text.count("Ava is 4.")
    assert "End of it." in kept
