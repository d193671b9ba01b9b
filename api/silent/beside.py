"""Read silently beside the service: in a thread of its own, after everything that is waited for."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import structlog

from api.assessor import Assessor
from api.intake.worker import is_idle
from api.logs import Event, log_failure
from api.repeating import repeating
from api.silent.reading import (
    MOST_FAILED,
    SilentReader,
    begin,
    find_unread,
    open_silent_reader,
    try_to_read,
)
from api.store.opening import Store
from nlp.errors import ArtefactError

PAUSE = 10.0  # seconds between looks for contacts that came meanwhile
BATCH = 50


def load_beside(folder: str, guidance: Assessor) -> SilentReader | None:
    """Give the silent reader in *folder*; ``None``, and a line in the log, where it is damaged.

    An empty *folder* names none.
    """
    if not folder:
        return None
    try:
        silent = open_silent_reader(Path(folder), guidance)
    except ArtefactError as error:
        log_failure(Event.SILENT_READER_MISSING, error)
        return None
    structlog.get_logger().info(Event.SILENT_READER_STARTED, reader=silent.name)
    return silent


def reading_silently(
    store: Store, silent: SilentReader | None, *, scored_only: bool
) -> AbstractContextManager[None]:
    """Read what came since *silent* first began, until the end of the block.

    With *scored_only*, only what the reader in service has read. The thread is apart from the one
    that reads in service, which a slow or hanging reader therefore never holds up. A reader that
    keeps failing is let be until the next start.
    """
    if silent is None:
        return nullcontext()
    failed = set[str]()
    return repeating(
        lambda stopping: _read_what_came(store, silent, stopping, failed, scored_only=scored_only),
        name="reading silently",
        pause=PAUSE,
        failure=Event.SILENT_READING_FAILED,
    )


def _read_what_came(
    store: Store,
    silent: SilentReader,
    stopping: threading.Event,
    failed: set[str],
    *,
    scored_only: bool,
) -> None:
    """Read until nothing is left, something waits for the service, or too much has *failed*."""
    since = begin(store, silent.name)
    while found := find_unread(
        store, silent.name, since=since, scored_only=scored_only, without=failed, at_most=BATCH
    ):
        for contact_id in found:
            if stopping.is_set() or not is_idle(store):
                return
            try_to_read(store, contact_id, silent, failed)
            if len(failed) >= MOST_FAILED:
                structlog.get_logger().error(Event.SILENT_READER_STOPPED, reader=silent.name)
                stopping.set()
