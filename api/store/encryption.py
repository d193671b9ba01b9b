"""Encryption of single values at rest, with keys that can be replaced."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nlp.errors import ReferralQualityError

VERSION = 1
KEY_BYTES, NONCE_BYTES = 32, 12


class KeysError(ReferralQualityError):
    """The file of keys cannot be used, or a value was not made with any of its keys."""


@dataclass(frozen=True)
class Keys:
    """The keys of one store.

    ``encryption`` holds every key that values may have been written with, by its id; ``write``
    is the id of the one that new values are written with. ``index`` makes blind indexes and
    ``audit`` chains the audit log; these two are never replaced.
    """

    encryption: dict[str, bytes]
    write: str
    index: bytes
    audit: bytes

    def encrypt(self, plain: str, *, place: str) -> bytes:
        """Give *plain* encrypted with AES-256-GCM, bound to its *place* (table and column).

        The value is: version, length of the key's id, the id, nonce, ciphertext with tag.
        """
        nonce, name = os.urandom(NONCE_BYTES), self.write.encode()
        sealed = AESGCM(self.encryption[self.write]).encrypt(nonce, plain.encode(), place.encode())
        return bytes([VERSION, len(name)]) + name + nonce + sealed

    def decrypt(self, value: bytes, *, place: str) -> str:
        """Give what was encrypted.

        Raises:
            KeysError: If the key is not held, or the value was changed or moved.
        """
        name, rest = key_id(value), value[2 + value[1] :]
        if name not in self.encryption:
            raise KeysError(
                f"A value in {place} was written with key {name!r}, which the file of keys lacks; "
                "put that key back"
            )
        try:
            key = AESGCM(self.encryption[name])
            return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode()).decode()
        except InvalidTag:
            raise KeysError(f"A value in {place} was changed outside this service") from None

    def is_current(self, value: bytes) -> bool:
        """Was *value* written with the key that is now written with?"""
        return key_id(value) == self.write

    def blind(self, kind: str, word: str) -> str:
        """Give a digest by which equal words of one *kind* can be found without being read."""
        return hmac.digest(self.index, f"{kind}\0{word}".encode(), hashlib.sha256).hex()


def load_keys(path: Path) -> Keys:
    """Read the file of keys; make one, readable by its owner alone, where there is none.

    Raises:
        KeysError: If the file cannot be read as keys.
    """
    if not path.exists():
        _write(path, _new_keys(), new=True)
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(
            encryption={name: _key(value) for name, value in held["encryption"].items()},
            write=held["write"],
            index=_key(held["index"]),
            audit=_key(held["audit"]),
        )
        keys.encryption[keys.write]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise KeysError(
            f"{path} is not a file of keys: expected JSON with encryption, write, index and audit, "
            "keys in base64 of 32 bytes; restore it from its backup"
        ) from None
    return keys


def add_key(path: Path) -> str:
    """Add a new encryption key to the file, to write with from now on; give its id."""
    load_keys(path)
    held = json.loads(path.read_text(encoding="utf-8"))
    name = f"k{1 + max(int(each.removeprefix('k')) for each in held['encryption'])}"
    held["encryption"][name] = _new_key()
    held["write"] = name
    _write(path, held)
    return name


def drop_key(path: Path, name: str) -> None:
    """Take an encryption key out of the file; what was written with it can never be read again.

    Raises:
        KeysError: If there is no such key, or new values are written with it.
    """
    if name not in load_keys(path).encryption:
        raise KeysError(f"There is no key {name!r} in {path}")
    held = json.loads(path.read_text(encoding="utf-8"))
    if held["write"] == name:
        raise KeysError(f"New values are written with {name}; add a key and rotate first")
    del held["encryption"][name]
    _write(path, held)


def key_id(value: bytes) -> str:
    """Give the id of the key that *value* was encrypted with.

    Raises:
        KeysError: If it is no encrypted value.
    """
    if len(value) < 2 or value[0] != VERSION:
        raise KeysError("A value that should be encrypted is not; expected version 1")
    return value[2 : 2 + value[1]].decode(errors="replace")


def _new_keys() -> dict[str, object]:
    return {
        "encryption": {"k1": _new_key()},
        "write": "k1",
        "index": _new_key(),
        "audit": _new_key(),
    }


def _write(path: Path, held: dict[str, object], *, new: bool = False) -> None:
    """Replace the file at once and on the disk, so that a crash leaves the old or the new one.

    A *new* file gives way to one that another process has made meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(json.dumps(held, indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        if new:
            with suppress(FileExistsError):
                path.hardlink_to(beside)
        else:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Put the names of a folder's files on the disk; their content alone is not enough."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _key(value: str) -> bytes:
    key = base64.b64decode(value, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key
