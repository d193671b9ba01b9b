"""The hub of the demonstration fills itself, once, with contacts in every state."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.assessor import Assessor
from api.clocks import LONDON, due_at
from api.demonstration import contacts, schedule
from api.demonstration.people import load_people, seed_people
from api.demonstration.renaming import change_reading, renamed
from api.demonstration.schedule import Part, Planned, plan
from api.demonstration.texts import load_texts
from api.demonstration.truth import first_day
from api.figures.shown import find_publications
from api.store.audit import verify
from api.store.codes import Stage
from api.store.opening import Store
from api.store.tables import Contact, Decision, PersonKey, Reply, SameChild, StoredAssessment
from nlp.domain import Element, Level, Urgency
from tests.fakes import FakeReader

THURSDAY = datetime(2026, 11, 26, 16, 9, tzinfo=LONDON)
NIGHT = datetime(2026, 12, 27, 3, 30, tzinfo=LONDON)
READER = FakeReader(
    evidence={Element.CONCERN: "the"}, plausible=(Level.EARLY_HELP, Level.CHILD_IN_NEED)
)


@pytest.fixture(scope="module")
def planned() -> list[Planned]:
    return plan(THURSDAY, Random(7))  # noqa: S311 - nothing secret


def of_part(planned: list[Planned], part: Part) -> list[Planned]:
    return [each for each in planned if each.part is part]


def test_about_sixty_days_of_every_agency_come_newest_first(planned: list[Planned]) -> None:
    assert 400 < len(planned) < 800
    assert [each.at for each in planned] == sorted((p.at for p in planned), reverse=True)
    assert {each.text.sender for each in planned} == {a.id for a in load_people().agencies}
    assert planned[0].at > THURSDAY - timedelta(hours=1)
    assert min(each.at for each in planned).date() - first_day(THURSDAY) < timedelta(days=4)


def test_what_waits_is_a_good_mix(planned: list[Planned]) -> None:
    waiting = of_part(planned, Part.WAITING)
    assert 20 <= len(waiting) <= 30
    assert len(of_part(planned, Part.UNREAD)) == 1
    assert {each.text.urgency for each in waiting} == set(Urgency)
    late = [each for each in waiting if due_at(each.at, each.text.urgency) < THURSDAY]
    assert 2 <= len(late) <= 6
    assert sum(not each.text.appropriate for each in waiting) >= 3


def test_police_write_at_night_and_schools_in_the_day(planned: list[Planned]) -> None:
    hours = Counter(
        (each.text.sender == "police", each.at.astimezone(LONDON).hour in range(8, 18))
        for each in planned
        if each.text.sender in {"police", "saltmere_primary"}
    )
    assert hours[True, False] > hours[True, True]
    school = [p for p in planned if p.text.sender == "saltmere_primary" and " " not in p.text.id]
    assert {each.at.astimezone(LONDON).weekday() for each in school} <= set(range(5))


def test_in_the_night_of_a_bank_holiday_there_is_a_queue_too() -> None:
    waiting = of_part(plan(NIGHT, Random(7)), Part.WAITING)  # noqa: S311 - nothing secret
    assert len(waiting) > 10
    latest = [each for each in waiting if each.at > NIGHT - timedelta(hours=6)]
    assert {each.text.sender for each in latest} <= schedule.ALWAYS_OPEN


def test_a_text_that_comes_again_is_about_other_people_and_is_read_the_same() -> None:
    assessor, random = Assessor.load(reader=READER), Random(1)  # noqa: S311 - nothing secret
    changed = 0
    for text in load_texts()["police"]:
        other, changes = renamed(text, random)
        assert len(other.text) == len(text.text)
        assert other.child.surname == "" or other.child.surname != text.child.surname
        reading = assessor.assess(text=text.text, form=text.form, agency=text.agency)
        again = assessor.assess(text=other.text, form=text.form, agency=text.agency)
        assert change_reading(reading, changes).safety_flags == again.safety_flags
        for element in change_reading(reading, changes).completeness.elements:
            for quoted in element.evidence:
                assert quoted.quote == other.text[quoted.start : quoted.end]
        changed += other.text != text.text
    assert changed > 30


def test_no_child_of_a_form_is_grown_up() -> None:
    texts = [text for of_agency in load_texts().values() for text in of_agency]
    for year in (2026, 2034):
        on = date(year, 6, 1)
        given = [person for text in texts for person in text.child.given(on=on)]
        assert len(given) > 40
        born = [person.date_of_birth for person in given if person.date_of_birth]
        assert all((on - each).days < 18 * 366 for each in born)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue, some contacts before it, and no history: quick."""

    def some(at: datetime, random: Random) -> list[Planned]:
        whole = plan(at, random)
        families = [each for each in whole if each.text.id.endswith("another")]
        return [*whole[:60], *[each for each in families if each not in whole[:60]]]

    monkeypatch.setattr(contacts, "plan", some)
    monkeypatch.setattr(contacts, "write_history", lambda *_given, **_named: None)


@pytest.mark.usefixtures("few")
def test_the_hub_fills_once_with_contacts_in_every_state(empty_store: Store) -> None:
    seed_people(empty_store)
    assessor = Assessor.load(reader=READER)
    number = contacts.fill(empty_store, assessor)
    assert number > 60
    with empty_store.reading() as session:
        stages = Counter(session.scalars(select(Contact.stage)))
        assert stages.total() == number
        assert stages[Stage.DECIDED] > 20
        assert stages[Stage.WAITING] > 15
        assert count_of(session, Contact, Contact.scored.is_(False)) == 1
        assert count_of(session, StoredAssessment) >= number - 1
        assert count_of(session, Contact, Contact.claimed_by.is_not(None)) >= 2
        assert count_of(session, Reply, Reply.sent_at.is_not(None))
        assert count_of(session, SameChild, SameChild.family_only.is_(False))
        assert count_of(session, PersonKey)
        made = session.execute(
            select(Decision.made_at, Contact.received_at).join(
                Contact, Contact.id == Decision.contact_id
            )
        )
        assert all(received < decided < datetime.now(UTC) for decided, received in made)
        assert verify(session).whole
    assert contacts.fill(empty_store, assessor) == 0


def count_of(session: Session, table: type, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_it_fills_beside_the_server_and_publishes_the_figures(
    sqlite_store: Store, few: None
) -> None:
    seed_people(sqlite_store)
    contacts.start_filling(sqlite_store, Assessor.load(reader=READER)).join(timeout=120)
    with sqlite_store.reading() as session:
        assert count_of(session, Contact)
        assert find_publications(session)


def test_without_a_reader_nothing_is_filled(sqlite_store: Store) -> None:
    seed_people(sqlite_store)
    loaded = Assessor.load(reader=READER)
    assessor = Assessor(None, loaded.rulebook, loaded.frameworks, loaded.forms)
    assert contacts.fill(sqlite_store, assessor) == 0
