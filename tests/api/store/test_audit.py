from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from api.store.audit import FIRST_SEAL, Verdict, record, verify
from api.store.codes import Action
from api.store.opening import Store


def act(store: Store, times: int = 5) -> None:
    for number in range(times):
        with store.writing() as session:
            record(
                session,
                actor="user:1",
                action=Action.CONTACT_READ,
                target=f"contact:{number}",
                details={"number": number},
            )


def check(store: Store) -> Verdict:
    with store.reading() as session:
        return verify(session)


def test_an_untouched_chain_is_whole(empty_store: Store) -> None:
    assert check(empty_store) == Verdict(0, FIRST_SEAL, None)
    act(empty_store)
    assert check(empty_store).whole
    assert check(empty_store).rows == 5


@pytest.mark.parametrize(
    ("change", "found_at"),
    [
        ("UPDATE audit SET actor = 'user:2' WHERE number = 3", 3),
        ("UPDATE audit SET details = '{\"number\": 9}' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE number = 4", 4),
    ],
)
def test_a_tampered_row_is_found(empty_store: Store, change: str, found_at: int) -> None:
    act(empty_store)
    with empty_store.engine.begin() as connection:
        connection.execute(text(change))
    assert check(empty_store).broken_at == found_at


def test_acts_at_the_same_time_make_one_chain(empty_store: Store) -> None:
    threads = [threading.Thread(target=act, args=(empty_store, 20)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = check(empty_store)
    assert verdict.whole
    assert verdict.rows == 80


def test_an_act_that_is_undone_leaves_no_row(empty_store: Store) -> None:
    def act_and_fail() -> None:
        with empty_store.writing() as session:
            record(session, actor="user:1", action=Action.CONTACT_READ, target="contact:1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()
    assert check(empty_store).rows == 0
