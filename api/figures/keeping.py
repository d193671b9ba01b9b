"""Keep leaders' figures up: count what changed each minute, and publish each month once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import func, select

from api.figures.closing import CLOSING
from api.figures.publishing import publish
from api.figures.summaries import refresh
from api.logs import Event
from api.repeating import repeating
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import User

PAUSE = 60.0  # seconds between looks for what changed


def keeping(store: Store) -> AbstractContextManager[None]:
    """Keep the figures in a thread of their own, until the end of the block."""
    return repeating(
        lambda _stopping: keep_figures(store),
        name="keeping-figures",
        pause=PAUSE,
        failure=Event.FIGURES_FAILED,
    )


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
