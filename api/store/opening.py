"""Open the store: one way for SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from api.store.encryption import Keys, load_keys
from api.store.staleness import note_stale_months
from api.store.views import create_views, drop_views
from nlp.errors import ReferralQualityError

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_FILE, KEYS_FILE = "referral-quality.sqlite", "keys.json"

# WAL: readers do not wait for the writer. FULL: a contact is on the disk before it is acknowledged.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
    "trusted_schema=OFF",
)

TURN_SECONDS = 30.0  # how long a writer waits for those before it, as long as for a connection


class StoreUnavailableError(ReferralQualityError):
    """The database does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "The store cannot be reached at the moment, so nothing was saved. Keep what you wrote "
            "and send it again in a few minutes. If a child may be at risk now, ring the hub, or "
            "999."
        )


class Store:
    """A database and its keys; safe to use from many threads."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self.engine, self.keys = engine, keys
        engine.dialect.referral_quality_keys = keys  # type: ignore[attr-defined]
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._turn = Lock()
        note_stale_months(self._sessions)

    @property
    def embedded(self) -> bool:
        """Is it SQLite?"""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the store and changes nothing.

        Raises:
            StoreUnavailableError: If the database does not answer.
        """
        with _plainly(), self._sessions() as session:
            yield session
            # Closing undoes what was changed and, unlike a rollback, leaves what was read usable.

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are all kept at the end, or none of them.

        On SQLite it waits its turn from the start, so that what it reads is what it changes.

        Raises:
            StoreUnavailableError: If the database does not answer.
        """
        with _plainly(), self._waiting_for_turn(), self._sessions() as session:
            if self.embedded:
                session.connection(execution_options={"immediate": True})
            yield session
            session.commit()

    @contextmanager
    def _waiting_for_turn(self) -> Iterator[None]:
        """Let the threads that write to SQLite pass one by one.

        SQLite itself lets waiting writers sleep and try again in no order: of forty at once, one
        in twenty had not had its turn after ten seconds.
        """
        if not self.embedded:
            yield
            return
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise StoreUnavailableError
        try:
            yield
        finally:
            self._turn.release()

    def answers(self) -> bool:
        """Can the store be reached?"""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except StoreUnavailableError:
            return False
        return True

    def migrate(self) -> None:
        """Bring the tables and views to the form that this version expects.

        Raises:
            StoreUnavailableError: If the database does not answer.
        """
        with _plainly(), self.engine.begin() as connection:
            drop_views(connection)
            command.upgrade(migration_settings(connection), "head")
            create_views(connection)

    def close(self) -> None:
        """Let every connection go."""
        self.engine.dispose()


def open_store(url: str, *, folder: Path, keys_file: Path | None = None) -> Store:
    """Open the database at *url*; empty is SQLite in *folder*, made where there is none.

    Raises:
        KeysError: If the file of keys cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = make_url(url) if url else URL.create("sqlite", database=str(folder / SQLITE_FILE))
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        hide_parameters=True,  # an error must not quote what was to be stored
        pool_pre_ping=True,
        **_pool(address),
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return Store(engine, load_keys(keys_file or folder / KEYS_FILE))


def migration_settings(connection: object) -> Config:
    """Give Alembic what it needs to work on *connection*."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


def _pool(address: URL) -> dict[str, Any]:
    if address.get_backend_name() == "sqlite":
        return {"pool_size": 20, "max_overflow": 40}
    return {"pool_size": 20, "max_overflow": 20, "connect_args": {"connect_timeout": 5}}


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say when a transaction begins
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def _plainly() -> Iterator[None]:
    """Say of a database that does not answer only that: its own message may hold addresses."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError):
        raise StoreUnavailableError from None
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailableError from None
        raise
