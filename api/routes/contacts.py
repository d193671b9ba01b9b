"""Systems send contacts, and ask what became of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api import clocks
from api.access.errors import NotAllowedError
from api.access.identity import Identity
from api.access.rules import Sender, SenderReading
from api.assessor import Assessor
from api.dependencies import Id, UsesAssessor, UsesStore, UsesWorker
from api.error_responses import errors
from api.intake.people import person_given
from api.intake.sent import SentContact, list_sent, see_sent
from api.intake.submission import PersonGiven, Submission, submit
from api.intake.wire import (
    KEY_PATTERN,
    ContactIn,
    ReceiptOut,
    ReplyOut,
    SentListOut,
    SentOut,
)
from api.store.codes import Channel
from api.store.columns import new_id, now
from api.store.references import reference_of
from nlp.domain import Status

router = APIRouter(prefix="/contacts", tags=["contacts"])

MOST = 100


@router.post(
    "",
    status_code=201,
    summary="Send a contact to the hub",
    responses={
        200: {"model": ReceiptOut, "description": "It was kept before, under the same key"},
        **errors(400, 401, 403, 409, 413, 422, 429, 503),
    },
)
def send_contact(
    contact: ContactIn,
    *,
    response: Response,
    sender: Sender,
    assessor: UsesAssessor,
    store: UsesStore,
    worker: UsesWorker,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=80,
            pattern=KEY_PATTERN,
            description="Your own key of this contact; client_key goes before it",
        ),
    ] = None,
) -> ReceiptOut:
    """Keep a contact; once this is answered, it is on the disk and the hub will see it.

    It is kept whatever its quality: only a text that is empty, unreadable or too long is refused.
    """
    key = contact.client_key or idempotency_key or new_id()
    receipt = submit(store, _submission(contact, key, sender, assessor), sender=sender)
    worker.wake()
    response.status_code = 200 if receipt.repeated else 201
    return ReceiptOut(
        id=receipt.contact_id,
        reference=reference_of(receipt.contact_id),
        received_at=receipt.received_at,
        repeated=receipt.repeated,
    )


@router.get(
    "",
    summary="Your agency's contacts, newest first",
    responses=errors(401, 403, 404, 422, 503),
)
def list_contacts(
    *,
    sender: SenderReading,
    store: UsesStore,
    after: Annotated[
        str | None,
        Query(max_length=32, pattern=r"^[0-9a-f]+$", description="`next` of the answer before"),
    ] = None,
) -> SentListOut:
    """Give what became of each contact, a hundred at a time."""
    page = list_sent(store, identity=sender, after=after, most=MOST)
    return SentListOut(contacts=tuple(_to_out(each) for each in page.contacts), next=page.next)


@router.get(
    "/{contact_id}",
    summary="What became of one contact",
    responses=errors(401, 403, 404, 422, 503),
)
def tell_contact(contact_id: Id, *, sender: SenderReading, store: UsesStore) -> SentOut:
    """Give the stage, the outcome, the reply, and what the contact did not say."""
    return _to_out(see_sent(store, contact_id, identity=sender))


def _submission(contact: ContactIn, key: str, sender: Identity, assessor: Assessor) -> Submission:
    if sender.agency_id is None or contact.agency not in (None, sender.agency_id):
        raise NotAllowedError
    return Submission(
        text=contact.text,
        form=contact.form,
        form_type=assessor.form(contact.form, contact.form_type).code,
        agency_id=sender.agency_id,
        client_key=key,
        channel=Channel.API,
        external_id=contact.external_id,
        received_at=contact.received_at,
        incident_on=contact.incident_on,
        people=_people(contact),
        referrer_name=contact.referrer.name,
        referrer_contact=contact.referrer.contact,
        stated_level=contact.stated_level,
        consent_given=contact.consent_given,
        earlier_contacts=contact.earlier_contacts,
    )


def _people(contact: ContactIn) -> tuple[PersonGiven, ...]:
    today = now().astimezone(clocks.LONDON).date()
    given = (
        person_given(
            born=each.date_of_birth, today=today, **each.model_dump(exclude={"date_of_birth"})
        )
        for each in contact.people
    )
    return tuple(each for each in given if each is not None)


def _to_out(sent: SentContact) -> SentOut:
    contact, reply = sent.contact, sent.reply
    return SentOut(
        id=contact.id,
        reference=contact.reference,
        external_id=contact.external_id,
        form=contact.form,
        received_at=contact.received_at,
        reply_due_at=contact.reply_due_at,
        stage=contact.stage,
        outcome=sent.outcome,
        reply=ReplyOut(words=reply.words, sent_at=reply.sent_at)
        if reply and reply.sent_at
        else None,
        score=contact.score,
        missing=sent.elements(Status.MISSING),
        partly=sent.elements(Status.PARTLY),
        first_score=contact.first_score,
        first_missing=contact.first_missing,
    )
