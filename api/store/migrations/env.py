"""Alembic's entry: migrate the connection that the store gives."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

from api.store import tables
from api.store.columns import Encrypted, EncryptedJson, Table, UtcDateTime

assert tables.Contact.metadata is Table.metadata  # noqa: S101 - importing makes the tables known


def write_plainly(kind: str, column: Any, _context: object) -> str | Literal[False]:
    """Write our own kinds of column as what they are in the database, so that migrations last."""
    if kind != "type":
        return False
    if isinstance(column, Encrypted | EncryptedJson):
        return "sa.LargeBinary()"
    if isinstance(column, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return f"sa.String(length={column.length})" if isinstance(column, Enum) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=write_plainly,
)
with context.begin_transaction():
    context.run_migrations()
