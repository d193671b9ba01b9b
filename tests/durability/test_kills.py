"""A server that is killed at any moment has kept every contact that it acknowledged."""

from __future__ import annotations

import random
import time

import httpx2
import pytest

from api.store.opening import Store
from api.store.tables import Contact
from tests.durability.checks import check_kept
from tests.durability.conftest import key_for
from tests.durability.partners import ADDRESS, Partners, contact_of
from tests.durability.serving import PATIENCE, Server, serving

pytestmark = pytest.mark.slow

KILLS = 8
MOST_BETWEEN = 40  # contacts acknowledged between a start and a kill


def test_a_kill_loses_nothing_doubles_nothing_and_leaves_nothing_half_stored(
    empty_store: Store, settings: dict[str, str]
) -> None:
    server, rng = Server(settings), random.Random(20261126)  # noqa: S311
    partners = Partners(server.address, key_for(empty_store))
    with partners.sending():
        for kill in range(KILLS):
            server.start()
            if kill % 4 == 3:
                time.sleep(rng.uniform(0, 0.5))  # while it starts
            else:
                partners.wait_for_more(rng.randrange(1, MOST_BETWEEN))
                time.sleep(rng.uniform(0, 0.03))
            server.kill()
        server.start()
        partners.wait_for_more(1)
    server.kill()
    check_kept(empty_store, partners.acknowledged)


def test_without_anything_to_read_with_a_contact_is_kept_and_marked_unread(
    empty_store: Store, settings: dict[str, str]
) -> None:
    with serving(settings, reads=False) as server:
        answer = httpx2.post(
            f"{server.address}{ADDRESS}",
            json=contact_of("one"),
            headers=key_for(empty_store),
            timeout=PATIENCE,
            trust_env=False,
        )
        assert answer.status_code == 201
        until = time.monotonic() + PATIENCE
        while (contact := _contact(empty_store, answer.json()["id"])).failed_at is None:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert not contact.scored
    assert contact.narrative == contact_of("one")["text"]


def _contact(store: Store, contact_id: str) -> Contact:
    with store.reading() as session:
        return session.get_one(Contact, contact_id)
