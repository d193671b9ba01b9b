"""Any text is read into sentences in order, or refused with one of three errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.document import MAX_SENTENCES, read_document
from nlp.errors import EmptyTextError, TextTooLongError, UnreadableTextError

# Characters: enough that a pattern worse than linear would never end. The benchmark times more.
HOSTILE = 250_000

_CHARACTERS = (
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\t",
    "\u00a0",
    "\u200b",
    "\u00ad",
    "\u2026",
    "e\u0301",
)
_MARKS = ('"', "\u201c", "'", "|", "- ", ". ", "? ", "1. ", "(", ")", "\U0001f600", "\ufb01")
_WORDS = ("Consent: ", "CHILD SEEN\n", "Mr. ", "Mum rang", "he hid", "TODAY Mum", "d.o.b. 1.2.17")
PIECES = st.sampled_from(_CHARACTERS + _MARKS + _WORDS)
CONTACTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


@settings(deadline=None)  # machines are shared; a slow one is no failure
@given(CONTACTS)
def test_any_string_is_read_or_refused(text: str) -> None:
    try:
        document = read_document(text)
    except (EmptyTextError, TextTooLongError, UnreadableTextError):
        return
    assert document.text == text
    last = 0
    for sentence in document.sentences:
        assert last <= sentence.start < sentence.end <= len(text)
        assert sentence.text.strip() == sentence.text != ""
        last = sentence.end
    last = 0
    for section in document.sections:
        assert section.start == last <= section.end
        last = section.end
    assert last == len(text)


@settings(deadline=None)  # machines are shared; a slow one is no failure
@given(st.lists(PIECES, min_size=1, max_size=40).map("".join))
def test_no_word_is_lost(text: str) -> None:
    try:
        document = read_document(text)
    except EmptyTextError:
        return
    covered = {at for s in document.sentences for at in range(s.start, s.end)}
    assert all(at in covered for at, character in enumerate(text) if character.isalnum())


@settings(deadline=None)  # machines are shared; a slow one is no failure
@given(st.lists(PIECES, min_size=1, max_size=40).map("".join))
def test_line_endings_and_emoji_shift_nothing(text: str) -> None:
    plain = "\U0001f600 Ok.\n" + text.replace("\r\n", "\n").replace("\r", "\n")
    windows = plain.replace("\n", "\r\n")

    read, again = read_document(plain), read_document(windows)

    assert [s.text for s in again.sentences] == [s.text for s in read.sentences]
    quotes = [windows[s.start : s.end] for s in again.sentences]
    assert quotes == [plain[s.start : s.end] for s in read.sentences]


def test_the_text_of_a_sentence_is_normalised_and_its_offsets_are_not() -> None:
    text = "\ufeff\u201cIt\u2019s \ufb01ne.\u201d\r\n\U0001f600 He\u00a0ran."

    first, second = read_document(text).sentences

    assert (first.text, text[first.start : first.end]) == (
        '"It\'s fine."',
        "\u201cIt\u2019s \ufb01ne.\u201d",
    )
    assert text[second.start : second.end] == "\U0001f600 He\u00a0ran."


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("a", id="no white space"),
        pytest.param("word ", id="one long line"),
        pytest.param("\"'(", id="nested quotations"),
        pytest.param("\n", id="line breaks"),
        pytest.param("-\n", id="bullets"),
        pytest.param("Ab. ", id="short sentences"),
        pytest.param("\u0301\u0323", id="combining marks"),
        pytest.param("CONSENT ", id="capitals"),
        pytest.param("a: ", id="colons"),
    ],
)
def test_hostile_text_is_read_or_refused_as_too_long(piece: str) -> None:
    text = (piece * HOSTILE)[: HOSTILE - 1] + "a"
    try:
        sentences = read_document(text).sentences
    except TextTooLongError:
        return
    assert sentences


def test_an_export_of_many_contacts_is_refused_with_what_to_do() -> None:
    with pytest.raises(TextTooLongError, match=r"found 20,001 sentences.*send the contact alone"):
        read_document("Ab.\n" * (MAX_SENTENCES + 1))


def test_many_threads_may_read_at_once() -> None:
    texts = [f"Child {number} was seen. Mum left." for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        documents = list(pool.map(read_document, texts))
    assert [d.sentences[0].text for d in documents] == [f"Child {n} was seen." for n in range(40)]
