"""When the demonstration's contacts come, by agency, day and hour, and which of them still wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import cycle
from random import Random

from api import clocks
from api.demonstration.families import others_for, told_of
from api.demonstration.people import load_people
from api.demonstration.texts import Text, load_texts
from api.demonstration.truth import first_day, load_truth
from nlp.domain import Urgency

DAYS_A_MONTH, WORKING_DAYS_A_MONTH = 30.4, 21.0
ALWAYS_OPEN = frozenset({"police", "saltmere_hospital"})
# Of a police officer's hours, those of evening and night weigh most.
POLICE_HOURS = [3, 2, 2, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 4]

# Minutes ago, and how urgent: what has come in the last hours, and waits. The red one of five
# hours ago is over its four.
LATEST: Sequence[tuple[int, Urgency]] = (
    (6, Urgency.AMBER),
    (14, Urgency.RED),
    (27, Urgency.GREEN),
    (41, Urgency.GREEN),
    (58, Urgency.AMBER),
    (83, Urgency.GREEN),
    (112, Urgency.RED),
    (150, Urgency.AMBER),
    (197, Urgency.GREEN),
    (242, Urgency.AMBER),
    (301, Urgency.RED),
    (368, Urgency.GREEN),
)
UNREAD = 41  # minutes ago: the one whose reading failed
DOUBTFUL = frozenset({27, 83, 197})  # minutes ago: notifications that look inappropriate
WAITING, OVERDUE = 11, 3  # of those before the latest
FAMILIES = 5  # of those that wait, whose child was in one or two contacts before


class Part(StrEnum):
    """How far a contact has come."""

    WAITING = "waiting"
    UNREAD = "unread"
    DECIDED = "decided"


@dataclass(frozen=True)
class Planned:
    """A contact to come. ``repeats`` if its text was used before, and must be of other people."""

    at: datetime
    text: Text
    part: Part
    repeats: bool = False


def plan(at: datetime, random: Random) -> list[Planned]:
    """Give every contact until *at*, the newest first."""
    supply = _Supply(random)
    latest = list(_latest(at, supply, random))
    times = [
        (moment, agency) for agency in load_truth().monthly for moment in _times(at, agency, random)
    ]
    before = [
        Planned(moment, *_next(supply, agency)) for moment, agency in sorted(times, reverse=True)
    ]
    planned = latest + _leave_waiting(before, at, random)
    return sorted(planned + _families(planned, random), key=lambda each: each.at, reverse=True)


class _Supply:
    """Each agency's texts in an order of their own, over and over."""

    def __init__(self, random: Random) -> None:
        self.left: dict[str, list[Text]] = {}
        for agency, texts in load_texts().items():
            self.left[agency] = random.sample(list(texts), len(texts))
        self.again = {agency: cycle(texts.copy()) for agency, texts in self.left.items()}


def _next(supply: _Supply, agency: str) -> tuple[Text, Part, bool]:
    left = supply.left[agency]
    if left:
        return left.pop(0), Part.DECIDED, False
    return next(supply.again[agency]), Part.DECIDED, True


def _latest(at: datetime, supply: _Supply, random: Random) -> Iterator[Planned]:
    for minutes, urgency in LATEST:
        moment = at - timedelta(minutes=minutes)
        open_then = [a for a in supply.left if a in ALWAYS_OPEN or _in_hours(moment)]
        fitting = [t for a in open_then for t in supply.left[a] if t.urgency is urgency]
        if minutes in DOUBTFUL:
            fitting = [each for each in supply.left["police"] if not each.appropriate]
        if not fitting:
            continue
        named = [each for each in fitting if each.child.surname]
        text = random.choice(named or fitting)
        supply.left[text.sender].remove(text)
        yield Planned(moment, text, Part.UNREAD if minutes == UNREAD else Part.WAITING)


def _times(at: datetime, agency: str, random: Random) -> Iterator[datetime]:
    """When an agency's contacts came, until the latest ones, which are chosen apart."""
    until = at - timedelta(minutes=LATEST[-1][0])
    day = first_day(at)
    while day <= until.date():
        for _ in range(_number(day, agency, random)):
            moment = _moment(day, agency, random)
            if moment < until:
                yield moment
        day += timedelta(days=1)


def _number(day: date, agency: str, random: Random) -> int:
    truth = load_truth()
    expected = truth.monthly[agency] / DAYS_A_MONTH
    if agency not in ALWAYS_OPEN:
        working = clocks.is_working_day(day)
        expected = truth.monthly[agency] / WORKING_DAYS_A_MONTH if working else 0.0
    return draw_number(expected * usual_share(agency, day.month), random, chances=24)


def draw_number(expected: float, random: Random, *, chances: int) -> int:
    """Give a number of contacts as chance has it: nearly a Poisson variable, of small *chances*."""
    return sum(random.random() < expected / chances for _ in range(chances))


def usual_share(agency: str, month: int) -> float:
    """Give the share of its usual contacts that an agency sends in a month of the year."""
    holiday = load_truth().holiday
    group = next(each.group for each in load_people().agencies if each.id == agency)
    return holiday.share if (group, month) == (holiday.group, holiday.month) else 1.0


def _moment(day: date, agency: str, random: Random) -> datetime:
    if agency in ALWAYS_OPEN:
        hour = random.choices(range(24), POLICE_HOURS)[0]
        start = time(hour, random.randrange(60), random.randrange(60))
    else:
        minutes = round(random.triangular(8.5 * 60, 17.5 * 60, 15 * 60))
        start = time(minutes // 60, minutes % 60, random.randrange(60))
    return datetime.combine(day, start, tzinfo=clocks.LONDON)


def _in_hours(moment: datetime) -> bool:
    local = moment.astimezone(clocks.LONDON)
    return clocks.is_working_day(local.date()) and 8 <= local.hour < 18


def _leave_waiting(before: Sequence[Planned], at: datetime, random: Random) -> list[Planned]:
    """Leave some undecided that are not due yet, and the few newest that are overdue."""
    in_time, overdue, found = WAITING, OVERDUE, []
    for each in before:
        late = clocks.due_at(each.at, each.text.urgency) <= at
        if late and overdue and not each.repeats:
            overdue, each = overdue - 1, replace(each, part=Part.WAITING)
        elif not late and in_time and random.random() < 0.7:
            in_time, each = in_time - 1, replace(each, part=Part.WAITING)
        found.append(each)
    return found


def _families(planned: Sequence[Planned], random: Random) -> list[Planned]:
    """Earlier contacts about children of whom one waits, of an agency's own texts or another's."""
    texts = [text for of_agency in load_texts().values() for text in of_agency]
    waiting = [p for p in planned if p.part is Part.WAITING and not p.repeats]
    known = [p for p in waiting if p.text.child.surname]
    found: list[Planned] = []
    for base in known[:FAMILIES]:
        others = list(others_for(base.text, texts))
        for other in random.sample(others, min(len(others), random.choice([1, 2]))):
            text = told_of(base.text.child, other, random)
            earlier = base.at - timedelta(days=random.uniform(5, 38))
            found.append(Planned(earlier, text, Part.DECIDED))
    return found


def feedback_since(today: date) -> Mapping[str, date | None]:
    """Give since when each agency of the demonstration uses the feedback."""
    return {each.id: each.feedback_since(today) for each in load_people().agencies}
