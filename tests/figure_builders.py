"""Put decisions and monthly figures in a store and publish them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.clocks import LONDON
from api.figures.publishing import publish
from api.store.codes import Outcome, Role
from api.store.opening import Store
from api.store.tables import Agency, Decision, MonthlyFigure
from nlp import domain
from nlp.domain import Form, Level
from tests.hub_builders import add_user

MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
AFTER = datetime(2026, 1, 15, tzinfo=LONDON)


def add_agencies(store: Store, agencies: Sequence[str]) -> None:
    """Keep schools of these ids, every second one in the group 'north'."""
    with store.writing() as session:
        for place, agency in enumerate(agencies):
            session.add(
                Agency(
                    id=agency,
                    name=agency.title(),
                    kind=domain.Agency.SCHOOL,
                    source_code="2A",
                    group="north" if place % 2 else None,
                )
            )


def add_decision(
    store: Store,
    contact_id: str,
    *,
    outcome: Outcome = Outcome.REFERRAL,
    level: Level = Level.CHILD_IN_NEED,
    **columns: Any,
) -> None:
    """Keep a decision of somebody at the hub, straight in its table; *columns* are others of it."""
    staff = add_user(store, Role.HUB)
    with store.writing() as session:
        session.add(
            Decision(
                contact_id=contact_id, made_by=staff.id, outcome=outcome, level=level, **columns
            )
        )


def keep_counts(
    session: Session, counted: Mapping[tuple[Form, str, str], int], *, month: str, agency: str
) -> None:
    """Keep an agency's figures of a month, by form, measure and category; no row is a nought."""
    for (form, measure, category), number in counted.items():
        if number:
            session.add(
                MonthlyFigure(
                    measure=measure,
                    month=month,
                    agency_id=agency,
                    form=form,
                    category=category,
                    count=number,
                )
            )


def fill(
    store: Store,
    measure: str,
    agencies: Sequence[str],
    counts: Callable[[str, int], dict[str, int]],
    *,
    form: Form = Form.REFERRAL,
) -> None:
    """Keep two years of figures: *counts* gives an agency's categories in the month of a place.

    The number of contacts is kept as the categories' sum.
    """
    with store.writing() as session:
        for agency in agencies:
            for place, month in enumerate(MONTHS):
                categories = counts(agency, place)
                told = {(form, measure, each): number for each, number in categories.items()}
                told[form, "contacts", "all"] = sum(categories.values())
                keep_counts(session, told, month=month, agency=agency)


def publish_all(store: Store) -> None:
    """Publish what was filled in."""
    assert publish(store, at=AFTER)
