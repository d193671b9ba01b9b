"""Moments and references as people at the hub say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.hub.queue_clock import read_clock, say_length
from api.store.references import reference_of, start_of_id


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (130, "Due in 2 h 10 min"),
        (0.5, "Due in less than a minute"),
        (59, "Due in 59 min"),
        (24 * 60, "Due in 1 day"),
        (51 * 60, "Due in 2 days 3 h"),
        (-61, "Overdue by 1 h 1 min"),
    ],
)
def test_the_clock_is_said_in_words(minutes: float, words: str) -> None:
    at = datetime(2026, 6, 1, 8, tzinfo=UTC)
    clock = read_clock(at + timedelta(minutes=minutes), at=at)
    assert clock.words.replace("\u00a0", " ") == words
    assert clock.overdue == (minutes < 0)


def test_moments_are_said_in_the_time_of_the_hub() -> None:
    at = datetime(2026, 6, 1, 8, tzinfo=UTC)  # 9 o'clock in summer
    assert read_clock(at, at=at).exact == "today at 09:00"
    assert read_clock(at + timedelta(days=1), at=at).exact == "tomorrow at 09:00"
    assert read_clock(at - timedelta(days=4), at=at).exact == "Thu 28 May at 09:00"
    assert read_clock(at - timedelta(days=400), at=at).exact == "Sun 27 Apr 2025 at 09:00"
    assert say_length(timedelta(hours=2)).replace("\u00a0", " ") == "2 h"


def test_a_reference_leads_back_to_its_contact() -> None:
    contact = "3f2a9c1b40" + "0" * 22
    assert reference_of(contact) == "3F2A9-C1B40"
    assert start_of_id(" 3f2a9 c1b40") == "3f2a9c1b40"
    assert start_of_id("Ava Moss") is None
    assert start_of_id("3F2A9") is None
