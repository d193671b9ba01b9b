"""The views that Power BI and other tools read: made anew whenever the tables are migrated."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, text

_FILE = Path(__file__).parent / "views.sql"
_CREATE = "CREATE VIEW"


def drop_views(connection: Connection) -> None:
    """Drop them before SQLite's tables are changed, which it does by making them anew.

    PostgreSQL keeps them: who may read them would be lost.
    """
    if connection.dialect.name == "sqlite":
        for name in reversed(view_names()):
            connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create_views(connection: Connection) -> None:
    """Create the views as this version has them."""
    anew = f"CREATE{'' if connection.dialect.name == 'sqlite' else ' OR REPLACE'} VIEW"
    for statement in _statements():
        connection.execute(text(statement.replace(_CREATE, anew).replace(":", r"\:")))


def view_names() -> list[str]:
    """Give the names of the views, one that reads another after it."""
    return re.findall(rf"^{_CREATE} (\w+)", _FILE.read_text(encoding="utf-8"), re.MULTILINE)


def _statements() -> list[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    plain = "\n".join(line for line in lines if not line.startswith("--"))
    return [each for each in plain.split(";") if each.strip()]
