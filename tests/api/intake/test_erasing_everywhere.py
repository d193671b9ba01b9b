"""Whatever table points at a contact, now or later: erasing empties or deletes its rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer, String, Table, select

from api.intake.retention import erase
from api.store import tables
from api.store.columns import Encrypted, EncryptedJson, UtcDateTime, now
from api.store.opening import Store

METADATA = tables.Contact.metadata
WORDS = "Zyxwvella"
# Rows that are deleted: people, what finds them again, their links, and silent answers.
DELETED = {"contact_people", "person_keys", "same_child", "silent_answers"}
# Plain text that stays because it is a code of ours and never words of a contact. Before a column
# is added here, be sure that nobody can write in it.
CODES = {
    "assessments.form_type",
    "assessments.framework",
    "assessments.rating",
    "assessments.reader",
    "assessments.rulebook",
    "contacts.client_key",  # the contact's own id by then
    "contacts.form_type",
    "contacts.sender",
    "corrections.code",
    "corrections.corrected",
    "corrections.found",
    "decisions.override_reason",
    "silent_answers.answered_by",
}


def of_a_contact() -> set[str]:
    """The tables that point at contacts, themselves or through another, and contacts."""
    found = {"contacts"}
    for table in METADATA.sorted_tables:  # whatever is pointed at comes first
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return found


def value_of(column: Column[Any], rows: dict[str, dict[str, Any]]) -> Any:
    """Something in every column: words wherever words could be."""
    for key in column.foreign_keys:
        return rows[key.column.table.name][key.column.name]
    kind = column.type
    if isinstance(kind, Encrypted):
        return WORDS
    if isinstance(kind, EncryptedJson):
        return {"quote": WORDS}
    if isinstance(kind, Enum):
        return kind.python_type and next(iter(kind.enum_class or ()))
    if isinstance(kind, String):
        return f"{WORDS}{column.table.name}"[: kind.length]
    if isinstance(kind, UtcDateTime):
        return now()
    if isinstance(kind, Date):
        return date(2026, 11, 26)
    for each, value in ((JSON, []), (Boolean, False), (Float, 0.5), (Integer, 1)):
        if isinstance(kind, each):
            return value
    raise AssertionError(f"say what to put in {column}: {kind!r}")


@pytest.fixture
def erased(empty_store: Store) -> Store:
    """A store with a row in every table, all of one contact, which was erased."""
    rows: dict[str, dict[str, Any]] = {}
    with empty_store.writing() as session:
        for table in METADATA.sorted_tables:
            if table.name == "audit":
                continue  # made by recording alone
            row = {column.name: value_of(column, rows) for column in table.columns}
            if table.name == "contacts":
                row |= {"erased_at": None, "legal_hold": False}
            session.execute(table.insert().values(row))
            rows[table.name] = row
        erase(session, rows["contacts"]["id"], actor="system", why="asked")
    return empty_store


def left(store: Store) -> Iterator[tuple[Table, dict[str, Any]]]:
    with store.reading() as session:
        for name in sorted(of_a_contact()):
            table = METADATA.tables[name]
            for row in session.execute(select(table)).mappings():
                yield table, dict(row)


def test_the_tables_that_hold_words_of_a_contact_are_among_those_that_are_looked_at() -> None:
    named = {"first_views", "dip_ratings", "corrections", "replies", "decisions", "assessments"}
    assert named | DELETED <= of_a_contact()


def test_no_encrypted_column_keeps_a_word(erased: Store) -> None:
    for table, row in left(erased):
        for column in table.columns:
            if isinstance(column.type, Encrypted | EncryptedJson):
                assert not row[column.name], str(column)


def test_no_plain_text_is_kept_that_is_not_known_to_be_a_code(erased: Store) -> None:
    kept = {
        str(column)
        for table, row in left(erased)
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, Enum)
        and not column.foreign_keys
        and not column.primary_key
        and row[column.name]
    }
    assert kept - CODES == set()


def test_what_a_sender_could_write_is_replaced(erased: Store) -> None:
    (contact,) = (row for table, row in left(erased) if table.name == "contacts")
    assert contact["client_key"] == contact["id"]
    assert (contact["external_id"], contact["narrative_hash"]) == (None, "")


def test_people_their_keys_and_their_links_are_gone_and_what_was_decided_is_kept(
    erased: Store,
) -> None:
    names = {table.name for table, _ in left(erased)}
    assert not names & DELETED
    assert names == of_a_contact() - DELETED
