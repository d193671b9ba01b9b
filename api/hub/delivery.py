"""Announce replies to partners' systems: signed, to hosts that are allowed, until they answer.

Headers, signature and spacing of attempts follow Standard Webhooks (standardwebhooks.com). The body
has ids and states, never text: the system fetches the reply with its own key.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import select

from api.access.administration import SECRET_PREFIX
from api.logs import Event, log_failure
from api.repeating import repeating
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, Contact, Reply
from nlp.errors import ReferralQualityError

PATIENCE = 10.0  # seconds that a partner's system has to answer, from the first to the last
# After each attempt that failed; when they are used up, the chase is a person's. The first is
# longer than an attempt takes: meanwhile the announcement is this server's alone.
BACK_OFF = (
    timedelta(seconds=2 * PATIENCE),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
PAUSE = 5.0  # seconds between looks for what is due
TURN = 10  # as many announcements to one partner before the next partner has its turn
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class DeliveryError(ReferralQualityError):
    """A reply could not be announced; the message holds no address."""


@dataclass(frozen=True)
class _Announcement:
    reply_id: str
    url: str
    secret: str
    body: bytes


def deliver_due(
    store: Store, *, hosts: Collection[str], clock: Callable[[], datetime] = now
) -> int:
    """Announce replies whose time has come, some to each partner; give how many were taken.

    A partner whose system fails has no more of them in this turn: those after it do not wait for a
    system that is down. An attempt is counted before it is made, so that a crash leads to a second
    announcement with the same id, never to none.

    Raises:
        StoreUnavailableError: If the database does not answer.
    """
    due = (Reply.next_attempt_at <= clock()) & Reply.delivered_at.is_(None)
    of_contact = Contact.id == Reply.contact_id
    with store.reading() as session:
        partners = select(Contact.agency_id).join(Reply, of_contact).where(due).distinct()
        replies = select(Reply.id).join(Contact, of_contact).where(due).limit(TURN)
        replies = replies.order_by(Reply.next_attempt_at)
        turns = [
            session.scalars(replies.where(Contact.agency_id == each)).all()
            for each in session.scalars(partners).all()
        ]
    return sum(_deliver(store, each, hosts=hosts, clock=clock) for each in turns)


def delivering(store: Store, *, hosts: Collection[str]) -> AbstractContextManager[None]:
    """Announce what is due, in a thread of its own, until the end of the block.

    Without *hosts* nothing may be announced, and nothing is looked for.
    """
    if not hosts:
        return nullcontext()
    return repeating(
        lambda _stopping: deliver_due(store, hosts=hosts),
        name="delivering",
        pause=PAUSE,
        failure=Event.DELIVERY_FAILED,
        patience=PATIENCE,
    )


def split_hosts(setting: str) -> frozenset[str]:
    """Give the hosts that the setting ``webhook_hosts`` names."""
    return frozenset(each.strip().lower() for each in setting.split(",") if each.strip())


def why_not_announce_to(url: str, hosts: Collection[str]) -> str | None:
    """Say why nothing may be announced to *url*; ``None`` where it may.

    It must be on an allowed host, and encrypted unless it is this very machine.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return "This is no address of a web page"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return "Write an address that begins with https://"
    if not host:
        return "Write an address with a host, such as https://partner.example/contacts"
    if parts.username is not None:
        return "Leave user name and password out of the address: our messages are signed instead"
    if host not in hosts:
        allowed = ", ".join(sorted(hosts)) or "none"
        return (
            f"Nothing may be sent to {host}. Hosts that are allowed: {allowed}. Whoever runs the "
            "service adds one in RQ_WEBHOOK_HOSTS"
        )
    return None


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Give the value of ``webhook-signature``.

    Raises:
        DeliveryError: If *secret* is not ``whsec_`` and base64.
    """
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise DeliveryError(
            "The secret is not whsec_ followed by base64; make a new one."
        ) from None
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _deliver(
    store: Store, replies: Sequence[str], *, hosts: Collection[str], clock: Callable[[], datetime]
) -> int:
    """Announce *replies* to their one partner, until its system fails; give how many were taken."""
    delivered = 0
    for reply_id in replies:
        announcement = _take(store, reply_id, clock())
        if announcement is None:
            continue
        try:
            asyncio.run(_post(announcement, hosts=hosts, at=clock()))
        except (DeliveryError, TimeoutError, httpx2.HTTPError) as error:
            log_failure(Event.DELIVERY_FAILED, error)
            break
        with store.writing() as session:
            reply = session.get_one(Reply, reply_id)
            reply.delivered_at, reply.next_attempt_at = clock(), None
        delivered += 1
    return delivered


def _take(store: Store, reply_id: str, at: datetime) -> _Announcement | None:
    """Count an attempt and give what to send; ``None`` if another worker was quicker."""
    with store.writing() as session:
        reply = session.get_one(Reply, reply_id, with_for_update=True)
        if reply.next_attempt_at is None or reply.next_attempt_at > at or reply.sent_at is None:
            return None
        wait = BACK_OFF[reply.attempts] if reply.attempts < len(BACK_OFF) else None
        reply.attempts += 1
        reply.next_attempt_at = at + wait if wait else None
        contact = session.get_one(Contact, reply.contact_id)
        agency = session.get_one(Agency, contact.agency_id)
        if not (agency.webhook_url and agency.webhook_secret):
            return None
        body = {
            "type": "contact.answered",
            "timestamp": reply.sent_at.astimezone(UTC).isoformat(timespec="seconds"),
            "data": {"contact_id": contact.id, "reply_id": reply.id, "state": contact.stage},
        }
        encoded = json.dumps(body, separators=(",", ":")).encode()
        return _Announcement(reply.id, agency.webhook_url, agency.webhook_secret, encoded)


async def _post(told: _Announcement, *, hosts: Collection[str], at: datetime) -> None:
    """Post it, and read no more of the answer than its status: a body could go on for ever.

    Follows nobody elsewhere and takes no proxy from the environment.
    """
    if why_not_announce_to(told.url, hosts):
        raise DeliveryError("The address is not on an allowed host; see RQ_WEBHOOK_HOSTS.")
    timestamp = int(at.timestamp())
    signed = signature(told.secret, message_id=told.reply_id, timestamp=timestamp, body=told.body)
    headers = {
        "content-type": "application/json",
        "webhook-id": told.reply_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
    # The client's own limit is for each step: a system that says a word now and then keeps to it.
    async with (
        asyncio.timeout(PATIENCE),
        httpx2.AsyncClient(follow_redirects=False, timeout=PATIENCE, trust_env=False) as client,
        client.stream("POST", told.url, content=told.body, headers=headers) as answer,
    ):
        if not answer.is_success:
            raise DeliveryError(f"The partner's system answered {answer.status_code}.")
