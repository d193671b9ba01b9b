"""The store that the settings name, for a command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.settings import Settings
from api.store.opening import KEYS_FILE, Store, open_store

Commands = argparse._SubParsersAction  # argparse names it nowhere else


@contextmanager
def own_store() -> Iterator[Store]:
    """Open the store of the settings until the end of the block.

    Raises:
        KeysError: If the file of keys cannot be used.
    """
    settings = Settings()
    store = open_store(
        settings.database_url, folder=Path(settings.data_folder), keys_file=keys_file(settings)
    )
    try:
        yield store
    finally:
        store.close()


def keys_file(settings: Settings) -> Path:
    """Give where the keys are."""
    return Path(settings.keys_file or Path(settings.data_folder) / KEYS_FILE)
