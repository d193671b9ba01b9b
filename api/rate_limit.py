"""How often one address may post."""

from __future__ import annotations

import math
import time

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.error_handlers import standard_error

UPLOAD_COST = 10  # unpacking and reading a file takes about as long as ten assessments


class RateLimit:
    """ASGI middleware over every post, in this process's memory.

    Args:
        app: What to protect.
        rate: Such as ``600/minute``; a whole school or police station may share an address.
    """

    def __init__(self, app: ASGIApp, *, rate: str) -> None:
        self.app = app
        self.rate = parse(rate)
        self.limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        address = (scope.get("client") or ("unknown",))[0]
        if self.limiter.hit(self.rate, address, cost=self._cost(scope)):
            await self.app(scope, receive, send)
            return
        reset = self.limiter.get_window_stats(self.rate, address).reset_time
        wait = str(max(1, math.ceil(reset - time.time())))
        answer = standard_error(Request(scope), 429, headers={"Retry-After": wait})
        await answer(scope, receive, send)

    def _cost(self, scope: Scope) -> int:
        kind = Headers(scope=scope).get("content-type", "")
        upload = kind.startswith("multipart/form-data")
        return min(UPLOAD_COST, self.rate.amount) if upload else 1
