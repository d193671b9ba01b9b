"""What was used last is recalled, and no words are kept."""

from __future__ import annotations

import gc

import pytest

from nlp.memory import Memory, loading


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


def test_what_is_loaded_is_left_out_of_searches_for_garbage_once() -> None:
    gc.unfreeze()
    try:
        with loading():
            assert not gc.isenabled()
        assert gc.isenabled()
        frozen = gc.get_freeze_count()
        assert frozen > 0
        with loading():
            assert gc.isenabled()
        assert gc.get_freeze_count() <= frozen
    finally:
        gc.unfreeze()


def test_a_load_that_fails_leaves_the_search_for_garbage_on() -> None:
    gc.unfreeze()
    with pytest.raises(ValueError, match="damaged"), loading():
        raise ValueError("damaged")
    assert gc.isenabled()
    gc.unfreeze()


def test_of_many_only_what_is_not_remembered_is_made_and_once() -> None:
    memory, made = Memory[str](10), list[str]()

    def make(keys: list[str]) -> list[str]:
        made.extend(keys)
        return [key.upper() for key in keys]

    assert memory.recall_all(["a", "b", "a"], make) == ["A", "B", "A"]
    assert memory.recall_all(["c", "a"], make) == ["C", "A"]
    assert made == ["a", "b", "c"]
    assert memory.recall_all([], make) == []


def test_of_many_all_are_given_where_few_are_remembered() -> None:
    keys = ["a", "b", "c"]
    assert Memory[str](1).recall_all(keys, lambda given: given) == keys
