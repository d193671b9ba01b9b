"""Every encrypted column, found in the tables themselves, so that none is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    and_,
    bindparam,
    select,
    tuple_,
    type_coerce,
    update,
)

from api.store.columns import Encrypted, EncryptedJson, Table
from api.store.encryption import key_id
from api.store.opening import Store

BATCH = 500


def encrypted_columns() -> list[Column[object]]:
    """Give them all, in the order of tables."""
    return [
        column
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted | EncryptedJson)
    ]


def rotate(store: Store) -> int:
    """Write every value anew that was written with an older key; give how many.

    In batches, each kept as it is done: whoever uses the service waits for none of it long, and
    what was interrupted goes on where it stopped.

    Raises:
        KeysError: If a value cannot be read with any key.
        StoreUnavailableError: If the database does not answer.
    """
    return sum(_rotate_column(store, column) for column in encrypted_columns())


def key_uses(store: Store) -> Counter[str]:
    """Give how many values each key was used for.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    uses: Counter[str] = Counter()
    for column in encrypted_columns():
        for batch in _batches(store, column):
            uses.update(key_id(value) for *_, value in batch)
    return uses


def _rotate_column(store: Store, column: Column[object]) -> int:
    keys, place, changed = store.keys, f"{column.table.name}.{column.name}", 0
    for batch in _batches(store, column):
        older = [(own, value) for *own, value in batch if not keys.is_current(value)]
        with store.writing() as session:
            for own, value in older:
                anew = keys.encrypt(keys.decrypt(value, place=place), place=place)
                # Only where it is still what was read: somebody may have written since.
                still = and_(_raw(column) == value, tuple_(*_keys(column)) == tuple_(*own))
                raw = bindparam(None, anew, type_=LargeBinary)
                session.execute(update(column.table).where(still).values({column: raw}))
        changed += len(older)
    return changed


def _batches(store: Store, column: Column[object]) -> Iterator[list[tuple[Any, ...]]]:
    """The raw values of a column with the keys of their rows before them, in the keys' order."""
    own = _keys(column)
    found = select(*own, _raw(column)).where(column.is_not(None)).order_by(*own).limit(BATCH)
    after: tuple[Any, ...] | None = None
    while True:
        next_ones = found if after is None else found.where(tuple_(*own) > tuple_(*after))
        with store.reading() as session:
            batch = [tuple(row) for row in session.execute(next_ones)]
        if not batch:
            return
        yield batch
        after = batch[-1][:-1]


def _keys(column: Column[object]) -> list[Column[object]]:
    return list(column.table.primary_key.columns)


def _raw(column: Column[object]) -> ColumnElement[bytes]:
    return type_coerce(column, LargeBinary)
