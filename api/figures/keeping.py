"""Keep leaders' figures up: count what changed each minute, and publish each month once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select

from api.figures.closing import CLOSING
from api.figures.publishing import publish
from api.figures.summaries import refresh
from api.logs import Event, log_failure
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import User

PAUSE = 60.0  # seconds between looks for what changed


@contextmanager
def keeping(store: Store) -> Iterator[None]:
    """Keep the figures in a thread of their own, until the end of the block."""
    stopping = threading.Event()
    thread = threading.Thread(
        target=_keep_until, args=[store, stopping], name="keeping-figures", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=10)


def keep_figures(store: Store, *, at: datetime | None = None) -> bool:
    """Count what changed, and publish the months that are closed; give whether there were any.

    The first week after the first person was added is left for an import of earlier contacts: what
    is published once is not counted again. Whoever is done sooner publishes by hand.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    at = at or now()
    while refresh(store):
        pass
    with store.reading() as session:
        begun = session.scalar(select(func.min(User.created_at)))
    return begun is not None and at >= begun + CLOSING and publish(store, at=at)


def _keep_until(store: Store, stopping: threading.Event) -> None:
    while not stopping.wait(PAUSE):
        try:
            keep_figures(store)
        except Exception as error:  # the next look tries again; the thread must not end
            log_failure(Event.FIGURES_FAILED, error)
