"""Find contacts by the child's name, date of birth, or reference.

Names are encrypted. Whoever shares a blind key with what is sought is found among all contacts,
spelt otherwise too; of contacts that are open, every child is decrypted and compared, so that
one word of a name is enough. What was sought is never kept, logged or put in an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from api.matching.blocking import blocking_keys
from api.matching.normalising import Name, normalise_name
from api.matching.person import Person, Role
from api.store.codes import Relation, Stage
from api.store.columns import keys_of
from api.store.references import start_of_id
from api.store.tables import Contact, ContactPerson, PersonKey
from nlp.errors import UnknownChoiceError

MOST_FOUND = 50
# Decrypting a name takes some twenty microseconds; more open contacts than this no hub has.
MOST_OPEN = 5_000
MOST_CANDIDATES = 500
MOST_CHARACTERS = 120
CHILDREN = (Relation.CHILD, Relation.SIBLING)


@dataclass(frozen=True)
class Sought:
    """What a person looks for: a name or a reference, a date of birth, or both."""

    words: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)

    @property
    def empty(self) -> bool:
        """Is there nothing to look for?"""
        return not self.words.strip() and self.born is None


@dataclass(frozen=True)
class _Child:
    contact_id: str
    name: str = field(repr=False)
    born: str | None = field(repr=False)


def read_birth(written: str) -> date | None:
    """Give a date of birth as people write it, day first; ``None`` for nothing.

    Raises:
        UnknownChoiceError: If it is not a date.
    """
    if not written.strip():
        return None
    parts = re.findall(r"\d+", written)
    try:
        first, month, last = map(int, parts)
        return date(first, month, last) if len(parts[0]) == 4 else date(last, month, first)
    except ValueError:  # what was written may be somebody's, so it is not repeated
        raise UnknownChoiceError(
            "The date of birth could not be read. Write day, month and year, such as 31/3/2018."
        ) from None


def search(session: Session, sought: Sought) -> list[str]:
    """Give the ids of contacts about a child like that, `MOST_FOUND` at the most."""
    start = start_of_id(sought.words)
    if start is not None:
        held = select(Contact.id).where(Contact.id.startswith(start)).limit(MOST_FOUND)
        return list(session.scalars(held))
    children = (*_sharing_keys(session, sought), *_in_open_contacts(session))
    found = dict.fromkeys(each.contact_id for each in children if _like(each, sought))
    return list(found)[:MOST_FOUND]


def _sharing_keys(session: Session, sought: Sought) -> Iterator[_Child]:
    forenames, _, surname = sought.words.strip().rpartition(" ")
    person = Person(
        id="",
        contact_id="",
        role=Role.CHILD,
        forenames=forenames,
        surname=surname,
        date_of_birth=sought.born,
    )
    digests = blocking_keys(person, key=keys_of(session.get_bind().dialect).index)
    candidates = (
        select(PersonKey.person_id)
        .where(PersonKey.digest.in_(digests))
        .distinct()
        .limit(MOST_CANDIDATES)
    )
    return _children(session, ContactPerson.id.in_(candidates))


def _in_open_contacts(session: Session) -> Iterator[_Child]:
    newest = (
        select(Contact.id)
        .where(Contact.stage != Stage.DECIDED)
        .order_by(Contact.received_at.desc())
        .limit(MOST_OPEN)
    )
    return _children(session, ContactPerson.contact_id.in_(newest))


def _children(session: Session, condition: ColumnElement[bool]) -> Iterator[_Child]:
    found = session.execute(
        select(
            ContactPerson.contact_id,
            ContactPerson.forenames,
            ContactPerson.surname,
            ContactPerson.date_of_birth,
        ).where(condition, ContactPerson.relation.in_(CHILDREN))
    )
    for contact, forenames, surname, born in found:
        yield _Child(contact, f"{forenames or ''} {surname or ''}", born)


def _like(child: _Child, sought: Sought) -> bool:
    """Does every word sought begin, sound like or stand for a word of the child's name?

    One word is enough where the date of birth is the same, and that date alone where no name is
    sought.
    """
    same_birth = sought.born is not None and child.born == sought.born.isoformat()
    if sought.born is not None and child.born is not None and not same_birth:
        return False
    wanted, named = normalise_name(sought.words), normalise_name(child.name)
    alike = [_has(named, wanted, at) for at in range(len(wanted.words))]
    if same_birth:
        return any(alike) or not alike
    return all(alike) and bool(alike)


def _has(named: Name, wanted: Name, at: int) -> bool:
    word, roots, sound = wanted.words[at], wanted.roots[at], wanted.sounds[at]
    return any(
        given.startswith(word) or roots & given_roots or sound == given_sound
        for given, given_roots, given_sound in zip(
            named.words, named.roots, named.sounds, strict=True
        )
    )
