"""A database that goes away while the service runs: said plainly, nothing lost, and it goes on."""

from __future__ import annotations

import time
from pathlib import Path

import httpx2
import pytest

from api.access import sign_ins
from api.access.rules import COOKIE
from api.store.opening import Store
from api.store.tables import User
from tests.durability.checks import check_kept
from tests.durability.conftest import key_for, settings_for
from tests.durability.partners import ADDRESS, Partners, contact_of
from tests.durability.serving import PATIENCE, serving
from tests.hub_builders import add_user
from tests.postgres import PostgreSQL

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(postgres_store: Store, tmp_path: Path) -> dict[str, str]:
    """As a council runs PostgreSQL: what it has said is kept outlives its end, too."""
    found = settings_for(postgres_store, tmp_path)
    found["RQ_DATABASE_URL"] += "&options=-c%20synchronous_commit%3Don"
    return found


def cookie_for(store: Store) -> dict[str, str]:
    identity = add_user(store)
    with store.writing() as session:
        return {"Cookie": f"{COOKIE}={sign_ins.begin(session, session.get_one(User, identity.id))}"}


def test_a_database_that_crashes_is_said_plainly_and_nothing_is_lost(
    postgres: PostgreSQL, postgres_store: Store, settings: dict[str, str]
) -> None:
    key, cookie = key_for(postgres_store), cookie_for(postgres_store)
    with serving(settings) as server:
        partners = Partners(server.address, key)
        client = httpx2.Client(base_url=server.address, timeout=PATIENCE, trust_env=False)
        with client, partners.sending():
            partners.wait_for_more(20)
            postgres.stop(mode="immediate")
            try:
                sent = client.post(ADDRESS, json=contact_of("down"), headers=key)
                queue = client.get("/hub", headers=cookie | {"Accept": "text/html"})
                form = client.get("/refer")
                time.sleep(0.5)  # the others go on trying
            finally:
                postgres.start()
            assert (sent.status_code, sent.json()["error"]["code"]) == (503, "store_unavailable")
            assert "nothing was saved" in sent.json()["error"]["message"]
            assert queue.status_code == 503
            assert "cannot be reached at the moment" in queue.text
            assert form.status_code == 200
            partners.wait_for_more(20)
            again = client.post(ADDRESS, json=contact_of("down"), headers=key)
            assert again.status_code == 201
            assert client.get("/hub", headers=cookie).status_code == 200
    check_kept(postgres_store, partners.acknowledged | {"down": again.json()["id"]})
