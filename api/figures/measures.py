"""The measures that leaders see: for each contact, the categories that it counts in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum

from api import clocks
from api.figures.facts import Fact
from api.figures.timeliness import is_late
from nlp.domain import Element, Form, Level

ELEMENT_PREFIX = "element:"

# Upper ends of how long a decision took, by the clock.
DECISION_TIMES: Mapping[str, timedelta] = {
    "within_4_hours": timedelta(hours=4),
    "within_1_day": timedelta(days=1),
    "within_3_days": timedelta(days=3),
    "within_5_days": timedelta(days=5),
}
LONGER = "longer"


class Measure(StrEnum):
    """What is counted besides the elements, each of which is a measure of its own."""

    CONTACTS = "contacts"
    RATING = "rating"
    SCORE = "score"  # category 'sum' adds the scores up; divide by 'scored'
    READ_LEVEL = "read_level"
    STATED_AGAINST_DECIDED = "stated_against_decided"
    READ_AGAINST_DECIDED = "read_against_decided"
    OUTCOME = "outcome"
    FLAG = "flag"
    ANY_FLAG = "any_flag"
    NOTIFICATION = "notification"
    NOTIFICATION_LOOKED = "notification_looked"
    REASON = "reason"
    TIMELINESS = "timeliness"
    EXPECTED = "expected"  # of whom a notification was expected, and not of who sent a contact
    DECISION_TIME = "decision_time"
    REPLY = "reply"
    DRAFT = "draft"
    REPEAT = "repeat"


def count(facts: Iterable[Fact]) -> Counter[tuple[Form, str, str]]:
    """Give how many of *facts* are of each form, measure and category."""
    counted: Counter[tuple[Form, str, str]] = Counter()
    for fact in facts:
        for measure, categories in MEASURES.items():
            for category in categories(fact):
                counted[fact.form, measure, category] += 1
        for element in Element:
            counted[fact.form, f"{ELEMENT_PREFIX}{element}", _status(fact, element)] += 1
        if fact.score is not None:
            counted[fact.form, Measure.SCORE, "scored"] += 1
            counted[fact.form, Measure.SCORE, "sum"] += fact.score
    return counted


def _status(fact: Fact, element: Element) -> str:
    """Give an element's status; every contact has one, so that every measure has one total."""
    if fact.score is None:
        return "not_read"
    return fact.statuses.get(element, "not_expected")


def _contacts(_fact: Fact) -> Iterator[str]:
    yield "all"


def _rating(fact: Fact) -> Iterator[str]:
    yield fact.rating or "not_read"


def _read_level(fact: Fact) -> Iterator[str]:
    yield fact.read_level or "not_read"


def _stated_against_decided(fact: Fact) -> Iterator[str]:
    """Did staff see a higher need than the sender? The error that fewer contacts would hide."""
    yield _against(fact.stated_level, fact.decided_level)


def _read_against_decided(fact: Fact) -> Iterator[str]:
    yield _against(fact.read_level, fact.decided_level)


def _outcome(fact: Fact) -> Iterator[str]:
    yield fact.outcome or "not_decided"


def _flag(fact: Fact) -> Iterator[str]:
    yield from fact.flags


def _any_flag(fact: Fact) -> Iterator[str]:
    yield "some" if fact.flags else "none"


def _looked(fact: Fact) -> Iterator[str]:
    """What the reading made of a police notification; people decide."""
    if fact.form is Form.PPN:
        yield "inappropriate" if fact.looks_inappropriate else "appropriate"
    else:
        yield "not_a_notification"


def _notification(fact: Fact) -> Iterator[str]:
    """What people said of a police notification; a reading alone is never counted as one."""
    if fact.form is not Form.PPN:
        yield "not_a_notification"
    elif fact.inappropriate is None:
        yield "not_said"
    else:
        yield "inappropriate" if fact.inappropriate else "appropriate"


def _reason(fact: Fact) -> Iterator[str]:
    if fact.inappropriate:
        yield from fact.reasons


def _timeliness(fact: Fact) -> Iterator[str]:
    """Did a police notification come in time? What staff say goes before what its form tells."""
    if fact.form is not Form.PPN:
        yield "not_a_notification"
    elif fact.came_late:
        yield "late"
    elif fact.incident_on is None:
        yield "not_known"
    else:
        yield "late" if is_late(fact.incident_on, fact.received_at) else "in_time"


def _decision_time(fact: Fact) -> Iterator[str]:
    if fact.decided_at is None:
        yield "not_decided"
        return
    took = fact.decided_at - fact.received_at
    yield next((name for name, end in DECISION_TIMES.items() if took <= end), LONGER)


def _reply(fact: Fact) -> Iterator[str]:
    if fact.replied_at is None:
        yield "none"
    else:
        in_time = fact.replied_at <= clocks.reply_due_at(fact.received_at)
        yield "in_time" if in_time else "late"


def _draft(fact: Fact) -> Iterator[str]:
    """What became of the draft between its first check and sending."""
    if fact.first_missing is None or fact.sent_missing is None:
        yield "not_checked"
    elif fact.sent_missing < fact.first_missing:
        yield "improved"
    else:
        yield "same" if fact.sent_missing == fact.first_missing else "less_complete"


def _repeat(fact: Fact) -> Iterator[str]:
    yield "repeat" if fact.repeat else "first"


def _against(said: Level | None, decided: Level | None) -> str:
    if decided is None:
        return "not_decided"
    if said is None:
        return "not_stated"
    if decided.number == said.number:
        return "same"
    return "decided_higher" if decided.number > said.number else "decided_lower"


MEASURES: Mapping[Measure, Callable[[Fact], Iterator[str]]] = {
    Measure.CONTACTS: _contacts,
    Measure.RATING: _rating,
    Measure.READ_LEVEL: _read_level,
    Measure.STATED_AGAINST_DECIDED: _stated_against_decided,
    Measure.READ_AGAINST_DECIDED: _read_against_decided,
    Measure.OUTCOME: _outcome,
    Measure.FLAG: _flag,
    Measure.ANY_FLAG: _any_flag,
    Measure.NOTIFICATION: _notification,
    Measure.NOTIFICATION_LOOKED: _looked,
    Measure.REASON: _reason,
    Measure.TIMELINESS: _timeliness,
    Measure.DECISION_TIME: _decision_time,
    Measure.REPLY: _reply,
    Measure.DRAFT: _draft,
    Measure.REPEAT: _repeat,
}

# A contact can be of several categories of these at once, or of none, so they have no total.
SEVERAL_AT_ONCE = frozenset({Measure.FLAG, Measure.REASON, Measure.EXPECTED})
