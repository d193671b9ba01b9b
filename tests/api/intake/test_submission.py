"""A contact is kept once, whole, whatever is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from api.access.errors import ConflictError
from api.access.identity import Identity
from api.intake.submission import PersonGiven, Submission, hash_text, submit
from api.store.codes import Channel, Outcome, Role, Stage
from api.store.opening import Store
from api.store.tables import Contact, Draft
from nlp.domain import Form
from nlp.errors import EmptyTextError
from tests.hub_builders import TEXT, add_user

GIVEN = Submission(
    text=TEXT,
    form=Form.REFERRAL,
    form_type="safer",
    agency_id="school_a",
    client_key="one",
    channel=Channel.PAGE,
)


@pytest.fixture
def sender(empty_store: Store) -> Identity:
    return add_user(empty_store, Role.REFERRER)


def kept(store: Store) -> list[Contact]:
    with store.reading() as session:
        found = list(session.scalars(select(Contact)))
        assert all(len(each.people) < 9 for each in found)
    return found


def test_the_same_key_and_text_is_the_same_contact(empty_store: Store, sender: Identity) -> None:
    first, again = (submit(empty_store, GIVEN, sender=sender) for _ in range(2))
    assert (first.contact_id, first.received_at) == (again.contact_id, again.received_at)
    assert (first.repeated, again.repeated) == (False, True)
    assert len(kept(empty_store)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"people": [PersonGiven(surname="Mold", date_of_birth=date(2019, 3, 5))]},
        {"incident_on": date(2026, 3, 2)},
        {"consent_given": False},
    ],
)
def test_the_same_key_and_text_with_another_thing_said_is_not_dropped(
    empty_store: Store, sender: Identity, change: dict[str, Any]
) -> None:
    given = replace(GIVEN, people=[PersonGiven(surname="Mold", date_of_birth=date(2019, 3, 4))])
    submit(empty_store, given, sender=sender)
    with pytest.raises(ConflictError, match="new key"):
        submit(empty_store, replace(given, **change), sender=sender)
    later = replace(given, received_at=datetime.now(UTC), draft_id="0" * 32)
    assert submit(empty_store, later, sender=sender).repeated


def test_a_contact_kept_under_the_hash_of_its_text_alone_is_known_again(
    empty_store: Store, sender: Identity
) -> None:
    kept_as = submit(empty_store, GIVEN, sender=sender).contact_id
    with empty_store.writing() as session:
        session.get_one(Contact, kept_as).narrative_hash = hash_text(TEXT)
    assert submit(empty_store, GIVEN, sender=sender).repeated


def test_a_double_click_is_one_contact(empty_store: Store, sender: Identity) -> None:
    def send(_: int) -> str:
        return submit(empty_store, GIVEN, sender=sender).contact_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(send, range(6)))) == 1
    assert len(kept(empty_store)) == 1


def test_another_text_under_the_same_key_is_refused(empty_store: Store, sender: Identity) -> None:
    submit(empty_store, GIVEN, sender=sender)
    with pytest.raises(ConflictError, match="new key"):
        submit(empty_store, replace(GIVEN, text="Another."), sender=sender)
    assert [each.narrative for each in kept(empty_store)] == [TEXT]


def test_the_same_key_of_another_sender_is_another_contact(
    empty_store: Store, sender: Identity
) -> None:
    other = add_user(empty_store, Role.REFERRER)
    found = {submit(empty_store, GIVEN, sender=each).contact_id for each in (sender, other)}
    assert len(found) == 2


def test_an_empty_text_is_not_kept(empty_store: Store, sender: Identity) -> None:
    with pytest.raises(EmptyTextError):
        submit(empty_store, replace(GIVEN, text=" \n"), sender=sender)
    assert kept(empty_store) == []


def test_people_are_kept_as_given(empty_store: Store, sender: Identity) -> None:
    people = (
        PersonGiven(forenames="Ava", surname="Mold", date_of_birth=date(2019, 3, 4)),
        PersonGiven(forenames="Jo", birth_note="about 2015"),
    )
    submit(empty_store, replace(GIVEN, people=people), sender=sender)
    (contact,) = kept(empty_store)
    assert [(p.forenames, p.date_of_birth, p.birth_note) for p in contact.people] == [
        ("Ava", "2019-03-04", None),
        ("Jo", None, "about 2015"),
    ]


def test_a_moment_to_come_counts_as_now(empty_store: Store, sender: Identity) -> None:
    """A clock that is wrong must not put a contact off."""
    ahead = datetime.now(UTC) + timedelta(days=3)
    submit(empty_store, replace(GIVEN, received_at=ahead), sender=sender)
    (contact,) = kept(empty_store)
    assert contact.received_at <= datetime.now(UTC)


def test_what_was_decided_elsewhere_is_history_and_waits_for_nobody(
    empty_store: Store, sender: Identity
) -> None:
    past = replace(GIVEN, decided_elsewhere=Outcome.EARLY_HELP, channel=Channel.IMPORT)
    submit(empty_store, past, sender=sender)
    (contact,) = kept(empty_store)
    assert (contact.stage, contact.reply_due_at) == (Stage.DECIDED, None)


def test_the_counts_of_the_draft_go_over_and_the_draft_is_forgotten(
    empty_store: Store, sender: Identity
) -> None:
    with empty_store.writing() as session:
        session.add(Draft(id="d" * 32, first_score=41, first_missing=6, checks=3))
    submit(empty_store, replace(GIVEN, draft_id="d" * 32), sender=sender)
    (contact,) = kept(empty_store)
    assert (contact.first_score, contact.first_missing, contact.checks) == (41, 6, 3)
    with empty_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_the_reference_can_be_read_out(
    empty_store: Store, sender: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    same: Callable[[], str] = lambda: "0123456789abcdef" * 2  # noqa: E731
    monkeypatch.setattr("api.intake.submission.new_id", same)
    submit(empty_store, GIVEN, sender=sender)
    assert kept(empty_store)[0].reference == "01234-56789"
