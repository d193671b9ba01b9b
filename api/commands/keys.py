"""``keys``: replace the key that words and names are encrypted with."""

from __future__ import annotations

import argparse

from api.commands.own_store import Commands, keys_file, own_store
from api.settings import Settings
from api.store.audit import record
from api.store.codes import Action
from api.store.encrypted import key_uses, rotate
from api.store.encryption import KeysError, add_key, drop_key


def add_keys(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    keys = commands.add_parser("keys", help="replace the encryption key: add, rotate, drop")
    acts = keys.add_subparsers(title="acts, in this order", required=True)
    acts.add_parser("add", help="add a key; restart every server then").set_defaults(run=_add)
    anew = acts.add_parser("rotate", help="write everything anew with it, while the service runs")
    anew.set_defaults(run=_rotate)
    old = acts.add_parser("drop", help="take a key that nothing needs any more out of the file")
    old.add_argument("key", metavar="ID")
    old.set_defaults(run=_drop)


def _add(_options: argparse.Namespace) -> int:
    name = add_key(keys_file(Settings()))
    print(f"Added {name}. Back the file up, restart every server, then run: keys rotate")
    return 0


def _rotate(_options: argparse.Namespace) -> int:
    with own_store() as store:
        changed = rotate(store)
        uses = key_uses(store)
        with store.writing() as session:
            told = {"values": changed, "key": store.keys.write}
            action = Action.KEYS_ROTATED
            record(session, actor="system", action=action, target="keys", details=told)
    print(f"{changed} values were written anew with {store.keys.write}.")
    for unused in sorted(set(store.keys.encryption) - set(uses) - {store.keys.write}):
        print(f"Nothing needs {unused} any more, but backups do: keys drop {unused}")
    return 0


def _drop(options: argparse.Namespace) -> int:
    with own_store() as store:
        used = key_uses(store)[options.key]
    if used:
        raise KeysError(f"{used} values still need {options.key}; run keys rotate first")
    drop_key(keys_file(Settings()), options.key)
    print(f"Dropped {options.key}.")
    return 0
