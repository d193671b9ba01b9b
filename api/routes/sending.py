"""Sending from the page: whatever fails, what was written stays in the form."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.access.errors import ConflictError, ForgedFormError, NotAllowedError, NotSignedInError
from api.access.identity import Identity
from api.access.refusals import note_if_refused
from api.access.rules import COOKIE, AccessRule, Visitor, allow
from api.assessor import TEXT_ERRORS
from api.dependencies import Id, UsesAssessor, UsesBench, UsesStore, UsesWorker
from api.error_handlers import status_and_code
from api.hub.queue_clock import say_moment
from api.intake.drafts import Draft, note_check, read_draft
from api.intake.sent import see_sent
from api.intake.submission import Receipt, submit
from api.intake.words import not_sent_words
from api.page_rendering import render_page
from api.routes.pages import show_refer
from api.schemas import Wire
from api.store.codes import Role
from api.store.columns import new_id, now
from api.store.opening import Store, StoreUnavailableError
from nlp.errors import ReferralQualityError

router = APIRouter(include_in_schema=False)

REFERRERS = AccessRule(Role.REFERRER)
Referrer = Annotated[Identity, allow(Role.REFERRER)]


class CheckedIn(Wire):
    """The counts of a draft's check; its words stay on the page."""

    draft: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    score: Annotated[int, Field(ge=0, le=100)]
    missing: Annotated[int, Field(ge=0, le=16)]


@router.post("/refer/send")
async def send_form(
    request: Request,
    *,
    identity: Visitor,
    assessor: UsesAssessor,
    bench: UsesBench,
    store: UsesStore,
    worker: UsesWorker,
) -> Response:
    """Send what is in the form to the hub; where it cannot be sent, show it again and say why.

    Anybody may ask, so that nobody's words are lost with a session that ended meanwhile: only a
    referrer who is signed in sends.
    """
    draft = await bench.run(read_draft, await request.form(), assessor=assessor)
    try:
        receipt = await _send(request, draft, store)
    except ReferralQualityError as error:
        await note_if_refused(request, error)
        return _show_unsent(request, draft, error, identity=identity)
    worker.wake()
    return RedirectResponse(f"/sent/{receipt.contact_id}/received", 303)


@router.post("/refer/checked", status_code=204)
def note_checked(checked: CheckedIn, *, _identity: Referrer, store: UsesStore) -> None:
    """Note how complete a draft was when its page first checked it."""
    note_check(store, checked.draft, score=checked.score, missing=checked.missing)


@router.get("/sent/{contact_id}/received")
def show_received(
    request: Request, contact_id: Id, *, identity: Referrer, store: UsesStore
) -> HTMLResponse:
    """Say that the hub has it, and what happens next."""
    contact = see_sent(store, contact_id, identity=identity).contact
    answer_by = contact.reply_due_at and say_moment(contact.reply_due_at, at=now())
    return render_page(request, "sent/received.html", contact=contact, answer_by=answer_by)


async def _send(request: Request, draft: Draft, store: Store) -> Receipt:
    """Keep the contact; give its receipt.

    Raises:
        ReferralQualityError: If whoever asks may not send, or it cannot be kept.
    """
    if request.cookies.get(COOKIE) and not await run_in_threadpool(store.answers):
        raise StoreUnavailableError  # else a session that cannot be looked up would seem over
    sender = await REFERRERS(request)
    if sender.agency_id is None:
        raise NotAllowedError
    submission = draft.to_submission(sender.agency_id)
    return await run_in_threadpool(submit, store, submission, sender=sender)


def _show_unsent(
    request: Request, draft: Draft, error: ReferralQualityError, *, identity: Identity | None
) -> HTMLResponse:
    if isinstance(error, ConflictError):
        draft.client_key = new_id()
    page = show_refer(
        request,
        draft,
        unsent=_why_not_sent(error),
        at="box" if isinstance(error, TEXT_ERRORS) else "send",
        status=status_and_code(error)[0],
        signed_out=identity is None and not isinstance(error, StoreUnavailableError),
    )
    page.headers["X-Form-Kept"] = "1"  # tells the page's script that this holds the words still
    return page


def _why_not_sent(error: ReferralQualityError) -> str:
    said = not_sent_words()
    for kind, words in (
        (NotSignedInError, said.signed_out),
        (ForgedFormError, said.signed_in_again),
        (NotAllowedError, said.no_referrer),
        (ConflictError, said.sent_before),
    ):
        if isinstance(error, kind):
            return words
    return str(error)
