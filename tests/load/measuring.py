"""Serve a store in a process of its own, and say how long its pages took."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import numpy as np
import psutil

from api.access.rules import COOKIE
from api.store.opening import Store, open_store
from tests.postgres import PostgreSQL, start_postgres

DATABASES = ("sqlite", "postgres")
START_SECONDS = 300  # a busy machine loads the reader slowly


def start_own_postgres(folder: Path) -> PostgreSQL:
    """Start a PostgreSQL in *folder*."""
    folder.chmod(0o755)  # the server runs as another user where we are root
    own = folder / "postgres"
    own.mkdir()
    return start_postgres(own)


@contextmanager
def own_store(database: str) -> Iterator[tuple[Store, str, Path]]:
    """Give an empty store of a kind, its address and its folder; all are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rq-load-") as name:
        folder = Path(name)
        server = start_own_postgres(folder) if database == "postgres" else None
        try:
            url = server.url if server else ""
            store = open_store(url, folder=folder / "data")
            store.migrate()
            yield store, url, folder / "data"
        finally:
            if server:
                server.stop()


def measure_each(
    parser: argparse.ArgumentParser, measure: Callable[[str, argparse.Namespace], None]
) -> None:
    """Let *measure* do its work on each kind of database, or on those that the arguments name."""
    parser.add_argument("--only", choices=DATABASES, action="append", dest="databases")
    chosen = parser.parse_args()
    for database in chosen.databases or DATABASES:
        measure(database, chosen)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    started = time.perf_counter()
    yield
    print(f"  {what} in {time.perf_counter() - started:.0f} s", flush=True)


def browser(address: str, cookie: str) -> httpx2.Client:
    """A person's browser; nothing of the surroundings stands between it and this machine."""
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    return httpx2.Client(base_url=address, headers=headers, timeout=60, trust_env=False)


def visit(address: str, cookie: str, paths: Sequence[str]) -> list[float]:
    """Give the milliseconds of each whole page; anything but a page is an error."""
    with browser(address, cookie) as client:
        return [_time(client, path) for path in paths]


def _time(client: httpx2.Client, path: str) -> float:
    started = time.perf_counter()
    client.get(path).raise_for_status()
    return 1000 * (time.perf_counter() - started)


def print_times(what: str, times: Sequence[float]) -> None:
    """Print percentiles of *times*, in milliseconds, and how busy the machine is."""
    middle, high, worst = np.percentile(times, (50, 95, 100))
    load = os.getloadavg()[0]
    print(
        f"  {what:46}{len(times):6} times  p50 {middle:6.0f}  p95 {high:6.0f}  most {worst:6.0f} ms"
        f"  (load average {load:.1f})",
        flush=True,
    )


class Process:
    """A server of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = {
            "RQ_DATABASE_URL": url,
            "RQ_DATA_FOLDER": str(folder),
            "RQ_RATE_LIMIT": "1000000/minute",
            "RQ_LOG_LEVEL": "ERROR",
        }
        self.address = f"http://127.0.0.1:{port}"
        self._running = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--port", str(port)],
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
        )

    @property
    def seconds(self) -> float:
        """How long it has had a processor."""
        times = psutil.Process(self._running.pid).cpu_times()
        return float(times.user + times.system)

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx2.get(f"{self.address}/api/v1/health", trust_env=False)
            except httpx2.TransportError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError(f"The service did not start within {START_SECONDS} seconds")

    def stop(self) -> None:
        """Stop it as an operator does."""
        self._running.terminate()
        self._running.wait(timeout=60)


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Process]:
    """Serve the store at *url*, or in *folder*, until the end of the block."""
    process = Process(url, folder)
    try:
        process.wait()
        yield process
    finally:
        process.stop()
