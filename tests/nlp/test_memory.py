"""What was used last is recalled, and no words are kept."""

from __future__ import annotations

import gc

from nlp.memory import Memory


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    memory = Memory[int](2)
    memory.keep("one", 1)
    memory.keep("two", 2)
    assert memory.recall("one") == 1
    memory.keep("three", 3)

    assert memory.recall("two") is None
    assert (memory.recall("one"), memory.recall("three")) == (1, 3)


def test_no_words_are_kept() -> None:
    memory = Memory[int](2)
    memory.keep(" mum hit him ", 1)

    assert not any(isinstance(each, str) for each in gc.get_referents(memory._known))
