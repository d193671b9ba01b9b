"""Read contacts as they come, beside the requests: sending never waits for a reading."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from api.assessor import Assessor
from api.intake.linking import link
from api.intake.scoring import links_changed, score
from api.logs import Event, log_failure
from api.store.codes import Channel, Stage
from api.store.columns import now
from api.store.opening import Store, StoreUnavailableError
from api.store.tables import Contact, Draft

SWEEP_SECONDS = 60.0
# A server that stops in the middle of a reading leaves the contact to others after so long.
LEASE = timedelta(minutes=2)
DRAFTS_KEPT = timedelta(days=7)


class Worker:
    """A thread that reads every contact that waits to be read; several servers share the work."""

    def __init__(self, store: Store, assessor: Assessor) -> None:
        self._store, self._assessor = store, assessor
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
                while not stopping.is_set() and (contact := claim_next(self._store)):
                    read_contact(self._store, contact, assessor=self._assessor)
            except Exception as error:  # the next sweep tries again; the thread must not end
                log_failure(Event.ASSESSMENT_FAILED, error)
            self._woken.wait(SWEEP_SECONDS)


def claim_next(store: Store) -> str | None:
    """Give the contact to read next, which no other server then takes; ``None`` if none waits.

    What people wait for comes first: contacts that were sent, then imports, then history.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    at = now()
    waiting = (
        select(Contact.id)
        .where(
            Contact.scored.is_(False),
            Contact.erased_at.is_(None),
            or_(Contact.read_again_at.is_(None), Contact.read_again_at <= at),
        )
        .order_by(
            Contact.stage == Stage.DECIDED,
            Contact.channel == Channel.IMPORT,
            Contact.received_at,
        )
        .limit(1)
    )
    with store.reading() as session:
        if session.scalar(waiting) is None:
            return None
    with store.writing() as session:
        found = session.scalar(waiting.with_for_update(skip_locked=True))
        if found is not None:
            # Not through the contact itself: its version stays, for staff who have it open.
            lease = update(Contact).where(Contact.id == found)
            session.execute(lease.values(read_again_at=at + LEASE))
    return found


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


def forget_old_drafts(store: Store) -> None:
    """Delete the counts of drafts that were never sent.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    old = Draft.started_at < now() - DRAFTS_KEPT
    with store.reading() as session:
        if session.scalar(select(Draft.id).where(old).limit(1)) is None:
            return
    with store.writing() as session:
        session.execute(delete(Draft).where(old))


def _link(store: Store, contact_id: str) -> frozenset[str]:
    try:
        return link(store, contact_id)
    except StoreUnavailableError:
        raise
    except Exception as error:  # a contact whose history cannot be found is read all the same
        log_failure(Event.LINKING_FAILED, error)
        return frozenset()
