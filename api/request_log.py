"""One line in the log for each request, and the last catch for what went wrong in it."""

from __future__ import annotations

import time
import uuid

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.error_handlers import standard_error
from api.logs import Event, log_failure, route_of

LOG = structlog.get_logger()


class RequestLog:
    """ASGI middleware: route, status and time, never a path, a query or a message.

    An exception that nothing else caught ends here as a 500. It must go no further: the server
    would write its message and traceback, which may quote the text, to its own log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, request_id = time.perf_counter(), 0, uuid.uuid4().hex

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception as error:  # the last catch; see the class
            log_failure(Event.REQUEST_FAILED, error, request_id=request_id)
            if status == 0:
                await standard_error(Request(scope), 500)(scope, receive, send_noted)
        LOG.info(
            Event.REQUEST,
            request_id=request_id,
            method=scope["method"],
            route=route_of(scope),
            status=status,
            milliseconds=round(1000 * (time.perf_counter() - started), 1),
        )
