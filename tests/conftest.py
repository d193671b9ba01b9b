"""Databases for tests: an SQLite file each, and one temporary PostgreSQL for all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from api.store.columns import Table
from api.store.opening import SQLITE_FILE, Store, open_store
from tests.postgres import PostgreSQL, start_postgres


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test may write into the checkout's own data folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RQ_DATA_FOLDER", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database has every table and whose keys are made: to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    made = open_store("", folder=folder)
    made.migrate()
    made.close()
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL of this test process's own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="rq-postgres-") as folder:
        server = start_postgres(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def sqlite_store(migrated_folder: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite store."""
    folder = tmp_path / "store"
    shutil.copytree(migrated_folder, folder)
    assert (folder / SQLITE_FILE).exists()
    store = open_store("", folder=folder)
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres: PostgreSQL, migrated_folder: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty PostgreSQL store."""
    folder = tmp_path / "postgres-store"
    shutil.copytree(migrated_folder, folder, ignore=shutil.ignore_patterns("*.sqlite*"))
    store = open_store(postgres.url, folder=folder)
    if not postgres.migrated:
        store.migrate()
        postgres.migrated = True
    names = ", ".join(f'"{table.name}"' for table in Table.metadata.sorted_tables)
    with store.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on each database."""
    store: Store = request.getfixturevalue(f"{request.param}_store")
    return store
