"""No request body is read past what the largest honest one needs.

FastAPI's own ``max_body_size`` (0.165) answers in plain text, outside every middleware, so that
neither our error shape nor our security headers would be on a 413. This one raises inside.
"""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A million characters, each as a six-byte JSON escape; and a 5 MiB upload with its envelope.
MAX_BODY_BYTES = 6_400_000


class BodyLimit:
    """ASGI middleware; the route that reads too long a body sees a 413 raised."""

    def __init__(self, app: ASGIApp, *, max_bytes: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        announced = int(declared[:18]) if declared.isascii() and declared.isdigit() else 0
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            if announced > self.max_bytes:
                raise BodyTooLargeError
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise BodyTooLargeError
            return message

        await self.app(scope, receive_counted, send)


class BodyTooLargeError(HTTPException):
    """The body is longer than we read."""

    def __init__(self) -> None:
        super().__init__(413, "What was sent is too large; send at most 5 MB.")
