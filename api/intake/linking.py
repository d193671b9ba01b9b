"""Find earlier contacts that may be about the same child, and suggest the links to staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from time import monotonic
from weakref import WeakKeyDictionary

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, load_only, selectinload

from api import clocks
from api.matching.blocking import blocking_keys
from api.matching.matches import Match, match
from api.matching.person import Birth, Person, Role
from api.matching.reasons import load_reasons
from api.store.audit import record
from api.store.codes import Action, LinkState
from api.store.opening import Store
from api.store.tables import Contact, ContactPerson, PersonKey, SameChild

SYSTEM = "system"
LOOK_BACK = timedelta(days=5 * 365 + 1)
MOST_CANDIDATES = 200
# What a match needs of a contact: nobody's words are read and decrypted for it.
PEOPLE_ALONE = (load_only(Contact.received_at, raiseload=True), selectinload(Contact.people))
COUNT_KEPT_SECONDS = 60.0
_COUNTED: WeakKeyDictionary[Store, tuple[float, int]] = WeakKeyDictionary()


def link(store: Store, contact_id: str) -> frozenset[str]:
    """Suggest which other contacts may be about a child of this one; staff confirm or reject.

    Gives the later contacts of the links that were made, which may now have to be read again.
    What staff have said of a link is never changed.

    Raises:
        ArtefactError: If the trained weights of the matching cannot be used.
        StoreUnavailableError: If the database does not answer.
    """
    with store.reading() as session:
        contact = session.get(Contact, contact_id, options=PEOPLE_ALONE)
        people = _people(contact) if contact else []
    if contact is None or not people:
        return frozenset()
    keys = _keep_keys(store, people)
    # Only now, with our own keys to be seen: of two that come at once, one finds the other.
    with store.reading() as session:
        others = _candidates(session, contact, keys)
    candidates = [each for other in others for each in _people(other)]
    found = match(people, candidates, stored=_count_stored(store))
    return _suggest(store, contact, {each.id: each for each in others}, found)


def reason_codes(found: Match) -> list[str]:
    """Give the codes of what speaks for and against a match; words are made from them for staff."""
    return [
        code for words, code in _codes().items() if words in (*found.reasons, *found.differences)
    ]


@cache
def _codes() -> Mapping[str, str]:
    words = load_reasons()
    return {
        said: code for each in (words.reasons, words.differences) for code, said in each.items()
    }


def _people(contact: Contact) -> list[Person]:
    """The people that something is known of by which they could be found."""
    came = contact.received_at.astimezone(clocks.LONDON).date()
    return [
        _person(each, contact.id, came)
        for each in contact.people
        if each.forenames or each.surname or each.nhs_number
    ]


def _person(given: ContactPerson, contact_id: str, came: date) -> Person:
    born = date.fromisoformat(given.date_of_birth) if given.date_of_birth else None
    return Person(
        id=given.id,
        contact_id=contact_id,
        role=Role(given.relation),
        forenames=given.forenames or "",
        surname=given.surname or "",
        date_of_birth=born,
        birth=Birth.DUE if born and born > came else Birth.KNOWN,
        address=given.address or "",
        postcode=given.postcode or "",
        nhs_number=given.nhs_number or "",
    )


def _keep_keys(store: Store, people: Sequence[Person]) -> frozenset[str]:
    by_person = {each.id: blocking_keys(each, key=store.keys.index) for each in people}
    with store.writing() as session:
        session.execute(delete(PersonKey).where(PersonKey.person_id.in_(by_person)))
        session.add_all(
            PersonKey(digest=digest, person_id=person)
            for person, digests in by_person.items()
            for digest in digests
        )
    return frozenset().union(*by_person.values())


def _candidates(session: Session, contact: Contact, keys: frozenset[str]) -> list[Contact]:
    """The contacts of five years before and after that have most keys in common with this one.

    Later ones too: an import brings contacts that came before those already here.
    """
    since, until = contact.received_at - LOOK_BACK, contact.received_at + LOOK_BACK
    common = func.count(PersonKey.digest.distinct())
    ranked = (
        select(Contact.id)
        .join(ContactPerson, ContactPerson.contact_id == Contact.id)
        .join(PersonKey, PersonKey.person_id == ContactPerson.id)
        .where(
            PersonKey.digest.in_(keys),
            Contact.id != contact.id,
            Contact.received_at.between(since, until),
            Contact.erased_at.is_(None),
        )
        .group_by(Contact.id)
        .order_by(common.desc(), Contact.id)
        .limit(MOST_CANDIDATES)
    )
    ids = list(session.scalars(ranked))
    return list(session.scalars(select(Contact).where(Contact.id.in_(ids)).options(*PEOPLE_ALONE)))


def _count_stored(store: Store) -> int:
    """How many contacts are kept, as of a minute ago at most: the odds of a namesake bear it."""
    at = monotonic()
    counted = _COUNTED.get(store)
    if counted is None or at - counted[0] > COUNT_KEPT_SECONDS:
        with store.reading() as session:
            counted = at, session.scalar(select(func.count()).select_from(Contact)) or 0
        _COUNTED[store] = counted
    return counted[1]


def _suggest(
    store: Store, contact: Contact, others: Mapping[str, Contact], found: Sequence[Match]
) -> frozenset[str]:
    """Keep the best match with each other contact; two children of one are one link."""
    best: dict[str, Match] = {}
    for each in found:
        best.setdefault(each.contact_id, each)  # the most probable comes first
    if not best:
        return frozenset()
    later: set[str] = set()
    with store.writing() as session:
        # First of all: it makes writers wait for one another, so that no link is made twice.
        record(
            session,
            actor=SYSTEM,
            action=Action.CHILD_MATCHED,
            target=f"contact:{contact.id}",
            details={"suggested": len(best)},
        )
        for other_id, each in best.items():
            last, first = sorted((contact, others[other_id]), key=_when, reverse=True)
            _keep_link(session, last.id, first.id, each)
            later.add(last.id)
    return frozenset(later)


def _when(contact: Contact) -> tuple[datetime, str]:
    return contact.received_at, contact.id


def _keep_link(session: Session, later: str, earlier: str, found: Match) -> None:
    held = session.scalars(
        select(SameChild).where(
            or_(
                (SameChild.later_id == later) & (SameChild.earlier_id == earlier),
                (SameChild.later_id == earlier) & (SameChild.earlier_id == later),
            )
        )
    ).first()
    if held is None:
        held = SameChild(later_id=later, earlier_id=earlier)
        session.add(held)
    elif held.state is not LinkState.SUGGESTED:
        return
    held.family_only = not found.may_be_same_child
    held.probability = found.same_family if held.family_only else found.same_child
    held.reasons = reason_codes(found)
