"""``access``: print who may use which route, as the documents show it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from api.access.table import access_table
from api.assessor import Assessor
from api.commands.own_store import Commands
from api.main import create_app
from api.settings import Settings
from api.store.opening import open_store


def add_access(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    access = commands.add_parser("access", help="print the rule of access of every route")
    access.set_defaults(run=_show)


def _show(_options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store("", folder=Path(folder))  # nothing is asked of it
        settings = Settings(log_level="ERROR")
        print(access_table(create_app(Assessor.load(), settings, store)))
        store.close()
    return 0
