"""``python -m api`` from the outside."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from api import __main__ as command
from api.__main__ import main


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, app: FastAPI) -> dict[str, Any]:
    """What the server is started with, without starting it."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(command, "create_app", lambda settings: app)
    monkeypatch.setattr(uvicorn, "run", lambda served_app, **options: given.update(options))
    return given


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_prints_the_address_and_keeps_the_access_log_off(
    served: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    assert main(["serve", "--port", str(port)]) == 0
    assert f"http://127.0.0.1:{port}/refer" in capsys.readouterr().out
    assert served["access_log"] is False
    assert (served["host"], served["port"]) == ("127.0.0.1", port)


def test_a_port_in_use_is_told_in_words(
    served: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 1
    assert "Choose another --port" in capsys.readouterr().out
    assert served == {}


def test_a_wrong_setting_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RQ_THREADS", "many")
    assert main(["serve"]) == 2
    assert "threads" in capsys.readouterr().err


def test_a_real_server_logs_no_query_and_answers(
    served: dict[str, Any], app: FastAPI, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    main(["serve", "--port", str(port)])
    server = uvicorn.Server(uvicorn.Config(app, **served))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        answer = _ask(f"http://127.0.0.1:{port}/api/v1/health?name=Zyxwvella")
    finally:
        server.should_exit = True
        thread.join(timeout=10)
    assert answer.json() == {"status": "ok"}
    assert "server" not in answer.headers
    output = "".join(capfd.readouterr())
    assert '"route": "/api/v1/health"' in output
    assert "Zyxwvella" not in output


def _ask(address: str) -> httpx2.Response:
    for _ in range(100):
        try:
            return httpx2.get(address)
        except httpx2.ConnectError:
            time.sleep(0.05)
    raise AssertionError("the server did not start within five seconds")
