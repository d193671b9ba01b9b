"""Put agencies, people and contacts in a store, each with sensible defaults."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from starlette.testclient import TestClient

from api.access import sign_ins
from api.access.identity import Identity
from api.access.rules import COOKIE
from api.intake.submission import PersonGiven, Submission, submit
from api.store.codes import Channel, Role
from api.store.opening import Store
from api.store.tables import Agency, User
from nlp import domain
from nlp.domain import Form

NUMBERS = count(1)
TEXT = "Ava told staff that she is hungry and that her dad hit her."


def add_agency(
    store: Store, agency_id: str = "school_a", *, kind: domain.Agency = domain.Agency.SCHOOL
) -> str:
    """Keep an agency, unless it is there; give its id."""
    with store.writing() as session:
        if session.get(Agency, agency_id) is None:
            code = "6" if kind is domain.Agency.POLICE else "2A"
            session.add(Agency(id=agency_id, name=agency_id, kind=kind, source_code=code))
    return agency_id


def add_user(store: Store, role: Role = Role.HUB, *, agency_id: str | None = None) -> Identity:
    """Keep a new person; give who they are when signed in. A referrer gets an agency."""
    if role is Role.REFERRER:
        agency_id = add_agency(store, agency_id or "school_a")
    number = next(NUMBERS)
    with store.writing() as session:
        user = User(
            issuer="test",
            subject=f"{role}-{number}",
            name=f"Test {role} {number}",
            role=role,
            agency_id=agency_id,
        )
        session.add(user)
        session.flush()
        return Identity(
            kind="user", id=user.id, name=user.name, role=role, agency_id=user.agency_id
        )


def add_contact(
    store: Store,
    text: str = TEXT,
    *,
    form: Form = Form.REFERRAL,
    agency_id: str = "school_a",
    received_at: datetime | None = None,
    people: tuple[PersonGiven, ...] = (),
    client_key: str | None = None,
) -> str:
    """Keep a contact, not yet read; give its id."""
    sender = add_user(store, Role.REFERRER, agency_id=agency_id)
    given = Submission(
        text=text,
        form=form,
        form_type="ppn" if form is Form.PPN else "safer",
        agency_id=agency_id,
        client_key=client_key or f"key-{next(NUMBERS)}",
        channel=Channel.PAGE,
        received_at=received_at,
        people=people,
    )
    return submit(store, given, sender=sender).contact_id


def sign_in(client: TestClient, store: Store, identity: Identity) -> str:
    """Sign *identity* in on *client*, which must speak https; give the token for its forms."""
    with store.writing() as session:
        token = sign_ins.begin(session, session.get_one(User, identity.id))
    client.cookies.set(COOKIE, token, domain="testserver.local", path="/")
    found = sign_ins.find(store, token)
    assert found is not None
    return found.form_token
