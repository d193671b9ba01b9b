"""Replies are announced to partners' systems: signed, without text, and until they answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest
from sqlalchemy import select

from api.hub import delivery
from api.hub.decisions import DecisionGiven, decide
from api.hub.delivery import (
    BACK_OFF,
    PATIENCE,
    DeliveryError,
    deliver_due,
    signature,
    split_hosts,
    why_not_announce_to,
)
from api.hub.replies import send_reply
from api.store.codes import Outcome
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import Agency, Reply
from nlp.domain import Level
from tests.api.hub.builders import TEXT, add_read
from tests.hub_builders import add_user

KEY = b"a key of thirty-two bytes, no more"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
HERE = frozenset({"127.0.0.1"})


@dataclass
class Partner:
    """A partner's system on loopback: it keeps what it got and answers as it is told."""

    address: str
    answers: list[int]
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    headers_for_ever: bool = False
    body_for_ever: bool = False


@pytest.fixture
def partner() -> Iterator[Partner]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(told.answers.pop(0) if told.answers else 204)
            self.send_header("location", "/elsewhere")
            with suppress(ConnectionError):
                while told.headers_for_ever:
                    self.send_header("x-more", "to come")
                    self.flush_headers()
                    time.sleep(0.1)
                self.end_headers()
                while told.body_for_ever:
                    self.wfile.write(b"more")
                    time.sleep(0.1)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Partner(f"http://127.0.0.1:{server.server_port}/hook", [])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    told.headers_for_ever = told.body_for_ever = False
    server.shutdown()
    server.server_close()
    thread.join()


def sent(store: Store, url: str, agency_id: str = "school_a") -> str:
    """A reply that was sent to an agency whose system is at *url*; the contact's id."""
    contact_id = add_read(store, TEXT, plausible=tuple(Level)[1:3], agency_id=agency_id)
    by = add_user(store)
    with store.writing() as session:
        agency = session.get_one(Agency, agency_id)
        agency.webhook_url, agency.webhook_secret = url, SECRET
        given = DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP)
        decide(session, contact_id, given, by=by)
        send_reply(session, contact_id, by=by, words="Thank you for telling us about Ava.")
    return contact_id


def deliver(store: Store, at: datetime) -> int:
    """What one look at *at* announces."""
    return deliver_due(store, hosts=HERE, clock=lambda: at)


def reply_of(store: Store) -> Reply:
    with store.reading() as session:
        return session.scalars(select(Reply)).one()


def test_an_announcement_is_signed_and_holds_ids_and_states_only(
    empty_store: Store, partner: Partner
) -> None:
    contact_id = sent(empty_store, partner.address)
    assert deliver_due(empty_store, hosts=HERE) == 1
    ((headers, body),) = partner.got
    reply = reply_of(empty_store)
    told = json.loads(body)
    assert told["type"] == "contact.answered"
    assert told["data"] == {"contact_id": contact_id, "reply_id": reply.id, "state": "decided"}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-id"] == reply.id
    assert reply.delivered_at is not None
    assert deliver_due(empty_store, hosts=HERE) == 0


def test_a_system_that_fails_is_tried_again_later_with_the_same_id(
    sqlite_store: Store, partner: Partner
) -> None:
    partner.answers = [500, 302]
    sent(sqlite_store, partner.address)
    at = now()
    assert deliver(sqlite_store, at) == 0
    assert deliver(sqlite_store, at) == 0  # not yet
    assert reply_of(sqlite_store).next_attempt_at == at + BACK_OFF[0]
    assert deliver(sqlite_store, at + BACK_OFF[0]) == 0
    later = at + BACK_OFF[0] + BACK_OFF[1]
    assert deliver(sqlite_store, later) == 1
    assert len({headers["webhook-id"] for headers, _ in partner.got}) == 1
    assert len(partner.got) == 3  # the redirect was not followed


def test_after_the_last_try_it_is_left_to_a_person(sqlite_store: Store) -> None:
    sent(sqlite_store, "http://127.0.0.1:9/nobody-listens")
    at = now()
    for wait in (timedelta(0), *BACK_OFF):
        at += wait
        assert deliver(sqlite_store, at) == 0
    reply = reply_of(sqlite_store)
    assert (reply.attempts, reply.next_attempt_at) == (len(BACK_OFF) + 1, None)
    assert reply.delivered_at is None


