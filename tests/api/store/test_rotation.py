"""Another key for everything, while the service goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.store import encrypted
from api.store.encrypted import encrypted_columns, key_uses, rotate
from api.store.encryption import KeysError, add_key, drop_key, load_keys
from api.store.opening import KEYS_FILE, Store, open_store
from api.store.tables import Contact, User
from tests.hub_builders import add_contact, add_user


@pytest.fixture
def folder(sqlite_store: Store, tmp_path: Path) -> Path:
    """Where a store with contacts of the first key is."""
    for number in range(7):
        add_contact(sqlite_store, f"Contact {number}")
    return tmp_path / "store"


def reopened(folder: Path) -> Store:
    return open_store("", folder=folder)


def test_everything_is_written_anew_and_reads_as_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encrypted, "BATCH", 3)
    before = reopened(folder)
    uses = key_uses(before)
    before.close()
    assert set(uses) == {"k1"}
    assert add_key(folder / KEYS_FILE) == "k2"
    store = reopened(folder)
    assert rotate(store) == uses["k1"]
    assert key_uses(store) == {"k2": uses["k1"]}
    assert rotate(store) == 0
    drop_key(folder / KEYS_FILE, "k1")
    store.close()
    store = reopened(folder)
    with store.reading() as session:
        words = {contact.narrative for contact in session.scalars(select(Contact))}
        assert all(user.name for user in session.scalars(select(User)))
    store.close()
    assert words == {f"Contact {number}" for number in range(7)}


def test_a_rotation_reaches_every_encrypted_column() -> None:
    places = [(column.table.name, column.type.place) for column in encrypted_columns()]  # type: ignore[attr-defined]
    assert all(place.startswith(f"{table}.") for table, place in places)
    assert ("contacts", "contacts.narrative") in places


def test_what_somebody_wrote_meanwhile_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(folder / KEYS_FILE)
    store = reopened(folder)
    batches = encrypted._batches

    def change_after_reading(store: Store, column: Any) -> Any:
        for batch in batches(store, column):
            if column.key == "narrative":
                with store.writing() as session:
                    for contact in session.scalars(select(Contact)):
                        contact.narrative = "Changed meanwhile"
            yield batch

    monkeypatch.setattr(encrypted, "_batches", change_after_reading)
    rotate(store)
    with store.reading() as session:
        assert {each.narrative for each in session.scalars(select(Contact))} == {
            "Changed meanwhile"
        }
    store.close()


def test_a_key_in_use_is_not_dropped(folder: Path) -> None:
    file = folder / KEYS_FILE
    with pytest.raises(KeysError, match="New values are written with k1"):
        drop_key(file, "k1")
    with pytest.raises(KeysError, match="no key 'k9'"):
        drop_key(file, "k9")
    add_key(file)
    drop_key(file, "k1")
    assert add_key(file) == "k3"  # a name is never given twice
    assert set(load_keys(file).encryption) == {"k2", "k3"}


def test_rotation_works_on_either_database(empty_store: Store, tmp_path: Path) -> None:
    person = add_user(empty_store)
    folder = "store" if empty_store.embedded else "postgres-store"
    add_key(tmp_path / folder / KEYS_FILE)
    url = empty_store.engine.url.render_as_string(hide_password=False)
    store = open_store("" if empty_store.embedded else url, folder=tmp_path / folder)
    assert rotate(store) == 1
    with store.reading() as session:
        assert session.get_one(User, person.id).name == person.name
    store.close()
