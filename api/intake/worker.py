"""Read contacts as they come, beside the requests: sending never waits for a reading."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from api import clocks
from api.assessor import Assessor
from api.intake.linking import link
from api.intake.reading_order import find_next, may_be_taken
from api.intake.retention import load_periods
from api.intake.scoring import links_changed, score
from api.logs import Event, log_failure
from api.store.columns import now
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import Contact, Draft
from nlp.domain import Urgency

SWEEP_SECONDS = 60.0
# A server that stops in the middle of a reading leaves the contact to others after so long.
LEASE = timedelta(minutes=2)


class Worker:
    """A thread that reads every contact that waits to be read; several servers share the work.

    With no reader *in_service*, contacts are linked to earlier ones and nothing more.
    """

    def __init__(self, store: Store, assessor: Assessor, *, in_service: bool = True) -> None:
        self._store, self._assessor, self._in_service = store, assessor, in_service
        self._woken = threading.Event()

    def wake(self) -> None:
        """Say that a contact has come."""
        self._woken.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Read until the end of the block; what is being read then is read to its end."""
        stopping = threading.Event()
        # A daemon: a reading that hangs must not keep the server from stopping.
        thread = threading.Thread(target=self._run, args=[stopping], name="reading", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            self.wake()
            thread.join(timeout=10)

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self._woken.clear()
            try:
                forget_old_drafts(self._store)
                while not stopping.is_set() and self._take_next():
                    pass
            except Exception as error:  # the next sweep tries again; the thread must not end
                log_failure(Event.ASSESSMENT_FAILED, error)
            self._woken.wait(SWEEP_SECONDS)

    def _take_next(self) -> bool:
        contact = claim_next(self._store, new_only=not self._in_service)
        if contact is None:
            return False
        if self._in_service:
            read_contact(self._store, contact, assessor=self._assessor)
        else:
            take_unread(self._store, contact)
        return True


def claim_next(store: Store, *, new_only: bool = False) -> str | None:
    """Give the contact to read next, which no other server then takes; ``None`` if none waits.

    With *new_only*, only one that nobody has taken before.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    at = now()
    while (found := _find_next(store, at, new_only=new_only)) is not None:
        with store.writing() as session:
            # Not through the contact itself: its version stays, for staff who have it open.
            lease = update(Contact).where(Contact.id == found, may_be_taken(at))
            taken = lease.values(read_again_at=at + LEASE).returning(Contact.id)
            if session.scalar(taken) is not None:  # else another server was quicker
                return found
    return None


def read_contact(store: Store, contact_id: str, *, assessor: Assessor) -> bool:
    """Link one contact to earlier ones and read it; give whether it was read.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    later = _link(store, contact_id)
    done = score(store, contact_id, assessor=assessor)
    for each in later - {contact_id}:
        links_changed(store, each, assessor)
    return done


def take_unread(store: Store, contact_id: str) -> None:
    """Link one contact to earlier ones and leave it unscored, as no reader is in service.

    It is due in one working day (Working Together 2026), not as one whose reading failed.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    _link(store, contact_id)
    with store.writing() as session:
        received = session.scalars(select(Contact.received_at).where(Contact.id == contact_id))
        due_at = clocks.due_at(received.one(), Urgency.AMBER)
        session.execute(update(Contact).where(Contact.id == contact_id).values(due_at=due_at))


def is_idle(store: Store) -> bool:
    """Is every contact taken that waits to be read? What nobody waits for may then be done.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    return _find_next(store, now(), new_only=True) is None


def forget_old_drafts(store: Store) -> None:
    """Delete the counts of drafts that were never sent.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    old = Draft.started_at < now() - timedelta(days=load_periods().drafts)
    with store.reading() as session:
        if session.scalar(select(Draft.id).where(old).limit(1)) is None:
            return
    with store.writing() as session:
        session.execute(delete(Draft).where(old))


def _find_next(store: Store, at: datetime, *, new_only: bool) -> str | None:
    with store.reading() as session:
        return find_next(session, at=at, new_only=new_only)


def _link(store: Store, contact_id: str) -> frozenset[str]:
    try:
        return link(store, contact_id)
    except StoreUnavailableError:
        raise
    except Exception as error:  # a contact whose history cannot be found is read all the same
        log_failure(Event.LINKING_FAILED, error)
        return frozenset()
