"""Earlier contacts about the same child are suggested, counted and said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from api.assessor import Assessor
from api.intake import linking
from api.intake.linking import link
from api.intake.scoring import as_assessment, latest, links_changed
from api.intake.submission import PersonGiven
from api.intake.worker import read_contact
from api.store.audit import verify
from api.store.codes import LinkState, Relation
from api.store.opening import Store
from api.store.tables import Contact, PersonKey, SameChild
from nlp.assessment import Assessment
from nlp.domain import Form
from tests.hub_builders import add_contact

DAY = timedelta(days=1)
TODAY = datetime.now(UTC) - timedelta(hours=1)
AVA = PersonGiven(
    forenames="Ava Rose",
    surname="Moldcroft",
    date_of_birth=date(2019, 3, 24),
    address="12 Grange Road, Marskley",
    postcode="TS10 9ZZ",
)
SLIPS = PersonGiven(forenames="Eva", surname="Moldcroft", date_of_birth=date(2019, 3, 24))
BROTHER = PersonGiven(
    forenames="Kasper",
    surname="Moldcroft",
    date_of_birth=date(2012, 8, 1),
    address="12 Grange Road, Marskley",
    postcode="TS10 9ZZ",
)
STRANGER = PersonGiven(forenames="Tomasz", surname="Bielak", date_of_birth=date(2010, 1, 2))
ARGUMENT = "Officers attended a verbal argument between two adults. Nobody was hurt."


def notify(store: Store, *people: PersonGiven, days_ago: float = 0) -> str:
    return add_contact(
        store,
        ARGUMENT,
        form=Form.PPN,
        agency_id="police_a",
        people=people,
        received_at=TODAY - days_ago * DAY,
    )


def links(store: Store) -> list[SameChild]:
    with store.reading() as session:
        return list(session.scalars(select(SameChild)))


def reading_of(store: Store, contact_id: str) -> Assessment:
    with store.reading() as session:
        stored = latest(session.get_one(Contact, contact_id))
    assert stored is not None
    return as_assessment(stored)


def say(store: Store, later: str, state: LinkState) -> None:
    with store.writing() as session:
        for each in session.scalars(select(SameChild).where(SameChild.later_id == later)):
            each.state = state


def test_the_same_child_is_suggested_with_codes_of_the_reasons(empty_store: Store) -> None:
    earlier, later = notify(empty_store, AVA, days_ago=30), notify(empty_store, AVA)
    assert link(empty_store, earlier) == frozenset()
    assert link(empty_store, later) == {later}
    (found,) = links(empty_store)
    assert (found.later_id, found.earlier_id) == (later, earlier)
    assert found.state is LinkState.SUGGESTED
    assert found.probability > 0.95
    assert not found.family_only
    assert {"forename.same", "surname.same", "date_of_birth.same"} <= set(found.reasons)


def test_linking_twice_makes_no_second_link(empty_store: Store) -> None:
    both = [notify(empty_store, AVA, days_ago=9), notify(empty_store, AVA)]
    for each in both * 2:
        link(empty_store, each)
    assert len(links(empty_store)) == 1


def test_a_brother_is_family_and_does_not_count_as_the_child(
    empty_store: Store, assessor: Assessor
) -> None:
    read_contact(empty_store, notify(empty_store, BROTHER, days_ago=9), assessor=assessor)
    later = notify(empty_store, AVA)
    read_contact(empty_store, later, assessor=assessor)
    assert all(each.family_only for each in links(empty_store))
    assert reading_of(empty_store, later).notification.never_inappropriate_because is None  # type: ignore[union-attr]


@pytest.mark.parametrize("person", [STRANGER, PersonGiven(relation=Relation.PARENT)])
def test_strangers_and_people_without_names_are_not_linked(
    empty_store: Store, person: PersonGiven
) -> None:
    for each in (notify(empty_store, AVA, days_ago=9), notify(empty_store, person)):
        link(empty_store, each)
    assert links(empty_store) == []


def test_contacts_more_than_five_years_apart_are_not_linked(empty_store: Store) -> None:
    for each in (notify(empty_store, AVA, days_ago=1900), notify(empty_store, AVA)):
        link(empty_store, each)
    assert links(empty_store) == []


def test_keys_are_kept_without_words(empty_store: Store) -> None:
    link(empty_store, notify(empty_store, AVA))
    with empty_store.reading() as session:
        digests = list(session.scalars(select(PersonKey.digest)))
    assert digests
    assert all(len(each) == 32 and set(each) <= set("0123456789abcdef") for each in digests)


def test_a_third_notification_in_twelve_months_is_never_inappropriate_and_is_said(
    empty_store: Store, assessor: Assessor
) -> None:
    sent = [notify(empty_store, AVA, days_ago=days) for days in (200, 100, 0)]
    for each in sent:
        read_contact(empty_store, each, assessor=assessor)
    second, third = (reading_of(empty_store, each).notification for each in sent[1:])
    assert second is not None
    assert third is not None
    assert (second.appropriate, third.appropriate) == (False, True)
    assert third.never_inappropriate_because is not None
    assert "third" in third.never_inappropriate_because


def test_what_came_more_than_twelve_months_before_does_not_count(
    empty_store: Store, assessor: Assessor
) -> None:
    sent = [notify(empty_store, AVA, days_ago=days) for days in (400, 100, 0)]
    for each in sent:
        read_contact(empty_store, each, assessor=assessor)
    last = reading_of(empty_store, sent[-1]).notification
    assert last is not None
    assert not last.appropriate


def test_what_staff_say_of_a_link_is_read_by_and_stays_said(
    empty_store: Store, assessor: Assessor
) -> None:
    sent = [notify(empty_store, AVA, days_ago=days) for days in (200, 100, 0)]
    for each in sent:
        read_contact(empty_store, each, assessor=assessor)
    assert not links_changed(empty_store, sent[-1], assessor)
    say(empty_store, sent[-1], LinkState.REJECTED)
    assert links_changed(empty_store, sent[-1], assessor)
    assert not reading_of(empty_store, sent[-1]).notification.appropriate  # type: ignore[union-attr]
    link(empty_store, sent[-1])
    assert {e.state for e in links(empty_store) if e.later_id == sent[-1]} == {LinkState.REJECTED}
    say(empty_store, sent[-1], LinkState.CONFIRMED)
    assert links_changed(empty_store, sent[-1], assessor)
    assert reading_of(empty_store, sent[-1]).notification.appropriate  # type: ignore[union-attr]
    with empty_store.reading() as session:
        assert verify(session).whole


def test_history_that_is_imported_later_is_counted_for_what_came_before_it(
    empty_store: Store, assessor: Assessor
) -> None:
    now, *history = (notify(empty_store, AVA, days_ago=days) for days in (0, 100, 200))
    for each in (now, *history):
        read_contact(empty_store, each, assessor=assessor)
    assert reading_of(empty_store, now).notification.appropriate  # type: ignore[union-attr]


def test_the_sender_s_own_count_stands_where_it_is_higher(
    empty_store: Store, assessor: Assessor
) -> None:
    contact_id = notify(empty_store, AVA)
    with empty_store.writing() as session:
        session.get_one(Contact, contact_id).earlier_contacts = 4
    read_contact(empty_store, contact_id, assessor=assessor)
    with empty_store.reading() as session:
        stored = latest(session.get_one(Contact, contact_id))
    assert stored is not None
    assert stored.earlier_contacts == 4


def test_nobody_s_words_are_read_to_link_and_contacts_are_counted_once_a_minute(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [notify(empty_store, AVA, days_ago=days) for days in (9, 0)]
    asked: list[str] = []
    event.listen(empty_store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for each in sent:
        link(empty_store, each)
    assert len(links(empty_store)) == 1
    assert not [each for each in asked if "narrative" in each]
    counts = [each for each in asked if each.startswith("SELECT count(*)")]
    assert len(counts) == 1
    monkeypatch.setattr(linking, "COUNT_KEPT_SECONDS", 0.0)
    link(empty_store, sent[0])
    assert len([each for each in asked if each.startswith("SELECT count(*)")]) == 2


def test_of_two_that_come_at_once_one_finds_the_other(empty_store: Store) -> None:
    """Both have their keys in before either looks."""
    both = [notify(empty_store, AVA), notify(empty_store, SLIPS)]
    for each in both:
        link(empty_store, each)
    with empty_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(PersonKey))
