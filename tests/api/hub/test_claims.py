"""Two people are never unknowingly on one contact."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from api.access.errors import NotAllowedError, NotFoundError
from api.access.identity import Identity
from api.hub import claims
from api.hub.claims import STALE, ClaimConflictError
from api.store.audit import verify
from api.store.codes import Action, Role, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import AuditRow, Contact
from tests.hub_builders import add_contact, add_user

PEOPLE = 8


def holder(store: Store, contact_id: str) -> str | None:
    with store.reading() as session:
        return session.get_one(Contact, contact_id).claimed_by


def acts(store: Store, action: Action) -> list[AuditRow]:
    with store.reading() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def test_of_many_who_claim_at_once_one_has_it_and_the_others_are_told_who(
    empty_store: Store,
) -> None:
    contact = add_contact(empty_store)
    people = [add_user(empty_store) for _ in range(PEOPLE)]
    together = Barrier(PEOPLE)

    def try_to_claim(by: Identity) -> str | None:
        together.wait()
        try:
            claims.claim(empty_store, contact, by=by)
        except ClaimConflictError as error:
            return error.claim.user_id if error.claim else None
        return by.id

    with ThreadPoolExecutor(PEOPLE) as threads:
        told = list(threads.map(try_to_claim, people))
    assert set(told) == {holder(empty_store, contact)}
    assert len(acts(empty_store, Action.CONTACT_CLAIMED)) == 1
    with empty_store.reading() as session:
        assert verify(session).whole


def test_of_two_managers_who_take_over_at_once_one_does(empty_store: Store) -> None:
    contact, first = add_contact(empty_store), add_user(empty_store)
    claims.claim(empty_store, contact, by=first)
    managers = [add_user(empty_store, Role.HUB_MANAGER) for _ in range(2)]
    together = Barrier(2)

    def take(by: Identity) -> bool:
        together.wait()
        try:
            claims.take_over(empty_store, contact, by=by, held_by=first.id)
        except ClaimConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        taken = list(threads.map(take, managers))
    assert sorted(taken) == [False, True]
    assert holder(empty_store, contact) == managers[taken.index(True)].id


def test_claiming_twice_is_no_mistake_and_is_noted_once(empty_store: Store) -> None:
    contact, person = add_contact(empty_store), add_user(empty_store)
    claims.claim(empty_store, contact, by=person)
    claims.claim(empty_store, contact, by=person)
    assert len(acts(empty_store, Action.CONTACT_CLAIMED)) == 1


def test_what_is_given_back_can_be_claimed_by_another(empty_store: Store) -> None:
    contact, first, second = add_contact(empty_store), add_user(empty_store), add_user(empty_store)
    claims.claim(empty_store, contact, by=first)
    claims.release(empty_store, contact, by=first)
    claims.claim(empty_store, contact, by=second)
    assert holder(empty_store, contact) == second.id
    assert [act.actor for act in acts(empty_store, Action.CONTACT_RELEASED)] == [first.actor]


def test_only_a_manager_gives_back_or_takes_what_another_has(empty_store: Store) -> None:
    contact, first, second = add_contact(empty_store), add_user(empty_store), add_user(empty_store)
    manager = add_user(empty_store, Role.HUB_MANAGER)
    claims.claim(empty_store, contact, by=first)
    with pytest.raises(ClaimConflictError):
        claims.release(empty_store, contact, by=second)
    with pytest.raises(NotAllowedError):
        claims.take_over(empty_store, contact, by=second, held_by=first.id)
    assert holder(empty_store, contact) == first.id
    claims.take_over(empty_store, contact, by=manager, held_by=first.id)
    assert holder(empty_store, contact) == manager.id
    assert acts(empty_store, Action.CONTACT_CLAIMED)[-1].details == {"taken_from": first.id}


def test_a_claim_changes_the_version_so_that_an_open_form_is_not_saved_unawares(
    empty_store: Store,
) -> None:
    contact = add_contact(empty_store)
    with empty_store.reading() as session:
        before = session.get_one(Contact, contact).version
    claims.claim(empty_store, contact, by=add_user(empty_store))
    with empty_store.reading() as session:
        assert session.get_one(Contact, contact).version == before + 1


def test_what_is_decided_or_erased_or_unknown_cannot_be_claimed(empty_store: Store) -> None:
    person, decided, erased = (
        add_user(empty_store),
        add_contact(empty_store),
        add_contact(empty_store),
    )
    with empty_store.writing() as session:
        session.execute(update(Contact).where(Contact.id == decided).values(stage=Stage.DECIDED))
        session.execute(update(Contact).where(Contact.id == erased).values(erased_at=now()))
    with pytest.raises(ClaimConflictError, match="already decided"):
        claims.claim(empty_store, decided, by=person)
    for unknown in (erased, "0" * 32):
        with pytest.raises(NotFoundError):
            claims.claim(empty_store, unknown, by=person)


@pytest.mark.parametrize(("had_for", "stale"), [(STALE, True), (timedelta(0), False)])
def test_a_claim_that_is_old_is_shown_and_never_taken_away(
    sqlite_store: Store, had_for: timedelta, *, stale: bool
) -> None:
    contact, person = add_contact(sqlite_store), add_user(sqlite_store)
    claims.claim(sqlite_store, contact, by=person)
    with sqlite_store.writing() as session:
        since = now() - had_for - timedelta(seconds=1)
        session.execute(update(Contact).where(Contact.id == contact).values(claimed_at=since))
    with sqlite_store.reading() as session:
        claim = claims.claim_of(session, session.get_one(Contact, contact))
    assert claim is not None
    assert (claim.user_id, claim.name, claim.stale) == (person.id, person.name, stale)
    with pytest.raises(ClaimConflictError):
        claims.claim(sqlite_store, contact, by=add_user(sqlite_store))
