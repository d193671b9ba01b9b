"""Figures on pages and in files equal a plain count of the contacts, made another way."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.clocks import LONDON
from api.figures.export import COLUMNS, Wanted, figure_rows
from api.figures.files import Format, write_table
from api.figures.publishing import publish
from api.figures.summaries import refresh
from api.main import create_app
from api.settings import Settings
from api.store.codes import Outcome, Role
from api.store.opening import Store
from api.store.tables import Contact, Decision
from nlp.domain import Form, Level
from tests.hub_builders import add_contact, add_user, sign_in

AT = datetime(2026, 7, 12, tzinfo=LONDON)
AGENCIES = ("school_a", "school_b", "school_c")
LEVELS = tuple(Level)

# measure, period, agency, form, category
Key = tuple[str, str, str, str, str]


@pytest.fixture
def counted(empty_store: Store) -> Store:
    """Some six hundred contacts of three months, more than half of them decided."""
    random, staff = Random(3), add_user(empty_store, Role.HUB)  # noqa: S311 - nothing secret
    for place in range(600):
        received = datetime(2026, 4 + place // 3 % 3, 1 + random.randrange(28), 12, tzinfo=LONDON)
        form = Form.PPN if place % 3 == 0 else Form.REFERRAL
        contact_id = add_contact(
            empty_store, agency_id=random.choice(AGENCIES), form=form, received_at=received
        )
        with empty_store.writing() as session:
            contact = session.get_one(Contact, contact_id)
            contact.stated_level = random.choice(LEVELS)
            contact.incident_on = received.date() - timedelta(days=place % 4)
            if random.random() < 0.6:
                session.add(
                    Decision(
                        contact_id=contact_id,
                        made_by=staff.id,
                        made_at=received + timedelta(hours=random.choice((1, 10, 100))),
                        outcome=random.choice(tuple(Outcome)[:4]),
                        level=random.choice(LEVELS),
                        notification_inappropriate=random.random() < 0.4
                        if form is Form.PPN
                        else None,
                    )
                )
    refresh(empty_store)
    assert publish(empty_store, at=AT)
    return empty_store


def count_plainly(store: Store) -> Counter[Key]:
    """Count from the tables of contacts and decisions alone, with no code of the figures."""
    counts: Counter[Key] = Counter()
    with store.reading() as session:
        decisions = {each.contact_id: each for each in session.scalars(select(Decision))}
        for contact in session.scalars(select(Contact)):
            month = contact.received_at.astimezone(LONDON).strftime("%Y-%m")
            for measure, category in categories(contact, decisions.get(contact.id)):
                for period in (month, "2026-Q2"):
                    for agency in (contact.agency_id, "all"):
                        for form in (contact.form.value, "all"):
                            for each in {category, "all"}:
                                counts[measure, period, agency, form, each] += 1
    return counts


def categories(contact: Contact, decision: Decision | None) -> list[tuple[str, str]]:
    found = [("contacts", "all"), ("outcome", decision.outcome if decision else "not_decided")]
    if decision and contact.stated_level:
        stated, decided = (LEVELS.index(x) for x in (contact.stated_level, decision.level))
        against = "same" if stated == decided else "decided_higher"
        found.append(("stated_against_decided", "decided_lower" if decided < stated else against))
    else:
        found.append(("stated_against_decided", "not_decided"))
    found.append(("timeliness", timeliness(contact)))
    if contact.form is Form.REFERRAL:
        found.append(("notification", "not_a_notification"))
    elif decision is None:
        found.append(("notification", "not_said"))
    else:
        wrong = decision.notification_inappropriate
        found.append(("notification", "inappropriate" if wrong else "appropriate"))
    return found


def timeliness(contact: Contact) -> str:
    """Contacts come at noon here: the second day after the incident is late."""
    if contact.form is Form.REFERRAL:
        return "not_a_notification"
    assert contact.incident_on is not None
    received = contact.received_at.astimezone(LONDON).date()
    return "late" if (received - contact.incident_on).days >= 2 else "in_time"


def read_file(store: Store, folder: Path) -> dict[Key, float | None]:
    path = folder / "figures.csv"
    with store.reading() as session:
        write_table(path, figure_rows(session, Wanted()), COLUMNS, kind=Format.CSV)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["measure"], row["period"], row["agency"], row["form"], row["category"]): (
                float(row["value"]) if row["value"] else None
            )
            for row in csv.DictReader(file)
        }


def test_a_file_holds_what_a_plain_count_gives(counted: Store, tmp_path: Path) -> None:
    plain, taken = count_plainly(counted), read_file(counted, tmp_path)
    measures = {key[0] for key in plain}
    shown = {k: v for k, v in taken.items() if k[0] in measures and v is not None}
    assert len(shown) > 200
    assert shown == {key: plain[key] for key in shown}
    # What has no row was nought, and what is small has no number.
    assert {key for key in plain if key not in taken} == set()
    assert [key for key, number in plain.items() if number <= 5 and taken[key] is not None] == []


def test_a_page_shows_what_the_file_gives(
    counted: Store, tmp_path: Path, assessor: Assessor
) -> None:
    taken = read_file(counted, tmp_path)
    app = create_app(assessor=assessor, settings=Settings(rate_limit="10000/minute"), store=counted)
    with TestClient(app, base_url="https://testserver") as client:
        sign_in(client, counted, add_user(counted, Role.LEADER))
        pages = {
            agency: client.get("/quality", params={"agency": agency}).text
            for agency in ("all", *AGENCIES)
        }
        api = client.get("/api/v1/figures", params={"measure": "outcome"}).json()["figures"]
    for agency, page in pages.items():

        def value(measure: str, category: str, agency: str = agency) -> float | None:
            return taken.get((measure, "2026-Q2", agency, "all", category), 0)

        higher, lower, same = (
            value("stated_against_decided", f"{each}")
            for each in ("decided_higher", "decided_lower", "same")
        )
        assert higher is not None
        assert lower is not None
        assert same is not None
        assert f"({higher:.0f} of {higher + lower + same:.0f})" in page
        assert contacts_on(page) == value("contacts", "all")
    told = {
        (each["measure"], each["period"], each["agency"], each["form"], each["category"]): each[
            "value"
        ]
        for each in api
    }
    assert told == {key: value for key, value in taken.items() if key[0] == "outcome"}


def contacts_on(page: str) -> int:
    """The number in the row of the key figures."""
    found = re.search(r"Contacts received</a></th>\s*<td[^>]*>([\d,]+)</td>", page)
    assert found is not None
    return int(found[1].replace(",", ""))
