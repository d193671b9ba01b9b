"""How often one person, or one system, may do what costs much or shows much at once."""

from __future__ import annotations

from fastapi import Depends, Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool

from api.access.errors import TooOftenError
from api.access.refusals import note_refusal
from api.access.rules import who_asks


class Allowance:
    """A dependency, beside a rule of access: so many times for each person or key.

    Counted in this process's memory; several server processes each count for themselves.
    """

    def __init__(self, rate: str) -> None:
        self.rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, request: Request) -> None:
        """Count one time.

        Raises:
            TooOftenError: If there were too many; it is noted in the audit log.
        """
        identity = await who_asks(request)
        actor = identity.actor if identity else "nobody"
        if not self._limiter.hit(self.rate, actor):
            await run_in_threadpool(note_refusal, request, actor, TooOftenError())
            raise TooOftenError


# OWASP ASVS 5.0, 2.4.1: far above what a desk does in a day, far below copying the store out.
SEARCHES, EXPORTS = Depends(Allowance("60/minute")), Depends(Allowance("10/minute"))
