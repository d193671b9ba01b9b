"""Two years of monthly figures before the contacts that are kept; no contact stands behind them.

They stand for contacts that retention has erased, or that another system held. Each is drawn from
how the demonstration's own texts of that agency are read, decided by the stated chances, and
counted as any contact is; what ``truth.yaml`` plants is drawn instead. Scores and levels stay as
read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import insert

from api import clocks
from api.demonstration.schedule import draw_number, usual_share
from api.demonstration.staff import (
    choose_expected,
    choose_inappropriate,
    choose_level,
    choose_outcome,
    decision_time,
    elements_added,
    incident_day,
    reasons_of,
    reply_time,
)
from api.demonstration.texts import Text
from api.demonstration.truth import first_day, load_truth, month_before, start_of
from api.figures.facts import Fact
from api.figures.measures import Measure, count
from api.store.opening import Store
from api.store.tables import MonthlyFigure
from nlp.assessment import Assessment
from nlp.domain import Assertion, Element, Form, Status

SEED = 11
MONTHS = 24

Read = tuple[Text, Assessment]


@dataclass(frozen=True)
class Chances:
    """Volumes and what is planted have a chance of their own: no reading can change them."""

    volume: Random
    planted: Random
    rest: Random
    notified: Random

    @classmethod
    def seeded(cls, seed: int) -> Chances:
        """Give the same chances for the same seed."""
        return cls(*(Random(seed + place) for place in range(4)))  # noqa: S311 - not secret


def write_history(
    store: Store,
    readings: Mapping[str, Read],
    *,
    at: datetime,
    feedback: Mapping[str, date | None],
) -> None:
    """Write the monthly figures of the two years before the contacts of *at*.

    *readings* are of texts by their id; an agency that none is of gets no history.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    chances, first = Chances.seeded(SEED), first_day(at)
    for back in range(MONTHS, 0, -1):
        month = month_before(first, back)
        rows: list[dict[str, object]] = []
        expected: Counter[tuple[Form, str, str]] = Counter()
        for agency in load_truth().monthly:
            own = [each for each in readings.values() if each[0].sender == agency]
            facts = list(_facts(agency, month, own, first, feedback, chances)) if own else []
            rows.extend(_rows(count(facts), agency, month))
            for _ in facts:
                if said := choose_expected(agency, chances.notified):
                    expected[Form.PPN, Measure.EXPECTED, said] += 1
        rows.extend(_rows(expected, load_truth().notifications.owed_by, month))
        with store.writing() as session:
            session.execute(insert(MonthlyFigure), rows)


def _rows(
    counted: Counter[tuple[Form, str, str]], agency: str, month: date
) -> Iterator[dict[str, object]]:
    for (form, measure, category), number in counted.items():
        yield {
            "measure": str(measure),
            "month": f"{month:%Y-%m}",
            "agency_id": agency,
            "form": form,
            "category": category,
            "count": number,
        }


def _facts(
    agency: str,
    month: date,
    own: Sequence[Read],
    first: date,
    feedback: Mapping[str, date | None],
    chances: Chances,
) -> Iterator[Fact]:
    expected = load_truth().monthly[agency] * usual_share(agency, month.month)
    since = feedback[agency]
    uses = since is not None and month >= since.replace(day=1)
    shares = dict(_planted(agency, month, first, since))
    for _ in range(draw_number(expected, chances.volume, chances=400)):
        day = month + timedelta(days=chances.rest.randrange(28))
        moment = time(chances.rest.randrange(8, 20), chances.rest.randrange(60))
        received = datetime.combine(day, moment, tzinfo=clocks.LONDON)
        yield _fact(chances.rest.choice(own), received, shares, uses=uses, chances=chances)


def _planted(
    agency: str, month: date, first: date, since: date | None
) -> Iterator[tuple[Element, float]]:
    """Give the share of an agency's contacts of *month* that lack each planted element."""
    truth = load_truth()
    outlier = truth.outlier
    yield outlier.element, outlier.missing if agency == outlier.agency else outlier.others
    for shift in truth.shifts:
        if shift.agency == agency:
            start = start_of(shift, first=first, feedback_since=since)
            yield shift.element, shift.after if month >= start else shift.before


def _fact(
    read: Read,
    received: datetime,
    shares: Mapping[Element, float],
    *,
    uses: bool,
    chances: Chances,
) -> Fact:
    (text, reading), random = read, chances.rest
    truth = load_truth()
    statuses = _statuses(reading, shares, chances.planted)
    missing = list(statuses.values()).count(Status.MISSING)
    decided = decision_time(received, clocks.due_at(received, reading.urgency.rating), random)
    level = choose_level(reading.level.likely, reading.level.plausible, truth.staff, random)
    inappropriate = choose_inappropriate(reading, text.form, truth.staff, random)
    flags = {f.flag.value for f in reading.safety_flags if f.assertion is Assertion.PRESENT}
    looked = reading.notification is not None and not reading.notification.appropriate
    added = elements_added(random, uses_feedback=uses)
    return Fact(
        form=text.form,
        received_at=received,
        incident_on=incident_day(received, form=text.form, random=chances.notified),
        stated_level=text.stated_level,
        read_level=reading.level.likely,
        score=reading.completeness.score,
        rating=reading.completeness.rating,
        statuses=statuses,
        flags=tuple(sorted(flags)),
        looks_inappropriate=looked,
        first_missing=None if added is None else missing + added,
        sent_missing=missing,
        repeat=random.random() < truth.repeats,
        decided_at=decided,
        decided_level=level,
        outcome=choose_outcome(level, random),
        inappropriate=inappropriate,
        reasons=tuple(each.value for each in reasons_of(reading)) if inappropriate else (),
        came_late=False,
        replied_at=reply_time(received, decided, random),
    )


def _statuses(
    reading: Assessment, shares: Mapping[Element, float], random: Random
) -> dict[str, str]:
    found = {
        each.element.value: each.status.value
        for each in reading.completeness.elements
        if each.expected
    }
    for element, share in shares.items():
        if element in found:
            missing = random.random() < share
            found[element.value] = (Status.MISSING if missing else Status.MET).value
    return found
