"""Partners' systems that send contact after contact, each until it is acknowledged."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import Any

import httpx2

from tests.durability.serving import PATIENCE

ADDRESS = "/api/v1/contacts"
SYSTEMS = 8
PAUSE = 0.05  # seconds before a system sends again what was not acknowledged


def contact_of(key: str) -> dict[str, Any]:
    """Give the contact that is sent under *key*, unlike any other."""
    child = {"forenames": f"Ava{key}", "surname": f"Moss{key}", "date_of_birth": "2019-03-04"}
    parent = {"relation": "parent", "forenames": f"Dana{key}", "surname": f"Ward{key}"}
    text = f"This is {key}. " + "She told staff that she is hungry and that her dad hit her. " * 20
    return {"text": text, "form": "referral", "client_key": key, "people": [child, parent]}


@dataclass
class Partners:
    """What they were told: ``acknowledged`` ids by key; ``repeated`` were kept when sent before."""

    address: str
    headers: Mapping[str, str]
    acknowledged: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    _stopping: Event = field(default_factory=Event)
    _sending: list[Future[None]] = field(default_factory=list)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send until the end of the block, and then until everything begun is acknowledged."""
        with ThreadPoolExecutor(SYSTEMS) as threads:
            self._sending = [threads.submit(self._send_on, name) for name in range(SYSTEMS)]
            try:
                yield
            finally:
                self._stopping.set()
        for system in self._sending:
            system.result()

    def wait_for_more(self, contacts: int) -> None:
        """Wait until so many more are acknowledged."""
        enough, until = len(self.acknowledged) + contacts, time.monotonic() + PATIENCE
        while len(self.acknowledged) < enough:
            for system in self._sending:
                if system.done():
                    system.result()
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.002)

    def _send_on(self, name: int) -> None:
        with httpx2.Client(
            base_url=self.address, headers=self.headers, timeout=PATIENCE, trust_env=False
        ) as client:
            for number in count():
                if self._stopping.is_set():
                    return
                key = f"{name}-{number}"
                self.acknowledged[key] = self._send(client, key)

    def _send(self, client: httpx2.Client, key: str) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = client.post(ADDRESS, json=contact_of(key))
            except httpx2.TransportError:
                time.sleep(PAUSE)
                continue
            told = answer.json()
            if answer.status_code in {200, 201}:
                if told["repeated"]:
                    self.repeated.append(key)
                return str(told["id"])
            assert (answer.status_code, told["error"]["code"]) == (503, "store_unavailable")
            time.sleep(PAUSE)
        raise TimeoutError
