"""Fill a store with many contacts, fast: rows as the service writes them, and no text is read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text

from api import clocks
from api.access import sign_ins
from api.access.identity import Identity
from api.access.keys import Scope, make
from api.assessor import Assessor
from api.intake.scoring import score
from api.store.codes import Channel, Relation, Role, Stage
from api.store.columns import new_id, now
from api.store.opening import Store
from api.store.tables import Contact, ContactPerson, User
from nlp.domain import Element, Form, Level, SafetyFlag, Urgency
from tests.fakes import FakeReader
from tests.hub_builders import add_agency, add_user

AGENCIES = tuple(f"agency_{number}" for number in range(12))
FORENAMES = ("Ava", "Leo", "Mia", "Jay", "Ella", "Sam", "Zara", "Kit", "Noah", "Ivy")
SURNAMES = ("Moss", "Ward", "Khan", "Price", "Novak", "O'Brien", "Ali", "Hall-Jones")
TEXT = "She comes to school without breakfast and her shoes have holes. " * 30
FLAGS = tuple(SafetyFlag)
YEARS = timedelta(days=3 * 365)
BATCH = 5_000


def fill(store: Store, *, contacts: int, waiting: int, seed: int = 7) -> None:
    """Insert *contacts* of three years, the newest *waiting* of which wait for a decision."""
    for agency in AGENCIES:
        add_agency(store, agency)
    rows = _rows(contacts, waiting, random.Random(seed))  # noqa: S311
    while batch := list(islice(rows, BATCH)):
        with store.writing() as session:
            session.execute(insert(Contact), [contact for contact, _ in batch])
            session.execute(insert(ContactPerson), [child for _, child in batch])
    analyse(store)


def analyse(store: Store) -> None:
    """Let PostgreSQL see what it holds, as it does by itself within a minute."""
    if not store.embedded:
        with store.writing() as session:
            session.execute(text("ANALYZE"))


def sign_in_staff(store: Store, people: int) -> list[str]:
    """Sign *people* of the hub in; give the values of their cookies."""
    return [sign_in(store, add_user(store, Role.HUB)) for _ in range(people)]


def make_key(store: Store) -> str:
    """Make a key of a system that may send."""
    by, lasts = add_user(store, Role.ADMINISTRATOR), timedelta(days=1)
    with store.writing() as session:
        scopes = [Scope.SEND]
        return make(session, agency_id=AGENCIES[0], label="load", scopes=scopes, lasts=lasts, by=by)


def read_waiting(store: Store, *, most: int) -> list[str]:
    """Read some contacts that wait, so that their pages have marks; give their ids."""
    waiting = select(Contact.id).where(Contact.stage == Stage.WAITING).limit(most)
    with store.reading() as session:
        found = list(session.scalars(waiting))
    assessor = Assessor.load(reader=FakeReader(evidence={Element.CONCERN: "breakfast"}))
    for contact_id in found:
        score(store, contact_id, assessor=assessor, again=True)
    return found


def sign_in(store: Store, identity: Identity) -> str:
    """Sign somebody in; give the value of their cookie."""
    with store.writing() as session:
        return sign_ins.begin(session, session.get_one(User, identity.id))


def _rows(
    contacts: int, waiting: int, rng: random.Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    newest = now()
    for number in range(contacts):
        late = number >= contacts - waiting
        age = rng.random() * timedelta(days=4) if late else rng.random() * YEARS
        sender = rng.choice(AGENCIES)
        contact = contact_row(number, newest - age, rng, agency=sender, waiting=late)
        yield contact, _child(contact["id"], rng)


def contact_row(
    number: int, received: datetime, rng: random.Random, *, agency: str, waiting: bool
) -> dict[str, Any]:
    """Give the columns of a contact that has been read; its number makes it one of a kind."""
    urgency, level = rng.choice(tuple(Urgency)), rng.randrange(len(Level))
    form = rng.choice(tuple(Form))
    levels = tuple(Level)
    flags = sorted(rng.sample(FLAGS, rng.choice((0, 0, 0, 1, 2))))
    return {
        "id": new_id(),
        "sender": "key:load",
        "client_key": f"load {number}",
        "agency_id": agency,
        "channel": Channel.API,
        "form": form,
        "form_type": "ppn" if form is Form.PPN else "safer",
        "received_at": received,
        "narrative": TEXT,
        "narrative_hash": "0" * 64,
        "characters": len(TEXT),
        "stage": Stage.WAITING if waiting else Stage.DECIDED,
        "scored": True,  # else the server would read them all while it is measured
        "due_at": clocks.due_at(received, urgency),
        "urgency": urgency,
        "level": levels[level],
        "lowest_level": levels[max(0, level - 1)],
        "highest_level": levels[min(3, level + 1)],
        "score": rng.randrange(100),
        "missing": rng.randrange(8),
        "flags": flags,
        "present_flags": len(flags),
        "version": 1,
    }


def _child(contact_id: str, rng: random.Random) -> dict[str, Any]:
    born = date.today() - timedelta(days=rng.randrange(17 * 365))  # noqa: DTZ011
    return {
        "contact_id": contact_id,
        "relation": Relation.CHILD,
        "forenames": rng.choice(FORENAMES),
        "surname": rng.choice(SURNAMES),
        "date_of_birth": born.isoformat(),
    }
