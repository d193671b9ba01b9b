"""What people do at the same time: look at the queue, open contacts, and send new ones."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

import httpx2

from tests.load.measuring import browser
from tests.load.seeding import FORENAMES, SURNAMES, TEXT

ADDRESSES = ("/hub", "/hub?urgency=red", "/hub?page=3", "/hub?form=ppn", "/hub?stage=decided")


class Act(StrEnum):
    """One thing to do, as it is printed."""

    QUEUE = "queue page"
    CONTACT = "contact page"
    SUBMIT = "submit"


SHARES: Mapping[Act, int] = {Act.QUEUE: 5, Act.CONTACT: 3, Act.SUBMIT: 2}


@dataclass(frozen=True)
class Hub:
    """A running service: its address, the key of a system that sends, contacts to open."""

    address: str
    key: str
    contacts: Sequence[str]


@dataclass
class Noted:
    """Milliseconds of whole requests by what was done, and what was not answered as it should."""

    times: dict[Act, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """How many there were."""
        return sum(map(len, self.times.values()))


def work_at_once(hub: Hub, cookies: Sequence[str], *, seconds: float, think: float) -> Noted:
    """Let everybody who has one of *cookies* work for so long; *think* seconds between two acts."""
    with ThreadPoolExecutor(len(cookies)) as threads:
        each = threads.map(lambda cookie: _work(hub, cookie, seconds, think), cookies)
        return _join(each)


def _work(hub: Hub, cookie: str, seconds: float, think: float) -> Noted:
    noted, rng = Noted(), random.Random(cookie)  # noqa: S311
    until = time.monotonic() + seconds
    with browser(hub.address, cookie) as client:
        while time.monotonic() < until:
            time.sleep(rng.expovariate(1 / think))
            (act,) = rng.choices(list(SHARES), list(SHARES.values()))
            started = time.perf_counter()
            try:
                _do(act, hub, client, rng).raise_for_status()
            except httpx2.HTTPStatusError as error:
                noted.errors[f"{act}: {error.response.status_code}"] += 1
            except httpx2.TransportError as error:
                noted.errors[f"{act}: {type(error).__name__}"] += 1
            noted.times[act].append(1000 * (time.perf_counter() - started))
    return noted


def _do(act: Act, hub: Hub, client: httpx2.Client, rng: random.Random) -> httpx2.Response:
    if act is Act.QUEUE:
        return client.get(rng.choice(ADDRESSES))
    if act is Act.CONTACT:
        return client.get(f"/hub/contacts/{rng.choice(hub.contacts)}")
    child = {"forenames": rng.choice(FORENAMES), "surname": rng.choice(SURNAMES)}
    sent = {"text": TEXT, "form": "referral", "client_key": uuid4().hex, "people": [child]}
    key = {"Authorization": f"Bearer {hub.key}"}
    return client.post("/api/v1/contacts", json=sent, headers=key)


def _join(each: Iterable[Noted]) -> Noted:
    all_noted = Noted()
    for noted in each:
        all_noted.errors += noted.errors
        for act, times in noted.times.items():
            all_noted.times[act] += times
    return all_noted
