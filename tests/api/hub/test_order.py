"""The order of the queue, as properties: who comes first, and that nothing puts a contact down."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Column, select
from sqlalchemy.sql import visitors

from api import clocks
from api.hub.order import OrderFile, Step, by_order, load_order, place
from api.store.opening import Store
from api.store.tables import Contact
from nlp.domain import Level, Urgency
from tests.hub_builders import add_contact

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALL = 400


@dataclass(frozen=True)
class Facts:
    """What the order knows of a contact."""

    id: str
    received_at: datetime
    scored: bool = True
    present_flags: int = 0
    urgency: Urgency | None = Urgency.GREEN
    highest_level: Level | None = Level.EARLY_HELP
    vulnerability: int = 0

    @property
    def due_at(self) -> datetime:
        return clocks.due_at(self.received_at, self.urgency)


def unscored(facts: Facts) -> Facts:
    return replace(
        facts, scored=False, present_flags=0, urgency=None, highest_level=None, vulnerability=0
    )


MOMENTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
CONTACTS = st.builds(
    Facts,
    id=st.uuids().map(lambda made: made.hex),
    received_at=MOMENTS,
    present_flags=st.integers(0, 4),
    urgency=st.sampled_from(Urgency),
    highest_level=st.sampled_from(Level),
    vulnerability=st.integers(0, 3),
)


@settings(deadline=None)  # the first example reads the bank holidays
@given(CONTACTS, st.lists(CONTACTS, max_size=5))
def test_what_was_not_read_comes_before_everything(contact: Facts, others: list[Facts]) -> None:
    assert all(place(unscored(contact)) < place(other) for other in others)


@settings(deadline=None)
@given(CONTACTS)
def test_one_more_flag_never_moves_a_contact_down(contact: Facts) -> None:
    flagged = replace(contact, present_flags=contact.present_flags + 1)
    assert place(flagged) <= place(contact)
    if contact.urgency is Urgency.GREEN:  # a present flag leaves no contact green
        sooner = replace(flagged, urgency=Urgency.AMBER)
        assert place(sooner) < place(flagged)


@settings(deadline=None)
@given(CONTACTS, st.sampled_from(["urgency", "highest_level", "vulnerability"]))
def test_more_need_never_moves_a_contact_down(contact: Facts, field: str) -> None:
    more = {
        "urgency": replace(contact, urgency=Urgency.RED),
        "highest_level": replace(contact, highest_level=Level.CHILD_PROTECTION),
        "vulnerability": replace(contact, vulnerability=contact.vulnerability + 1),
    }
    assert place(more[field]) <= place(contact)


@settings(deadline=None)
@given(CONTACTS, st.timedeltas(timedelta(hours=1), timedelta(days=30)))
def test_of_two_alike_the_one_that_waited_longer_is_first(contact: Facts, wait: timedelta) -> None:
    earlier = replace(contact, received_at=contact.received_at - wait)
    assert place(earlier) < place(contact)


@settings(deadline=None)
@given(st.lists(CONTACTS, max_size=8, unique_by=lambda contact: contact.id), st.randoms())
def test_the_order_is_total_and_does_not_depend_on_where_one_starts(
    contacts: list[Facts], shuffler: random.Random
) -> None:
    ordered = sorted(contacts, key=place)
    shuffled = list(contacts)
    shuffler.shuffle(shuffled)
    assert sorted(shuffled, key=place) == ordered
    assert len({place(contact) for contact in contacts}) == len(contacts)


LOOKED_AT = {
    "scored",
    "present_flags",
    "urgency",
    "due_at",
    "highest_level",
    "vulnerability",
    "received_at",
    "id",
}


def test_nothing_is_looked_at_but_need_and_time() -> None:
    """Not completeness, not whether a notification looks inappropriate, not who sent it."""
    assert {step.by for step in load_order().steps} == set(Step)
    columns = {
        str(part.name)
        for rank in by_order()
        for part in visitors.iterate(rank)
        if isinstance(part, Column)
    }
    assert columns == LOOKED_AT


@pytest.mark.parametrize(
    "broken",
    [
        lambda steps: steps[1:],
        lambda steps: (steps[1], steps[0], *steps[2:]),
        lambda steps: (*steps, steps[0]),
        lambda steps: (steps[0], steps[-1], *steps[1:-1]),
    ],
    ids=["one left out", "unscored not first", "one twice", "waiting not last"],
)
def test_a_rule_that_is_not_whole_is_refused(broken: object) -> None:
    given = load_order().model_dump()
    with pytest.raises(ValidationError, match="unscored first, waiting last"):
        OrderFile.model_validate(given | {"steps": broken(given["steps"])})  # type: ignore[operator]


def rows(count: int) -> Iterator[dict[str, object]]:
    """Random contacts, many of them alike in most steps."""
    rng = random.Random(11)  # noqa: S311
    for number in range(count):
        received = START + timedelta(minutes=rng.randrange(3 * 24 * 60))
        read = rng.random() > 0.1
        urgency = rng.choice(list(Urgency)) if read else None
        yield {
            "id": f"{rng.getrandbits(128):032x}",
            "client_key": f"key {number}",
            "received_at": received,
            "due_at": clocks.due_at(received, urgency),
            "scored": read,
            "urgency": urgency,
            "present_flags": rng.choice([0, 0, 1, 2]) if read else 0,
            "highest_level": rng.choice(list(Level)) if read else None,
            "vulnerability": rng.choice([0, 0, 1, 2]) if read else 0,
        }


def test_the_databases_order_as_the_rule_does(empty_store: Store) -> None:
    first_id = add_contact(empty_store)
    with empty_store.writing() as session:
        first = session.get_one(Contact, first_id)
        kept = {
            c.key: getattr(first, c.key) for c in Contact.__table__.columns if c.key != "version"
        }
        session.add_all(Contact(**kept | row) for row in rows(ALL))
    with empty_store.reading() as session:
        found = list(session.scalars(select(Contact).order_by(*by_order())))
    assert len(found) == ALL + 1
    assert [contact.id for contact in found] == [contact.id for contact in sorted(found, key=place)]
