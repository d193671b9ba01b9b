"""Erase words and names when their time is over; codes, counts and the audit log stay whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator
from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.access.errors import ConflictError, NotFoundError
from api.intake.importing.rows import BY_NUMBER
from api.store.audit import record
from api.store.codes import Action, Channel, Outcome, Stage
from api.store.columns import EncryptedJson, now
from api.store.encrypted import encrypted_columns
from api.store.opening import Store
from api.store.tables import (
    Contact,
    ContactPerson,
    Decision,
    Draft,
    PersonKey,
    SameChild,
    SignIn,
    SilentAnswer,
)
from nlp.rule_files import RuleFile, load_rule_file

_FILE = Path(__file__).parent / "retention.yaml"
BATCH = 100
OPERATOR = "system"  # who runs a command is not known to it


class Periods(RuleFile):
    """Days that things are kept."""

    contacts: Mapping[Outcome, int]
    drafts: int = Field(ge=1)
    sign_ins: int = Field(ge=1)

    @field_validator("contacts")
    @classmethod
    def _names_every_outcome(cls, value: Mapping[Outcome, int]) -> Mapping[Outcome, int]:
        if missing := set(Outcome) - set(value):
            raise ValueError(f"say how long for {', '.join(sorted(missing))}")
        return value


@cache
def load_periods(path: Path = _FILE) -> Periods:
    """Give how long things are kept.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(path, Periods)


def count_due(store: Store, periods: Periods, *, at: datetime | None = None) -> Counter[str]:
    """Give how many things are over, by kind; change nothing."""
    at, counts = at or now(), Counter[str]()
    with store.reading() as session:
        for outcome in periods.contacts:
            due = _due(outcome, periods, at).subquery()
            counts[outcome] = session.scalar(select(func.count()).select_from(due)) or 0
        for kind, rows in _passing(periods, at).items():
            counts[kind] = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    return counts


def purge(store: Store, periods: Periods, *, at: datetime | None = None) -> Counter[str]:
    """Erase what is over, in batches; give how many things, by kind."""
    at, counts = at or now(), Counter[str]()
    for outcome in periods.contacts:
        while erased := _erase_batch(store, _due(outcome, periods, at)):
            counts[outcome] += erased
    with store.writing() as session:
        for kind, rows in _passing(periods, at).items():
            passing = list(session.scalars(rows))
            counts[kind] = len(passing)
            for row in passing:
                session.delete(row)
    return counts


def erase(session: Session, contact_id: str, *, actor: str, why: str) -> None:
    """Erase the words of one contact and the people in it, wherever the tables keep them.

    Raises:
        NotFoundError: If there is no such contact.
        ConflictError: If it is on legal hold.
    """
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFoundError("contact")
    if contact.legal_hold:
        raise ConflictError("This contact is on legal hold; lift the hold first.")
    _erase_words(session, contact_id)
    people = select(ContactPerson.id).where(ContactPerson.contact_id == contact_id)
    session.execute(delete(PersonKey).where(PersonKey.person_id.in_(people)))
    session.execute(delete(ContactPerson).where(ContactPerson.contact_id == contact_id))
    either = or_(SameChild.later_id == contact_id, SameChild.earlier_id == contact_id)
    session.execute(delete(SameChild).where(either))
    session.execute(delete(SilentAnswer).where(SilentAnswer.contact_id == contact_id))
    session.refresh(contact)
    contact.erased_at, contact.external_id = now(), None
    if not (contact.channel is Channel.IMPORT and contact.client_key.startswith(BY_NUMBER)):
        # A sender's own key may be a name, or be made of the words. The hash of an export's number
        # stays: an old export must not bring back what was erased.
        contact.client_key = contact.id
    contact.narrative_hash = ""  # whoever guessed the words could check the guess
    target = f"contact:{contact_id}"
    record(session, actor=actor, action=Action.ERASED, target=target, details={"why": why})


def hold(session: Session, contact_id: str, *, held: bool, actor: str) -> None:
    """Put a contact on legal hold, or lift it: what is held is not erased.

    Raises:
        NotFoundError: If there is no such contact.
    """
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFoundError("contact")
    contact.legal_hold = held
    action = Action.HELD if held else Action.HOLD_LIFTED
    record(session, actor=actor, action=action, target=f"contact:{contact_id}")


def _due(outcome: Outcome, periods: Periods, at: datetime) -> Select[str]:
    """The contacts whose last decision was *outcome*, too long ago; imported ones by arrival."""
    before = at - timedelta(days=periods.contacts[outcome])
    last = (
        select(Decision.contact_id, func.max(Decision.made_at).label("made_at"))
        .group_by(Decision.contact_id)
        .subquery()
    )
    here = and_(
        Contact.stage == Stage.DECIDED, Decision.outcome == outcome, Decision.made_at < before
    )
    elsewhere = and_(
        last.c.made_at.is_(None),
        Contact.decided_elsewhere == outcome,
        Contact.received_at < before,
    )
    return (
        select(Contact.id)
        .outerjoin(last, last.c.contact_id == Contact.id)
        .outerjoin(
            Decision,
            and_(Decision.contact_id == Contact.id, Decision.made_at == last.c.made_at),
        )
        .where(Contact.erased_at.is_(None), Contact.legal_hold.is_(False), or_(here, elsewhere))
    )


def _passing(periods: Periods, at: datetime) -> Mapping[str, Select[Draft] | Select[SignIn]]:
    """What is deleted whole, for it holds no words: counts of drafts, and sessions."""
    drafts = select(Draft).where(Draft.started_at < at - timedelta(days=periods.drafts))
    sign_ins = select(SignIn).where(SignIn.seen_at < at - timedelta(days=periods.sign_ins))
    return {"drafts": drafts, "sign_ins": sign_ins}


def _erase_batch(store: Store, due: Select[str]) -> int:
    with store.writing() as session:
        ids = list(session.scalars(due.limit(BATCH)))
        for contact_id in ids:
            erase(session, contact_id, actor=OPERATOR, why="retention")
    return len(ids)


def _erase_words(session: Session, contact_id: str) -> None:
    """Empty every encrypted column of the contact and of what belongs to it."""
    for column in encrypted_columns():
        owner = column.table.columns.get("contact_id")
        if column.table is Contact.__table__:
            owner = Contact.__table__.columns["id"]
        if owner is None:
            continue  # of agencies and users, whose words are no contact's
        empty = {} if isinstance(column.type, EncryptedJson) else ""
        value = None if column.nullable else empty
        session.execute(update(column.table).where(owner == contact_id).values({column: value}))
