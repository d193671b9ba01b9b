"""A small OpenID provider on loopback, which says whatever a test wants it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "referral-quality"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "first"}) for _ in range(2))


@dataclass
class FakeProvider:
    """What it publishes, and the token that it gives next."""

    issuer: str
    key: RSAKey = field(default_factory=lambda: KEY)
    token: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    refuses: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    key_sets_given: int = 0

    def sign(
        self, for_nonce: str, *, key: RSAKey | None = None, alg: str = "RS256", **claims: Any
    ) -> None:
        """Make the token that it gives next; *claims* replace the right ones, ``None`` drops."""
        moment, key = int(time.time()), key or self.key
        right = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "person-1",
            "nonce": for_nonce,
            "iat": moment,
            "exp": moment + 300,
            "name": "Sam Whitfield",
            "roles": ["Hub.Worker"],
        }
        told = {name: value for name, value in (right | claims).items() if value is not None}
        self.token = jwt.encode({"alg": alg, "kid": key.kid}, told, key, algorithms=[alg])

    def answer(self, path: str, posted: str | None) -> tuple[int, dict[str, Any]]:
        """Give the status and the body for a request."""
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            } | self.metadata
        if path == "/keys":
            self.key_sets_given += 1
            return 200, {"keys": [self.key.as_dict(private=False)]}
        self.asked.append({name: value[0] for name, value in parse_qs(posted or "").items()})
        if self.refuses:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token}


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    """Run one until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            self._answer(self.rfile.read(length).decode())

        def _answer(self, posted: str | None) -> None:
            status, body = provider.answer(self.path, posted)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = FakeProvider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()
