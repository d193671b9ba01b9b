from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from api.store.audit import record, verify
from api.store.codes import Action
from api.store.columns import Table
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import Contact, Draft
from tests.hub_builders import TEXT, add_contact
from tests.postgres import PostgreSQL


def test_what_is_kept_comes_back(empty_store: Store) -> None:
    contact_id = add_contact(empty_store)
    with empty_store.reading() as session:
        kept = session.get_one(Contact, contact_id)
        assert kept.narrative == TEXT
        assert kept.received_at.tzinfo is not None


def test_words_are_not_in_the_database(empty_store: Store) -> None:
    add_contact(empty_store)
    with empty_store.reading() as session:
        raw = session.execute(text("SELECT narrative FROM contacts")).scalar_one()
    assert b"hungry" not in bytes(raw)


def test_a_failed_change_leaves_nothing(empty_store: Store) -> None:
    def change_and_fail() -> None:
        with empty_store.writing() as session:
            session.add(Draft(id="1", first_score=10, first_missing=3))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    with empty_store.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_migrations_make_the_tables_that_the_code_expects(empty_store: Store) -> None:
    with empty_store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_a_database_that_is_down_is_said_plainly_and_comes_back(
    postgres: PostgreSQL, postgres_store: Store
) -> None:
    contact_id = add_contact(postgres_store)
    postgres.stop(mode="fast")
    try:
        with pytest.raises(StoreUnavailableError, match="nothing was saved"):
            add_contact(postgres_store)
        assert not postgres_store.answers()
    finally:
        postgres.start()
    assert postgres_store.answers()
    with postgres_store.reading() as session:
        assert session.get(Contact, contact_id) is not None


def test_of_many_who_write_at_once_each_has_a_turn(empty_store: Store) -> None:
    def write(number: int) -> None:
        with empty_store.writing() as session:
            record(session, actor=f"user:{number}", action=Action.QUEUE_SEEN, target="queue")

    with ThreadPoolExecutor(40) as threads:
        list(threads.map(write, range(400)))
    with empty_store.reading() as session:
        verdict = verify(session)
    assert (verdict.whole, verdict.rows) == (True, 400)


def test_a_writer_that_fails_leaves_the_turn_to_the_next(empty_store: Store) -> None:
    with pytest.raises(ZeroDivisionError), empty_store.writing():
        _ = 1 / 0
    with empty_store.writing() as session:
        record(session, actor="user:1", action=Action.QUEUE_SEEN, target="queue")
