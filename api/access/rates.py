"""How often one person, or one system, may do what costs much or shows much at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool

from api.access.errors import TooOftenError
from api.access.identity import Identity
from api.access.refusals import note_refusal


class Allowance:
    """A dependency, after a rule of access: so many times for each person or key.

    As a parameter it stands below the identity, which it counts by: a route's own
    ``dependencies`` are asked before any parameter. What is too often is noted once a minute.
    Counted in this process's memory; several server processes each count for themselves.
    """

    def __init__(self, rate: str) -> None:
        self.rate = parse(rate)
        self._noted = parse("1/minute")
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, request: Request) -> None:
        """Count one time.

        Raises:
            TooOftenError: If there were too many; it is noted in the audit log.
        """
        identity: Identity = request.state.identity
        if self._limiter.hit(self.rate, identity.actor):
            return
        if self._limiter.hit(self._noted, identity.actor):
            await run_in_threadpool(note_refusal, request, identity.actor, TooOftenError())
        raise TooOftenError


# OWASP ASVS 5.0, 2.4.1: far above what a desk does in a day, far below copying the store out.
# Figures count as searches: a system asks once for each measure.
Search = Annotated[None, Depends(Allowance("60/minute"))]
Export = Annotated[None, Depends(Allowance("10/minute"))]
