from __future__ import annotations

from datetime import datetime

import pytest

from api.clocks import LONDON, due_at, reply_due_at
from nlp.domain import Urgency


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "urgency", "due"),
    [
        ("2026-11-26 10:00", Urgency.RED, "2026-11-26 14:00"),
        ("2026-11-28 23:00", Urgency.RED, "2026-11-29 03:00"),  # a Saturday night: by the clock
        ("2026-11-26 10:00", None, "2026-11-26 14:00"),  # not scored: as red
        ("2026-11-26 10:00", Urgency.AMBER, "2026-11-27 10:00"),
        ("2026-11-26 18:30", Urgency.AMBER, "2026-11-30 09:00"),  # Thursday evening: from Friday 9
        ("2026-11-27 10:00", Urgency.AMBER, "2026-11-30 10:00"),  # over a weekend
        ("2026-11-26 07:00", Urgency.AMBER, "2026-11-27 09:00"),
        ("2026-12-24 11:00", Urgency.AMBER, "2026-12-29 11:00"),  # Boxing Day is made up on Monday
        ("2026-04-02 12:00", Urgency.GREEN, "2026-04-09 12:00"),  # over Easter
        ("2026-11-26 10:00", Urgency.GREEN, "2026-12-01 10:00"),
        ("2026-10-25 00:30", Urgency.RED, "2026-10-25 03:30"),  # the night they go back
        ("2026-03-29 00:30", Urgency.RED, "2026-03-29 05:30"),  # and the night they go forward
        ("2026-10-23 10:00", Urgency.AMBER, "2026-10-26 10:00"),  # the clocks go back between
    ],
)
def test_due(received: str, urgency: Urgency | None, due: str) -> None:
    assert due_at(at(received), urgency) == at(due)


def test_the_referrer_hears_within_one_working_day() -> None:
    assert reply_due_at(at("2026-11-27 16:00")) == at("2026-11-30 16:00")
