"""``python -m api serve`` in a process of its own, which can be killed at any moment.

Servers are forked from a process that has imported everything already, so that a start costs little
and a test can afford many. A stand-in reads contacts, or nothing does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from unittest.mock import patch

import httpx2

PATIENCE = 120  # seconds; a busy machine starts slowly

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.durability.preloaded"])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@dataclass
class Server:
    """A server on a port of its own, the same at each start; ``reads`` contacts or cannot."""

    settings: Mapping[str, str]
    reads: bool = True
    port: int = field(default_factory=_free_port)
    process: ForkServerProcess | None = None

    @property
    def address(self) -> str:
        """Where it is, on this machine alone."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and do not wait."""
        given = (self.port, dict(self.settings), self.reads)
        self.process = _FORKING.Process(target=_serve, args=given, daemon=True)
        self.process.start()

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.exitcode is None, "the server stopped by itself"
            try:
                httpx2.get(f"{self.address}/api/v1/health", trust_env=False)
            except httpx2.TransportError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError

    def kill(self) -> None:
        """``kill -9``: nothing of it runs another instruction."""
        assert self.process is not None
        self.process.kill()
        self.process.join()
        assert self.process.exitcode == -signal.SIGKILL, "the server had stopped by itself"


@contextmanager
def serving(settings: Mapping[str, str], *, reads: bool = True) -> Iterator[Server]:
    """Serve until the end of the block."""
    server = Server(settings, reads=reads)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def _serve(port: int, settings: Mapping[str, str], reads: bool) -> None:  # noqa: FBT001
    from api.__main__ import main
    from tests.fakes import FakeReader

    os.environ.update(settings)
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
    with patch("api.assessor.load_served", lambda _: FakeReader() if reads else None):
        sys.exit(main(["serve", "--port", str(port)]))
