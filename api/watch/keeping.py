"""The last state of each store, kept for as long as nothing in it can have changed much."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from api import clocks
from api.store.opening import Store
from api.watch.state import State, find_state, starts

_LOCK = Lock()
_KEPT: WeakKeyDictionary[Store, tuple[tuple[object, ...], State]] = WeakKeyDictionary()


def kept_state(store: Store, *, at: datetime) -> State:
    """Give the state of the day of *at*, worked out anew once a day and after every new start.

    Batches close at the ends of weeks, so that a day old is no older than new.

    Raises:
        ArtefactError: If the released reader cannot be loaded.
        StoreUnavailableError: If the database does not answer.
    """
    with _LOCK, store.reading() as session:
        made_of = at.astimezone(clocks.LONDON).date(), starts(session)
        if store not in _KEPT or _KEPT[store][0] != made_of:
            _KEPT[store] = made_of, find_state(session, at=at)
        return _KEPT[store][1]
