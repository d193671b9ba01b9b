"""People and the service at the same contacts at once: nobody waits in a ring."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy.orm import Session

from api.hub.changing import take
from api.intake import scoring
from api.store.audit import record
from api.store.codes import Action
from api.store.opening import Store
from api.store.tables import SameChild
from tests.hub_builders import add_contact

PATIENCE = 10  # seconds


def note(session: Session) -> None:
    record(session, actor="system", action=Action.CONTACT_READ, target="contact:1")


@pytest.mark.parametrize("hold", [take, scoring._held])
def test_who_holds_a_contact_and_who_links_to_it_do_not_wait_for_each_other(
    postgres_store: Store, hold: Callable[[Session, str], object]
) -> None:
    """The one has the contact and wants the log; the other has the log and names the contact."""
    earlier, later = (add_contact(postgres_store) for _ in range(2))
    held, noted = Event(), Event()

    def decide() -> None:
        with postgres_store.writing() as session:
            hold(session, later)
            held.set()
            assert noted.wait(PATIENCE)
            note(session)

    def link() -> None:
        assert held.wait(PATIENCE)
        with postgres_store.writing() as session:
            note(session)
            noted.set()
            session.add(SameChild(later_id=later, earlier_id=earlier, probability=0.7, reasons=[]))

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(decide), threads.submit(link)]:
            done.result()
