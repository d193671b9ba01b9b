"""What is taken out, that labels come along, and that labels find the way back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from annotation.__main__ import main
from annotation.corpus import load_corpus, load_first
from annotation.records import parse_record, to_record
from annotation.redaction.names import find_names, load_names
from annotation.redaction.patterns import Kind, is_nhs_number
from annotation.redaction.recall import measure_examples, measure_names
from annotation.redaction.replacing import redact, redact_record, restore_contacts, restore_record
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import make_record
from tests.annotation.strategies import records

# What the hand-written examples showed when they were pinned (address: two of ten are beyond it).
LEAST = {Kind.ADDRESS: 0.8}


def names_in(text: str, **known: Any) -> list[str]:
    return [text[each.start : each.end] for each in find_names(text, **known)]


@pytest.mark.parametrize("row", measure_examples(), ids=lambda row: row.kind)
def test_every_kind_is_found_in_the_examples_and_nothing_else(row: Any) -> None:
    assert row.found / row.marked >= LEAST.get(row.kind, 1.0)
    assert row.wrongly == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Leah Marsh (7) was late.", ["Leah Marsh"], id="list and age"),
        pytest.param("Then mum Qwerta shouted.", ["Qwerta"], id="unlisted, after mum"),
        pytest.param("Qwerta said she was hungry.", ["Qwerta"], id="unlisted, before said"),
        pytest.param("We told Qwerta Zyx to wait.", ["Qwerta Zyx"], id="unlisted, by its capital"),
        pytest.param("mum kelly was there", ["kelly"], id="no capitals"),
        pytest.param("Signed P. Featherstone", ["P. Featherstone"], id="initial"),
        pytest.param("Ruby SHARP was seen.", ["Ruby SHARP"], id="surname in capitals"),
        pytest.param("VOICE OF THE CHILD\nToo young.", [], id="heading"),
        pytest.param("It may rain. Police were called in May.", [], id="ordinary words"),
        pytest.param(
            "Leah's bag. Later LEAH ran.", ["Leah", "LEAH"], id="possessive, then shouted"
        ),
    ],
)
def test_names_are_found(text: str, found: list[str]) -> None:
    assert names_in(text) == found


def test_a_known_name_is_found_however_ordinary() -> None:
    assert names_in("will hope came home") == []
    assert names_in("will hope came home", people=["Mr Will Hope"]) == ["will hope"]


def test_a_word_off_the_lists_is_found_by_what_stands_beside_it_alone() -> None:
    text = "Priya was late."
    assert "priya" in load_names().forenames
    assert names_in("Priya."), "listed"
    assert names_in("Priya.", without=["priya"]) == []
    assert names_in(text, without=["priya"]) == ["Priya"]


def test_recall_of_names_holds_for_every_origin() -> None:
    some = [contact for contact in load_first() if contact.author == "TR1"][:30]
    rows = {row.origin: row for row in measure_names(some)}
    assert rows["all"].stand > 100
    assert rows["all"].found["known"] / rows["all"].stand >= 0.99
    assert rows["all"].found["unknown"] / rows["all"].stand >= 0.95
    assert rows["all"].found["unlisted"] <= rows["all"].found["unknown"]


@pytest.mark.parametrize(
    ("digits", "right"),
    [("9434765919", True), ("9434765918", False), ("943476591", False), ("1000000050", False)],
)
def test_nhs_numbers_are_checked(digits: str, *, right: bool) -> None:
    assert is_nhs_number(digits) is right


def test_one_name_keeps_one_number_and_places_are_carried_over() -> None:
    text = "Leah Marsh rang. Leah is 7."
    made = redact(text)
    assert made.text == "[name 1] rang. [name 1] is 7."
    assert made.move(text.index("rang")) == made.text.index("rang")
    assert made.move_back(made.text.index("is 7")) == text.index("is 7")


def test_a_placeholder_never_lies_across_two_sentences() -> None:
    assert redact("Leah Marsh", edges=[5]).text == "[name 1][name 2]"


@settings(max_examples=60, deadline=None)
@given(record=records())
def test_labels_go_to_the_redacted_text_and_back(record: dict[str, Any]) -> None:
    redacted = redact_record(record)
    contact, mistakes = parse_record(redacted)
    assert mistakes == ()
    assert contact is not None
    assert contact.people == ()
    assert restore_record(to_record(contact), record) == record


def test_labels_are_not_put_on_a_text_that_changed() -> None:
    contact, _ = parse_record(redact_record(make_record()))
    assert contact is not None
    changed = make_record(text="Tom was hot. Please help.")
    with pytest.raises(CorpusError, match="AA10001: its text is not the redacted text") as caught:
        restore_contacts([contact], [changed])
    assert "Tom" not in str(caught.value)
    with pytest.raises(CorpusError, match="AA10001: is not among the originals"):
        restore_contacts([contact], [])


def test_export_redacts_and_import_puts_labels_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, there, again = (tmp_path / name for name in ("in.jsonl", "there", "again.jsonl"))
    source.write_text(json.dumps(make_record()) + "\n")
    assert main(["export", "--to", "label-studio", "--redact", str(source), str(there)]) == 0
    assert "keep it as personal" in capsys.readouterr().out
    assert "Tom" not in there.read_text()
    back = ["import", "--from", "label-studio", "--onto", str(source), str(there), str(again)]
    assert main(back) == 0
    assert load_corpus(again) == load_corpus(source)
