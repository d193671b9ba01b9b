from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from api.store import encryption
from api.store.encryption import Keys, KeysError, add_key, load_keys

PLACE = "contacts.narrative"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def keys(file: Path) -> Keys:
    return load_keys(file)


def test_a_value_comes_back_and_is_never_written_the_same_way_twice(keys: Keys) -> None:
    first, second = (keys.encrypt("Ava 👶", place=PLACE) for _ in range(2))
    assert first != second
    assert keys.decrypt(first, place=PLACE) == keys.decrypt(second, place=PLACE) == "Ava 👶"


def test_a_value_moved_to_another_column_is_refused(keys: Keys) -> None:
    with pytest.raises(KeysError, match="changed outside"):
        keys.decrypt(keys.encrypt("words", place=PLACE), place="contacts.open_to")


def test_a_changed_value_is_refused(keys: Keys) -> None:
    value = bytearray(keys.encrypt("words", place=PLACE))
    value[-1] ^= 1
    with pytest.raises(KeysError, match="changed outside"):
        keys.decrypt(bytes(value), place=PLACE)


def test_a_value_that_was_never_encrypted_is_refused(keys: Keys) -> None:
    with pytest.raises(KeysError, match="expected version 1"):
        keys.decrypt(b"words", place=PLACE)


def test_an_old_value_is_read_after_a_new_key(file: Path, keys: Keys) -> None:
    old = keys.encrypt("words", place=PLACE)
    assert add_key(file) == "k2"
    newer = load_keys(file)
    assert newer.decrypt(old, place=PLACE) == "words"
    assert not newer.is_current(old)
    assert newer.is_current(newer.encrypt("words", place=PLACE))


def test_a_key_that_is_gone_is_named(file: Path, keys: Keys, tmp_path: Path) -> None:
    value = keys.encrypt("words", place=PLACE)
    other = load_keys(tmp_path / "other.json")
    add_key(tmp_path / "other.json")
    lacking = Keys({"k9": other.encryption["k1"]}, "k9", other.index, other.audit)
    with pytest.raises(KeysError, match="'k1'"):
        lacking.decrypt(value, place=PLACE)


def test_keys_are_readable_by_their_owner_alone(file: Path, keys: Keys) -> None:
    assert file.stat().st_mode & 0o077 == 0
    add_key(file)
    assert file.stat().st_mode & 0o077 == 0


def test_two_servers_that_start_together_hold_the_same_keys(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, first = encryption._new_keys, []

    def be_second() -> dict[str, object]:
        monkeypatch.undo()
        first.append(load_keys(file))
        return make()

    monkeypatch.setattr(encryption, "_new_keys", be_second)
    assert [load_keys(file)] == first
    assert list(file.parent.iterdir()) == [file]


def test_keys_are_on_the_disk_before_anything_is_written_with_them(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda held: kept.append(stat.S_ISDIR(os.fstat(held).st_mode)))
    load_keys(file)
    assert kept == [False, True]  # the file, then its name in the folder
    add_key(file)
    assert kept == [False, True] * 2


@pytest.mark.parametrize("content", ["", "{}", '{"encryption": {"k1": "short"}}', "[1]"])
def test_a_damaged_file_of_keys_is_refused(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(KeysError, match="restore it from its backup"):
        load_keys(file)


def test_equal_words_have_one_blind_key_of_each_kind(keys: Keys) -> None:
    assert keys.blind("surname", "smith") == keys.blind("surname", "smith")
    assert keys.blind("surname", "smith") != keys.blind("forename", "smith")
