"""Finding a child whose name is encrypted."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from api.assessor import Assessor
from api.hub.search import Sought, read_birth, search
from api.intake.linking import link
from api.intake.submission import PersonGiven
from api.store.codes import Relation, Stage
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import Contact
from nlp.errors import UnknownChoiceError
from tests.api.hub.signed_in import make_app, sit_down
from tests.hub_builders import add_contact

BORN = date(2015, 5, 1)


def child(forenames: str, surname: str, born: date | None = BORN) -> PersonGiven:
    return PersonGiven(forenames=forenames, surname=surname, date_of_birth=born)


def found(store: Store, words: str = "", born: date | None = None) -> set[str]:
    with store.reading() as session:
        return set(search(session, Sought(words, born)))


def decide(store: Store, contact_id: str) -> None:
    with store.writing() as session:
        decided = update(Contact).where(Contact.id == contact_id)
        session.execute(decided.values(stage=Stage.DECIDED))


def test_an_open_contact_is_found_by_any_part_of_the_childs_name(empty_store: Store) -> None:
    ava = add_contact(empty_store, people=(child("Ava Rose", "O'Brien-Moss"),))
    add_contact(empty_store, people=(child("Leo", "Ward"),))
    for words in ("ava", "MOSS", "moss ava", "o'brien", "Av", "Eva O\u2019Brien"):
        assert found(empty_store, words) >= {ava}, words
    assert found(empty_store, "ava") == {ava}
    assert found(empty_store, "ava ward") == set()


def test_a_decided_contact_is_found_by_the_whole_name_even_if_misspelt(empty_store: Store) -> None:
    old = add_contact(empty_store, people=(child("Catherine", "Smith"),))
    link(empty_store, old)
    decide(empty_store, old)
    assert found(empty_store, "Katherine Smyth") == {old}
    assert found(empty_store, born=BORN) == {old}
    assert found(empty_store, "Katherine Smyth", date(2014, 1, 1)) == set()
    assert found(empty_store, "Katherine Jones", BORN) == {old}
    assert found(empty_store, "Olga Jones", BORN) == set()


def test_a_contact_is_found_by_its_reference(empty_store: Store) -> None:
    contact = add_contact(empty_store)
    add_contact(empty_store)
    assert found(empty_store, reference_of(contact)) == {contact}
    assert found(empty_store, reference_of(contact).lower().replace("-", " ")) == {contact}


def test_siblings_are_found_and_adults_are_not(empty_store: Store) -> None:
    contact = add_contact(
        empty_store,
        people=(
            PersonGiven(Relation.SIBLING, "Mia", "Khan"),
            PersonGiven(Relation.PARENT, "Sara", "Khan"),
        ),
    )
    assert found(empty_store, "Mia") == {contact}
    assert found(empty_store, "Sara") == set()


@pytest.mark.parametrize("words", ["", "  ", "%", "_", "' OR 1=1 --", "\u0000", "?" * 120])
def test_words_that_are_no_name_find_nothing(sqlite_store: Store, words: str) -> None:
    add_contact(sqlite_store, people=(child("Ava", "Moss"),))
    assert found(sqlite_store, words) == set()


def test_a_date_of_birth_is_read_day_first() -> None:
    assert read_birth("1/5/2015") == read_birth(" 01.05.2015 ") == read_birth("2015-05-01") == BORN
    assert read_birth("") is None
    for wrong in ("31/2/2015", "May 2015", "1/5/15/3", "x"):
        with pytest.raises(UnknownChoiceError) as raised:
            read_birth(wrong)
        assert wrong not in str(raised.value).replace("such as 31/3/2018", "")


def test_what_is_sought_stands_in_no_address_and_no_message(
    sqlite_store: Store, assessor: Assessor
) -> None:
    app: FastAPI = make_app(sqlite_store, assessor)
    desk = sit_down(app)
    add_contact(sqlite_store, people=(child("Ava", "Moss"),))
    answer = desk.post("/hub/search", child="moss", born="1/5/2015")
    assert answer.status_code == 200
    assert "Ava Moss" in answer.text
    assert "location" not in answer.headers
    assert "moss" not in desk.post("/hub/search", child="moss", born="soon").text
    assert desk.get("/hub/search?child=moss").status_code == 405
    assert desk.post("/hub/search").headers["location"] == "/hub"
