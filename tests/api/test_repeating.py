"""What is repeated goes on after a failure, and ends with its block or when it says so itself."""

from __future__ import annotations

import threading

import pytest

from api.logs import Event, configure_logging
from api.repeating import repeating


def test_a_turn_that_fails_is_logged_without_its_words_and_the_next_one_comes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(level="INFO")
    turns, done = list[int](), threading.Event()

    def act(_stopping: threading.Event) -> None:
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError("Ava")
        done.set()

    with repeating(act, name="repeated", pause=0.01, failure=Event.FIGURES_FAILED):
        assert done.wait(10)
    said = capsys.readouterr().out
    assert said.count("figures_failed") == 1
    assert "Ava" not in said


def test_the_end_of_the_block_tells_the_turn_and_waits_for_it() -> None:
    begun, ended = threading.Event(), threading.Event()

    def act(stopping: threading.Event) -> None:
        begun.set()
        assert stopping.wait(10)
        ended.set()

    with repeating(act, name="repeated", pause=0.01, failure=Event.FIGURES_FAILED):
        assert begun.wait(10)
        assert not ended.is_set()
    assert ended.is_set()
    assert "repeated" not in {each.name for each in threading.enumerate()}


def test_a_turn_may_be_the_last_by_its_own_word() -> None:
    turns = list[int]()

    def act(stopping: threading.Event) -> None:
        turns.append(1)
        stopping.set()

    with repeating(act, name="repeated", pause=0.01, failure=Event.FIGURES_FAILED):
        thread = next(each for each in threading.enumerate() if each.name == "repeated")
        thread.join(10)
    assert turns == [1]
