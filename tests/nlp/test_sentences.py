"""Sentences survive the way partners write."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import RulebookError
from nlp.sentence_starts import LONGEST_SENTENCE, load_start_finder
from nlp.sentences import load_language, split_sentences


def _split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Dr. Rao and Mrs. Lee saw Ms. Dent.", id="titles"),
        pytest.param("Ava (12, d.o.b. 30.10.2010) and Kai, DOB 12.03.17.", id="dates of birth"),
        pytest.param("I am S. Kowalczyk, salaried GP.", id="an initial"),
        pytest.param("Stays c/o. Gran at no. 6, approx. 2 miles off.", id="short forms"),
        pytest.param("Seen at 3.20 p.m. when mum came.", id="time with a small letter after"),
        pytest.param("Call to no. 6 at 21.03, tel. 01632 960187.", id="numbers"),
        pytest.param("Bruise 2.5 x 1.0 cm on L arm.", id="decimals"),
        pytest.param("1. Ava POPESCU, 12.", id="list number"),
        pytest.param('He said "I was scared. I ran." to me.', id="sentences in a quotation"),
        pytest.param("She said 'I hid. He shouted.' to me.", id="single quotation marks"),
        pytest.param("02/04 | Mum rang. Upset. | logged", id="row of a table"),
        pytest.param("!!! HIGH RISK MISPER !!! Not returned", id="decoration"),
        pytest.param("E.g. late and hungry, i.e. neglected.", id="dotted letters"),
        pytest.param("2103 hrs. attended after 999 call", id="log with a small letter after"),
    ],
)
def test_this_is_one_sentence(text: str) -> None:
    assert _split(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(["He left.", "She cried!", "Why?", "Nobody knows."], id="stops"),
        pytest.param(["1 PPN in May.", "2 since then."], id="numbers open sentences"),
        pytest.param(['He said "I ran."', "Then he cried."], id="quotation ends"),
        pytest.param(['"I ran."', '"I hid."'], id="two quotations"),
        pytest.param(["Mum has MS.", "She is tired."], id="MS is an illness"),
        pytest.param(["Consent - no.", "Hub offered."], id="no is an answer"),
        pytest.param(["Consent Y.", "Request early help."], id="Y is an answer"),
        pytest.param(["Seen on Tues.", "He was late."], id="short day before a capital"),
        pytest.param(["she said no.", "he hit her.", "mum left"], id="no capitals at all"),
        pytest.param(["MALE LEFT.", "KIDS IN BED.", "DASH STANDARD."], id="all capitals"),
        pytest.param(["He is 6.", "Dad left."], id="age before a capital"),
        pytest.param(["(Nothing else seen.)", "Home is warm."], id="brackets"),
        pytest.param(["It's the kids' home.", "It was 'cause of dad.", "Ok."], id="apostrophes"),
        pytest.param(['He is 6" taller.', "He is 4.", "Well."], id="inches"),
    ],
)
def test_these_are_several_sentences_on_one_line(sentences: list[str]) -> None:
    assert _split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(["2103 hrs 999 call", "2110 arrived", "21:40 left"], id="police log"),
        pytest.param(["- late", "\u2022 hungry", "* tired"], id="bullets"),
        pytest.param(["Yours faithfully,", "P. Ahmadi", "Safeguarding lead"], id="signature"),
        pytest.param(["VOICE OF THE CHILD", "Too young."], id="heading"),
        pytest.param(['He said "no', 'and "never'], id="quotation left open"),
        pytest.param(["-", "N/A"], id="empty answers"),
    ],
)
def test_every_line_break_ends_a_sentence(sentences: list[str]) -> None:
    assert _split("\n".join(sentences)) == sentences
    assert _split("\n \n" + " \n\n  ".join(sentences) + "  \n") == sentences


ONE_BREATH = (
    "Ava is six and in year 1 here she came in on monday with no coat again mum says there is no "
    "money till friday and the gas has gone off dad left in march and he sends nothing she told me "
    "she sleeps in her clothes because the house is so cold at night now that the heating is off "
    "please can someone ring me"
)


def test_a_long_line_without_any_stop_is_split_where_its_words_say() -> None:
    sentences = _split(f"Seen today. {ONE_BREATH}\nThanks")
    assert sentences[0] == "Seen today."
    assert any(sentence.startswith("mum says") for sentence in sentences)
    assert any(sentence.startswith("she told me") for sentence in sentences)
    assert " ".join(sentences) == f"Seen today. {ONE_BREATH} Thanks"


def test_a_run_on_that_only_its_end_has_a_stop_is_split_too() -> None:
    more = "the office is open from nine till six every day and i am in again on thursday thanks."
    whole = f"{ONE_BREATH} {more}"
    assert len(whole.split()) > LONGEST_SENTENCE
    sentences = _split(f"{whole} Jo")
    assert any(sentence.startswith("mum says") for sentence in sentences)
    assert sentences[-1] == "Jo"


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(
            [
                "I'm Jo from the flats.",
                "she came down on monday with a bruise.",
                "mum said Kai did.",
            ],
            id="capitals for names alone",
        ),
        pytest.param(["Is Ava ok?", "he said she was crying all night."], id="a question"),
        pytest.param(["Lives with Gran no. 4 approx. two miles off."], id="short forms"),
    ],
)
def test_a_small_letter_after_a_stop_begins_what_its_words_say(sentences: list[str]) -> None:
    assert _split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{ONE_BREATH}.", id="ended with a stop"),
        pytest.param(f"02/04 | {ONE_BREATH}", id="row of a table"),
        pytest.param(f'"{ONE_BREATH}" ok', id="a quotation"),
    ],
)
def test_a_long_line_is_left_whole_where_it_is_no_run_on(text: str) -> None:
    assert _split(text) == [text]


def test_a_sentence_ends_at_a_break_asked_for() -> None:
    text = "TODAY Routine call"
    spans = split_sentences(text, breaks=frozenset({len("TODAY")}))
    assert [text[span.start : span.end] for span in spans] == ["TODAY", "Routine call"]


def test_the_tokens_joined_are_the_text_again() -> None:
    text = " \n a  b\n\n c '\"( d   "
    language = load_language()
    with language.memory_zone():
        assert language(text).text == text


def test_the_vocabulary_forgets_the_words_of_a_contact() -> None:
    split_sentences("Kowalczykova-Featherstonehaugh left.")
    assert "Kowalczykova-Featherstonehaugh" not in load_language().vocab.strings


def test_a_mistake_in_the_short_forms_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "abbreviations.yaml"
    file.write_text("always: [mr.]\nbefore_number: [no.]\n")
    with pytest.raises(RulebookError, match=r"abbreviations\.yaml.*before_small_letter"):
        load_start_finder(file)
