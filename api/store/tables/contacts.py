"""What was sent, who is in it, and how it was read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.store.codes import Channel, Outcome, Relation, Stage
from api.store.columns import Encrypted, EncryptedJson, Table, id_column, new_id, now
from api.store.references import reference_of
from nlp.domain import Form, Level, Urgency

# To hold a contact until a session ends, as nobody else then changes it. Not its key: whoever links
# to it, with the log in hand, must not wait for whoever holds it and wants the log.
HELD = {"key_share": True}


class Contact(Table):
    """A referral or a police notification, as it was sent.

    What the queue orders by is kept beside the words, which cannot be searched. ``scored`` is
    false until a reading succeeded; `urgency`, `level`, `score` and the counts are then those of
    the last reading. ``sender`` is ``user:…`` or ``key:…``; with ``client_key`` it makes sending
    the same contact twice one contact.

    ``read_again_at`` is when it may next be read: a server that reads it has it for so long, and
    each of its ``failures`` puts the next try off. ``decided_elsewhere`` is an outcome that came
    with an import: nobody here decided it.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("sender", "client_key"),
        Index("ix_contacts_queue", "stage", "received_at"),
        Index("ix_contacts_agency_received", "agency_id", "received_at"),
        # In the order in which contacts are read, so that the next is found and none is sorted.
        Index("ix_contacts_to_read", "scored", "channel", "stage", "read_again_at", "received_at"),
    )

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    sender: Mapped[str] = mapped_column(String(60))
    client_key: Mapped[str] = mapped_column(String(80))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agencies.id"))
    channel: Mapped[Channel]
    external_id: Mapped[str | None] = mapped_column(String(80))
    form: Mapped[Form]
    form_type: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(default=now, index=True)
    incident_on: Mapped[date | None]  # in London, as the sender's form says
    # Last in the row: SQLite would walk through it to reach what the queue orders by.
    narrative: Mapped[str | None] = mapped_column(Encrypted("contacts.narrative"), sort_order=1)
    narrative_hash: Mapped[str] = mapped_column(String(64))
    characters: Mapped[int]
    referrer_name: Mapped[str | None] = mapped_column(Encrypted("contacts.referrer_name"))
    referrer_contact: Mapped[str | None] = mapped_column(Encrypted("contacts.referrer_contact"))
    stated_level: Mapped[Level | None]  # what the referrer thinks it is
    consent_given: Mapped[bool | None]
    earlier_contacts: Mapped[int | None]  # in twelve months, as the sender says
    # From the first check of the draft to sending: counts only, drafts are not kept.
    first_score: Mapped[int | None]
    first_missing: Mapped[int | None]
    checks: Mapped[int] = mapped_column(default=0)

    stage: Mapped[Stage] = mapped_column(default=Stage.WAITING)
    scored: Mapped[bool] = mapped_column(default=False)
    failed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    read_again_at: Mapped[datetime | None]
    decided_elsewhere: Mapped[Outcome | None]
    due_at: Mapped[datetime]
    reply_due_at: Mapped[datetime | None] = mapped_column(index=True)  # none once it is answered
    urgency: Mapped[Urgency | None]
    level: Mapped[Level | None]
    lowest_level: Mapped[Level | None]  # of the plausible set, which has no gaps
    highest_level: Mapped[Level | None]
    score: Mapped[int | None]
    missing: Mapped[int | None]  # expected elements that are missing
    present_flags: Mapped[int] = mapped_column(default=0)
    flags: Mapped[list[Any]] = mapped_column(default=list)  # codes of present flags
    vulnerability: Mapped[int] = mapped_column(default=0)
    vulnerabilities: Mapped[list[Any]] = mapped_column(default=list)  # codes; as many as counted
    looks_inappropriate: Mapped[bool] = mapped_column(default=False)
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    open_to: Mapped[str | None] = mapped_column(Encrypted("contacts.open_to"))  # a named worker
    legal_hold: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None]

    people: Mapped[list[ContactPerson]] = relationship(
        order_by="ContactPerson.position", cascade="all, delete-orphan"
    )
    assessments: Mapped[list[StoredAssessment]] = relationship(
        order_by="StoredAssessment.made_at", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def reference(self) -> str:
        """What a person can read out over the telephone; the id holds it at its start."""
        return reference_of(self.id)


class ContactPerson(Table):
    """A person in a contact, as the form's own fields name them."""

    __tablename__ = "contact_people"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    relation: Mapped[Relation]
    forenames: Mapped[str | None] = mapped_column(Encrypted("contact_people.forenames"))
    surname: Mapped[str | None] = mapped_column(Encrypted("contact_people.surname"))
    date_of_birth: Mapped[str | None] = mapped_column(  # ISO 8601
        Encrypted("contact_people.date_of_birth")
    )
    birth_note: Mapped[str | None] = mapped_column(  # as written, where it is no date
        Encrypted("contact_people.birth_note")
    )
    address: Mapped[str | None] = mapped_column(Encrypted("contact_people.address"))
    postcode: Mapped[str | None] = mapped_column(Encrypted("contact_people.postcode"))
    nhs_number: Mapped[str | None] = mapped_column(Encrypted("contact_people.nhs_number"))

    keys: Mapped[list[PersonKey]] = relationship(cascade="all, delete-orphan")


class PersonKey(Table):
    """A blind key under which people who may be the same are found without being read."""

    __tablename__ = "person_keys"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey("contact_people.id"), primary_key=True, index=True
    )


class StoredAssessment(Table):
    """One reading of a contact, whole, with what read it; figures beside it for counting."""

    __tablename__ = "assessments"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    reader: Mapped[str] = mapped_column(String(120))
    rulebook: Mapped[str] = mapped_column(String(80))
    framework: Mapped[str] = mapped_column(String(40))
    form_type: Mapped[str] = mapped_column(String(40))
    earlier_contacts: Mapped[int | None]  # in twelve months, as known at this reading
    content: Mapped[Any] = mapped_column(EncryptedJson("assessments.content"))
    score: Mapped[int]
    rating: Mapped[str] = mapped_column(String(24))
    level: Mapped[Level]
    urgency: Mapped[Urgency]
    statuses: Mapped[dict[str, Any]]  # element: status, of expected elements only
    flags: Mapped[list[Any]]  # codes of present flags
    reasons: Mapped[list[Any]]  # codes of why a notification looks inappropriate; empty if not


class Draft(Table):
    """A draft's first check: when it was, and two counts; never a word of it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(id_column(), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    first_score: Mapped[int]
    first_missing: Mapped[int]
    checks: Mapped[int] = mapped_column(default=1)


class ImportProfile(Table):
    """How the columns of one export map to our fields."""

    __tablename__ = "import_profiles"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    columns: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
