"""Read silently beside the service: in a thread of its own, after everything that is waited for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from api.assessor import Assessor
from api.intake.worker import is_idle
from api.logs import Event, log_failure
from api.silent.reading import SilentReader, begin, find_unread, open_silent_reader, read_silently
from api.store.opening import Store, StoreUnavailableError
from nlp.errors import ArtefactError

PAUSE = 10.0  # seconds between looks for contacts that came meanwhile
BATCH = 50
# A reader that fails so often is broken: it is let be until the next start.
MOST_FAILED = 20


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


@contextmanager
def reading_silently(
    store: Store, silent: SilentReader | None, *, scored_only: bool
) -> Iterator[None]:
    """Read what came since *silent* first began, until the end of the block.

    With *scored_only*, only what the reader in service has read. The thread is apart from the one
    that reads in service, which a slow or hanging reader therefore never holds up.
    """
    if silent is None:
        yield
        return
    stopping = threading.Event()
    # A daemon: a reading that hangs must not keep the server from stopping.
    thread = threading.Thread(
        target=_read_until,
        args=[store, silent, stopping],
        kwargs={"scored_only": scored_only},
        name="reading silently",
        daemon=True,
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=10)


def _read_until(
    store: Store, silent: SilentReader, stopping: threading.Event, *, scored_only: bool
) -> None:
    failed: set[str] = set()
    while len(failed) < MOST_FAILED:
        try:
            _read_what_came(store, silent, stopping, failed, scored_only=scored_only)
        except Exception as error:  # the next look tries again; the thread must not end
            log_failure(Event.SILENT_READING_FAILED, error)
        if stopping.wait(PAUSE):
            return
    structlog.get_logger().error(Event.SILENT_READER_STOPPED, reader=silent.name)


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
            if stopping.is_set() or len(failed) >= MOST_FAILED or not is_idle(store):
                return
            try:
                read_silently(store, contact_id, silent)
            except StoreUnavailableError:
                raise
            except Exception as error:  # whatever fails, the next contact may be read
                log_failure(Event.SILENT_READING_FAILED, error)
                failed.add(contact_id)
