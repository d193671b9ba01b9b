"""A store with contacts in it comes to a later form with all that it held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.store.codes import Expected
from api.store.opening import Store, migration_settings, open_store
from api.store.tables import Contact, Decision, Publication, PublishedFigure
from tests.postgres import PostgreSQL

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
AGENCY = {"id": "police", "name": "Marskley Police", "kind": "police", "source_code": "6"}
USER = {"id": "u", "issuer": "i", "subject": "s", "name": b"", "role": "hub", "active": True}
CONTACT = {
    "id": "c",
    "sender": "key:1",
    "client_key": "1",
    "agency_id": "police",
    "channel": "api",
    "form": "ppn",
    "form_type": "ppn",
    "received_at": AT,
    "narrative_hash": "",
    "due_at": AT,
    "characters": 1,
    "checks": 0,
    "stage": "decided",
    "scored": False,
    "failures": 0,
    "present_flags": 0,
    "flags": "[]",
    "vulnerability": 0,
    "vulnerabilities": "[]",
    "looks_inappropriate": False,
    "version": 1,
    "legal_hold": False,
}
DECISION = {
    "id": "d",
    "contact_id": "c",
    "made_at": AT,
    "made_by": "u",
    "outcome": "referral",
    "level": "child_in_need",
    "consent_overridden": False,
    "differs": False,
    "reader_seen_first": True,
    "needs_sign_off": False,
}
REPLY = {
    "id": "r",
    "contact_id": "c",
    "decision_id": "d",
    "words": b"",
    "due_at": AT,
    "channels": "[]",
    "attempts": 0,
}


@pytest.fixture(params=["sqlite", "postgres"])
def first_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of the first release, with one contact that was decided and answered."""
    url = ""
    if request.param == "postgres":
        server: PostgreSQL = request.getfixturevalue("postgres")
        maker = open_store(server.url, folder=tmp_path)
        with maker.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("DROP DATABASE IF EXISTS first_release"))
            connection.execute(text("CREATE DATABASE first_release"))
        maker.close()
        url = server.url.replace("/postgres?", "/first_release?")
    store = open_store(url, folder=tmp_path)
    with store.engine.begin() as connection:
        command.upgrade(migration_settings(connection), "0001")
        moments = {"created_at": AT}
        for table, row in (
            ("agencies", AGENCY),
            ("users", USER | moments),
            ("contacts", CONTACT),
            ("decisions", DECISION),
            ("replies", REPLY),
        ):
            connection.execute(text(_insert(table, row)), row)
    yield store
    store.close()


def _insert(table: str, row: dict[str, Any]) -> str:
    places = ", ".join(f":{name}" for name in row)
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608


@pytest.mark.filterwarnings("ignore:The default datetime adapter:DeprecationWarning")
def test_what_the_first_release_held_is_there_after_every_migration(first_store: Store) -> None:
    first_store.migrate()
    with first_store.writing() as session:
        contact, decision = session.get_one(Contact, "c"), session.get_one(Decision, "d")
        assert (contact.received_at, contact.incident_on) == (AT, None)
        assert (decision.expected_notification, decision.expected_from) == (None, None)
        decision.expected_notification = Expected.CAME_LATE
        decision.expected_from = "police"
    with first_store.reading() as session:
        assert session.execute(text("SELECT decision_id FROM replies")).scalar_one() == "d"
        assert session.get_one(Decision, "d").expected_notification is Expected.CAME_LATE
    first_store.migrate()


@pytest.mark.filterwarnings("ignore:The default datetime adapter:DeprecationWarning")
def test_figures_that_were_published_daily_are_let_go_and_months_are_published_once(
    first_store: Store,
) -> None:
    publication = {"id": "p", "made_at": AT, "first_month": "2026-01", "last_month": "2026-02"}
    place = dict.fromkeys(("period", "agency", "form", "category"), "all")
    figure = {"publication_id": "p", "measure": "contacts", "value": 7.0, **place}
    with first_store.engine.begin() as connection:
        command.upgrade(migration_settings(connection), "0003")
        for row in (publication, publication | {"id": "q"}):
            connection.execute(text(_insert("publications", row)), row)
        connection.execute(text(_insert("published_figures", figure)), figure)
    first_store.migrate()
    with first_store.writing() as session:
        assert session.scalars(select(PublishedFigure)).all() == []
        assert session.scalars(select(Publication)).all() == []
        session.add(
            Publication(first_month="2026-01", last_month="2026-02", groups={"police": None})
        )
    with pytest.raises(IntegrityError), first_store.writing() as session:
        session.add(Publication(first_month="2026-01", last_month="2026-01", groups={}))
