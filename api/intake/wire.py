"""A contact on the wire: as systems send it, and what its sender may see of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from api.schemas import EXAMPLE_TEXT, Wire
from api.store.codes import Outcome, Relation, Stage
from nlp.domain import Element, Form, Level
from nlp.text import MAX_CHARACTERS

Name = Annotated[str | None, Field(max_length=200)]
# Printable ASCII: it is searched for, and a header can carry it too.
KEY_PATTERN = r"^[ -~]+$"
Key = Annotated[str, Field(min_length=1, max_length=80, pattern=KEY_PATTERN)]


class PersonIn(Wire):
    """A person in a contact, in fields of their own."""

    relation: Annotated[Relation, Field(description="Who it is, to the child")] = Relation.CHILD
    forenames: Name = None
    surname: Name = None
    date_of_birth: Annotated[
        str | None,
        Field(
            max_length=80,
            description="Best as 2019-03-04; a due date where the child is not born yet. What is "
            "no date is kept as it is written",
        ),
    ] = None
    address: Annotated[str | None, Field(max_length=500)] = None
    postcode: Annotated[str | None, Field(max_length=20)] = None
    nhs_number: Annotated[str | None, Field(max_length=20)] = None


class ReferrerIn(Wire):
    """Who wrote the contact, and how the hub reaches them."""

    name: Name = None
    contact: Annotated[
        str | None, Field(max_length=200, description="Telephone number or address for the reply")
    ] = None


class ContactIn(Wire):
    """A referral or a police notification for the hub."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": EXAMPLE_TEXT,
                    "form": "referral",
                    "client_key": "6f1c0f5e",
                    "external_id": "CPOMS-4711",
                    "people": [
                        {"forenames": "Ava", "surname": "Mold", "date_of_birth": "2017-03-12"}
                    ],
                    "referrer": {"name": "Ms J Okafor", "contact": "01632 960501"},
                    "consent_given": True,
                }
            ]
        }
    )

    text: Annotated[
        str, Field(strict=True, max_length=MAX_CHARACTERS, description="The words of the contact")
    ]
    form: Annotated[Form, Field(description="A referral, or a police notification (PPN)")]
    form_type: Annotated[
        str | None,
        Field(max_length=40, description="The form it is written on: an id of GET /api/v1/forms"),
    ] = None
    agency: Annotated[
        str | None, Field(max_length=40, description="Your own agency's id, if you say it at all")
    ] = None
    client_key: Annotated[
        Key | None,
        Field(
            description="Your own key of this contact; sending the same again is then safe. "
            "The header Idempotency-Key does the same. Without one, sending twice makes two "
            "contacts"
        ),
    ] = None
    external_id: Annotated[Key | None, Field(description="Its number in your system")] = None
    received_at: Annotated[
        AwareDatetime | None,
        Field(
            ge=datetime(2000, 1, 1, tzinfo=UTC),
            description="When it was written for the hub, with its time zone; now if not given, "
            "and a moment to come counts as now",
        ),
    ] = None
    incident_on: Annotated[
        date | None,
        Field(
            ge=date(2000, 1, 1),
            description="The day of what a police notification is about, in London, such as "
            "2026-03-27; a day after the contact is not kept",
        ),
    ] = None
    people: Annotated[tuple[PersonIn, ...], Field(max_length=50)] = ()
    referrer: ReferrerIn = ReferrerIn()
    stated_level: Annotated[Level | None, Field(description="What the referrer thinks it is")] = (
        None
    )
    consent_given: Annotated[
        bool | None, Field(strict=True, description="Has the family agreed to it?")
    ] = None
    earlier_contacts: Annotated[
        int | None,
        Field(ge=0, le=1000, description="Contacts about the same child in the last twelve months"),
    ] = None


class ReceiptOut(Wire):
    """The contact is kept."""

    id: str
    reference: str = Field(description="To be read out over the telephone")
    received_at: datetime
    repeated: bool = Field(description="It was kept before, under the same key")


class ReplyOut(Wire):
    """What the hub answered."""

    words: str
    sent_at: datetime


class SentOut(Wire):
    """What became of a contact, as its own agency may see it."""

    id: str
    reference: str
    external_id: str | None
    form: Form
    received_at: datetime
    reply_due_at: datetime | None = Field(description="By when the hub answers; null once it has")
    stage: Stage
    outcome: Outcome | None = Field(description="What people decided; null until they have")
    reply: ReplyOut | None
    score: int | None = Field(description="Completeness as sent, 0 to 100; null until it is read")
    missing: tuple[Element, ...] | None = Field(description="What the contact did not say")
    partly: tuple[Element, ...] | None = Field(description="What it said only in part")
    first_score: int | None = Field(description="Completeness at the first check of the draft")
    first_missing: int | None = Field(description="How many elements were missing then")


class SentListOut(Wire):
    """Contacts of the agency, newest first."""

    contacts: tuple[SentOut, ...]
    next: str | None = Field(
        description="The cursor to ask for the next ones with; null at the end"
    )
