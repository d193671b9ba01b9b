"""Take a contact in: once, whole, and on the disk before the sender is told so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import clocks
from api.access.errors import ConflictError
from api.access.identity import Identity
from api.store.audit import record
from api.store.codes import Action, Channel, Outcome, Relation, Stage
from api.store.columns import new_id, now
from api.store.opening import Store
from api.store.tables import Contact, ContactPerson, Draft
from nlp.domain import Form, Level
from nlp.text import normalise

# Of a sending and not of the contact: these may differ when it is sent again.
OF_THE_SENDING = frozenset({"agency_id", "client_key", "channel", "received_at", "draft_id"})


@dataclass(frozen=True)
class PersonGiven:
    """A person as the sender's form names them; every field but the relation may be unknown.

    A date of birth after the contact came is a due date. ``birth_note`` is what was written for
    one and is no date, such as 'about 2015'.
    """

    relation: Relation = Relation.CHILD
    forenames: str | None = None
    surname: str | None = None
    date_of_birth: date | None = None
    birth_note: str | None = None
    address: str | None = None
    postcode: str | None = None
    nhs_number: str | None = None


@dataclass(frozen=True)
class Submission:
    """A contact as it is sent.

    ``client_key`` is the sender's own: the same key from the same sender is the same contact. A
    ``received_at`` to come counts as now, and an ``incident_on`` after the contact is not kept, for
    it is a slip. ``decided_elsewhere`` is for an import of contacts that
    another system's staff have decided: they are kept for their history.
    """

    text: str
    form: Form
    form_type: str
    agency_id: str
    client_key: str
    channel: Channel
    external_id: str | None = None
    received_at: datetime | None = None
    incident_on: date | None = None
    people: Sequence[PersonGiven] = ()
    referrer_name: str | None = None
    referrer_contact: str | None = None
    stated_level: Level | None = None
    consent_given: bool | None = None
    earlier_contacts: int | None = None
    draft_id: str | None = None
    decided_elsewhere: Outcome | None = None


@dataclass(frozen=True)
class Receipt:
    """The contact is kept; ``repeated`` if it already was."""

    contact_id: str
    received_at: datetime
    repeated: bool


def submit(store: Store, submission: Submission, *, sender: Identity) -> Receipt:
    """Keep a contact; when this returns, it is on the disk.

    Nothing is read first: a contact is never refused for what it says or for a failure of ours.

    Raises:
        EmptyTextError, TextTooLongError, UnreadableTextError: If the text cannot be kept as text.
        ConflictError: If the key was used before for another contact.
        StoreUnavailableError: If the database does not answer; nothing was kept.
    """
    normalise(submission.text)  # raises where it cannot be read as text
    try:
        with store.writing() as session:
            return keep(session, submission, sender=sender.actor)
    except IntegrityError:  # the same was sent twice at one moment, and the other was first
        with store.writing() as session:
            return keep(session, submission, sender=sender.actor)


def keep(
    session: Session, submission: Submission, *, sender: str, actor: str | None = None
) -> Receipt:
    """Keep a contact within a session that is to be committed by its owner.

    *actor* is who does it, where that is not the *sender*, as in an import.

    Raises:
        ConflictError: If the key was used before for another contact.
    """
    digest = hash_given(submission)
    held = session.scalars(
        select(Contact).where(Contact.sender == sender, Contact.client_key == submission.client_key)
    ).first()
    if held is not None:
        # The hash of what was kept before this release is of the text alone.
        if held.narrative_hash not in {digest, hash_text(submission.text)}:
            raise ConflictError(
                "This key was used before for another contact. Send a changed one with a new key."
            )
        return Receipt(held.id, held.received_at, repeated=True)
    contact = _make(submission, sender=sender, digest=digest)
    _take_counts(session, contact, submission.draft_id)
    session.add(contact)
    record(
        session,
        actor=actor or sender,
        action=Action.CONTACT_SENT,
        target=f"contact:{contact.id}",
        details={"channel": submission.channel, "characters": contact.characters},
    )
    return Receipt(contact.id, contact.received_at, repeated=False)


def hash_given(given: Submission) -> str:
    """Give the SHA-256 of all that is said about a contact: a changed one is another.

    Of an import it is of the words alone: an export's other columns change as a case goes on.
    """
    if given.channel is Channel.IMPORT:
        return hash_text(given.text)
    said = {name: value for name, value in asdict(given).items() if name not in OF_THE_SENDING}
    return hash_text(json.dumps(said, sort_keys=True, default=str))


def hash_text(text: str) -> str:
    """Give the SHA-256 of words, by which the same are known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _make(given: Submission, *, sender: str, digest: str) -> Contact:
    received = min(given.received_at or now(), now())
    return Contact(
        id=new_id(),
        sender=sender,
        client_key=given.client_key,
        agency_id=given.agency_id,
        channel=given.channel,
        external_id=given.external_id,
        form=given.form,
        form_type=given.form_type,
        received_at=received,
        incident_on=_incident_on(given, received),
        narrative=given.text,
        narrative_hash=digest,
        characters=len(given.text),
        referrer_name=given.referrer_name,
        referrer_contact=given.referrer_contact,
        stated_level=given.stated_level,
        consent_given=given.consent_given,
        earlier_contacts=given.earlier_contacts,
        due_at=clocks.due_at(received, None),
        stage=Stage.DECIDED if given.decided_elsewhere else Stage.WAITING,
        decided_elsewhere=given.decided_elsewhere,
        reply_due_at=None if given.decided_elsewhere else clocks.reply_due_at(received),
        people=[_person(each, place) for place, each in enumerate(given.people)],
    )


def _incident_on(given: Submission, received: datetime) -> date | None:
    day = given.incident_on
    return day if day and day <= received.astimezone(clocks.LONDON).date() else None


def _person(given: PersonGiven, place: int) -> ContactPerson:
    return ContactPerson(
        id=new_id(),
        position=place,
        relation=given.relation,
        forenames=given.forenames,
        surname=given.surname,
        date_of_birth=given.date_of_birth.isoformat() if given.date_of_birth else None,
        birth_note=given.birth_note,
        address=given.address,
        postcode=given.postcode,
        nhs_number=given.nhs_number,
    )


def _take_counts(session: Session, contact: Contact, draft_id: str | None) -> None:
    """Take over what the first check of the draft counted, and forget the draft."""
    draft = session.get(Draft, draft_id) if draft_id else None
    if draft is not None:
        contact.first_score, contact.first_missing = draft.first_score, draft.first_missing
        contact.checks = draft.checks
        session.delete(draft)