def test_nothing_goes_to_a_host_that_is_not_allowed(sqlite_store: Store, partner: Partner) -> None:
    sent(sqlite_store, partner.address)
    elsewhere = frozenset({"partner.example"})
    assert deliver_due(sqlite_store, hosts=elsewhere) == 0
    assert partner.got == []
    assert reply_of(sqlite_store).attempts == 1


def test_each_announcement_bears_the_time_when_it_is_made(
    sqlite_store: Store, partner: Partner
) -> None:
    """Receivers refuse what is more than five minutes old, and each may take its time."""
    for _ in range(2):
        sent(sqlite_store, partner.address)
    at, minutes = now(), count()
    later = iter(lambda: at + timedelta(minutes=next(minutes)), None)
    assert deliver_due(sqlite_store, hosts=HERE, clock=lambda: next(later)) == 2
    first, second = (int(headers["webhook-timestamp"]) for headers, _ in partner.got)
    assert second > first > at.timestamp()


def test_what_one_server_announces_another_leaves_until_it_must_be_over(
    sqlite_store: Store, partner: Partner
) -> None:
    partner.answers = [500]
    sent(sqlite_store, partner.address)
    at = now()
    deliver(sqlite_store, at)
    deliver(sqlite_store, at + timedelta(seconds=PATIENCE + 1))
    assert len(partner.got) == 1


def test_a_partner_that_is_down_is_asked_once_and_others_do_not_wait(
    empty_store: Store, partner: Partner
) -> None:
    for _ in range(3):
        sent(empty_store, "http://127.0.0.1:9/nobody-listens", "school_a")
    sent(empty_store, partner.address, "school_b")
    assert deliver_due(empty_store, hosts=HERE) == 1
    assert len(partner.got) == 1
    with empty_store.reading() as session:
        assert sorted(session.scalars(select(Reply.attempts))) == [0, 0, 1, 1]


def test_of_an_answer_only_the_status_is_read(sqlite_store: Store, partner: Partner) -> None:
    partner.answers, partner.body_for_ever = [200], True
    sent(sqlite_store, partner.address)
    assert deliver_due(sqlite_store, hosts=HERE) == 1


def test_a_system_that_never_comes_to_an_end_is_left(
    sqlite_store: Store, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 0.5)
    partner.headers_for_ever = True
    sent(sqlite_store, partner.address)
    assert deliver_due(sqlite_store, hosts=HERE) == 0
    assert reply_of(sqlite_store).delivered_at is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hooks.example/x", True),
        ("https://HOOKS.example:8443/x", True),
        ("http://hooks.example/x", False),
        ("https://hooks.example.evil.test/x", False),
        ("https://hooks.example@evil.test/x", False),
        ("https://user:word@hooks.example/x", False),
        ("http://127.0.0.1:8080/x", True),
        ("ftp://hooks.example/x", False),
        ("https://[half/x", False),
        ("", False),
    ],
)
def test_only_allowed_hosts_are_called_and_encrypted_unless_they_are_here(
    url: str, *, allowed: bool
) -> None:
    assert (why_not_announce_to(url, split_hosts("hooks.example, 127.0.0.1")) is None) is allowed


def test_a_host_that_is_not_allowed_is_told_with_those_that_are() -> None:
    said = why_not_announce_to("https://evil.test/x", split_hosts("hooks.example"))
    assert said is not None
    assert "evil.test" in said
    assert "hooks.example" in said
    assert "RQ_WEBHOOK_HOSTS" in said
    assert "allowed: none" in (why_not_announce_to("https://evil.test/x", frozenset()) or "")


def test_a_secret_that_cannot_be_used_is_a_failure_and_not_a_crash(
    sqlite_store: Store, partner: Partner
) -> None:
    with pytest.raises(DeliveryError, match="base64"):
        signature("whsec_not base64", message_id="1", timestamp=1, body=b"")
    sent(sqlite_store, partner.address)
    with sqlite_store.writing() as session:
        session.get_one(Agency, "school_a").webhook_secret = SECRET[:-1]
    assert deliver_due(sqlite_store, hosts=HERE) == 0
    assert partner.got == []
