"""Two years of a small area's figures, with what leaders are to see planted in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from api import clocks
from api.figures.facts import Fact
from api.figures.measures import Measure, count
from api.store.codes import Expected, Outcome
from api.store.opening import Store
from api.store.tables import Agency
from nlp import domain
from nlp.domain import LEVELS, Element, Form, Reason, SafetyFlag
from tests.figure_builders import MONTHS, keep_counts, publish_all

FELL = "2025-03"  # from this month on, the academy's contacts leave the child's voice out
FEEDBACK = date(2025, 1, 1)
MISSING = 7  # notifications a month that staff expected of the police and that never came
KINDS = {
    "academy": ("Pinewood Academy", domain.Agency.SCHOOL, 40),
    "homes": ("Harbour Homes", domain.Agency.HOUSING, 22),
    "police": ("Marskley Police", domain.Agency.POLICE, 50),
    "primary": ("Hilltop Primary School", domain.Agency.SCHOOL, 60),
    "visiting": ("Hilltop Health Visiting", domain.Agency.HEALTH, 28),
    "tiny": ("Riverside Surgery", domain.Agency.HEALTH, 2),
}


def fill_area(store: Store) -> None:
    """Keep and publish it."""
    random = Random(5)  # noqa: S311 - nothing secret
    with store.writing() as session:
        for agency, (name, kind, _) in KINDS.items():
            code, since = "6" if agency == "police" else "2A", FEEDBACK
            session.merge(  # the demonstration may have it
                Agency(
                    id=agency,
                    name=name,
                    kind=kind,
                    source_code=code,
                    group="Schools" if kind is domain.Agency.SCHOOL else None,
                    feedback_since=since if agency == "primary" else None,
                )
            )
    with store.writing() as session:
        for agency in KINDS:
            for month in MONTHS:
                counted = count(_facts(agency, month, random))
                if agency == "police":
                    counted[Form.PPN, Measure.EXPECTED, Expected.NEVER_CAME] = MISSING
                keep_counts(session, counted, month=month, agency=agency)
    publish_all(store)


def _facts(agency: str, month: str, random: Random) -> Iterator[Fact]:
    usual = KINDS[agency][2]
    for _ in range(max(1, round(random.gauss(usual, usual**0.5)))):
        yield _fact(agency, month, random)


def _fact(agency: str, month: str, random: Random) -> Fact:
    start = clocks.month_bounds(month)[0] + timedelta(days=random.randrange(27), hours=10)
    police, decided = agency == "police", random.randrange(4)
    inappropriate = random.random() < 0.2 if police else None
    return Fact(
        form=Form.PPN if police else Form.REFERRAL,
        received_at=start,
        incident_on=start.date() - timedelta(days=4 * (start.day % 5 == 0)) if police else None,
        stated_level=LEVELS[min(3, max(0, decided + random.choice((-1, 0, 0, 0, 1))))],
        read_level=LEVELS[decided],
        score=min(100, max(0, round(random.gauss(62, 9)))),
        rating=random.choice(
            ("good", "requires_improvement", "requires_improvement", "inadequate")
        ),
        statuses={
            element: "missing" if random.random() < _missing(agency, month, element) else "met"
            for element in Element
        },
        flags=(SafetyFlag.WEAPON,) if random.random() < 0.1 else (),
        looks_inappropriate=bool(inappropriate),
        first_missing=5 if random.random() < 0.5 else None,
        sent_missing=random.choice((3, 5)),
        repeat=random.random() < 0.15,
        decided_at=start + timedelta(hours=random.choice((2, 20, 50))),
        decided_level=LEVELS[decided],
        outcome=random.choice(list(Outcome)),
        inappropriate=inappropriate,
        reasons=(random.choice(list(Reason)[:3]),) if inappropriate else (),
        came_late=False,
        replied_at=start + timedelta(hours=20),
    )


def _missing(agency: str, month: str, element: Element) -> float:
    usual = 0.2 + 0.3 * list(Element).index(element) / len(Element)
    if element is not Element.CHILD_VOICE:
        return usual
    if agency == "academy":
        return 0.7 if month >= FELL else 0.25
    if agency == "primary":
        return 0.3 if month >= f"{FEEDBACK:%Y-%m}" else 0.65
    return usual
