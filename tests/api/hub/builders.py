"""Contacts as the queue meets them: read, with chosen findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import update

from api.assessor import Assessor
from api.intake.scoring import score
from api.intake.submission import PersonGiven
from api.store.opening import Store
from api.store.tables import Contact
from nlp.domain import Form, Level, NeedDomain, Reason, Urgency
from tests.fakes import FakeReader
from tests.hub_builders import TEXT, add_contact

QUIET = "Two adults argued about money. Two children were asleep upstairs."


def add_read(
    store: Store,
    text: str = QUIET,
    *,
    form: Form = Form.REFERRAL,
    agency_id: str = "school_a",
    received_at: datetime | None = None,
    people: tuple[PersonGiven, ...] = (),
    level: Level = Level.EARLY_HELP,
    plausible: tuple[Level, ...] | None = None,
    urgency: Urgency = Urgency.GREEN,
    inappropriate: bool = False,
    needs: Mapping[NeedDomain, str] = MappingProxyType({}),
    **values: Any,
) -> str:
    """Keep a contact and read it; give its id. *values* are set on it as they are.

    Of *needs* each weighs where its word stands.
    """
    contact_id = add_contact(
        store, text, form=form, agency_id=agency_id, received_at=received_at, people=people
    )
    reader = FakeReader(
        level=level,
        plausible=plausible,
        urgency=urgency,
        inappropriate=0.8 if inappropriate else 0.1,
        reasons=frozenset({Reason.ADULT_PATHWAY}),
        domains=frozenset(needs),
        weights=dict(needs),
    )
    assert score(store, contact_id, assessor=Assessor.load(reader=reader))
    if values:
        with store.writing() as session:
            session.execute(update(Contact).where(Contact.id == contact_id).values(**values))
    return contact_id


__all__ = ["QUIET", "TEXT", "add_read"]
