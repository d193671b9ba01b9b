"""What was found in sentences is remembered by their words and what stands around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from models import term_memory
from models.features import SENTENCE_BLOCKS, Block, SentenceWords, Terms, read_words
from models.term_memory import Numbers, TermMemory
from models.tfidf import TfidfReader
from nlp.document import read_document
from nlp.memory import Memory

TEXT = "Ava has a bruise.\nMum agrees to this.\nShe is at school.\nThe nurse saw it."


@pytest.fixture
def memory(small_reader: TfidfReader) -> TermMemory:
    return TermMemory(small_reader.sentence_blocks, small_reader.document_blocks)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[SentenceWords]:
    """Every sentence that was not remembered."""
    found, find = [], term_memory._numbers

    def note(
        sentence: SentenceWords, kinds: Mapping[str, Terms], blocks: Mapping[str, Block]
    ) -> dict[str, Numbers]:
        if kinds is SENTENCE_BLOCKS:
            found.append(sentence)
        return find(sentence, kinds, blocks)

    monkeypatch.setattr(term_memory, "_numbers", note)
    return found


def words_of(text: str, reader: TfidfReader) -> tuple[SentenceWords, ...]:
    return read_words(read_document(text), known=reader.known)


def test_an_edit_costs_the_sentences_it_touches(
    memory: TermMemory, read: list[SentenceWords], small_reader: TfidfReader
) -> None:
    memory.find(words_of(TEXT, small_reader))
    memory.find(words_of(TEXT, small_reader))
    assert len(read) == 4
    memory.find(words_of(f"{TEXT}\nDad is away.", small_reader))
    # The new one; the last of before, which has a neighbour now; the one that is no longer late.
    assert len(read) == 4 + 3


def test_each_part_of_what_a_sentence_is_tells_it_apart(
    memory: TermMemory, read: list[SentenceWords], small_reader: TfidfReader
) -> None:
    sentence = words_of(TEXT, small_reader)[1]
    memory.find([sentence, *(replace(sentence, **{part: ("other",)}) for part in vars(sentence))])
    assert len(read) == 1 + len(vars(sentence))


def test_the_oldest_is_forgotten(
    memory: TermMemory, read: list[SentenceWords], small_reader: TfidfReader
) -> None:
    memory._known = Memory(3)
    for _ in range(2):
        memory.find(words_of(TEXT, small_reader))
    assert len(read) == 8  # each was pushed out before it was met again


def test_no_word_is_kept(memory: TermMemory, small_reader: TfidfReader) -> None:
    memory.find(words_of(TEXT, small_reader))
    assert "bruise" not in repr(vars(memory._known))
