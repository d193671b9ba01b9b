"""Keep in the audit log, and say in the server's, that somebody was refused, and at which route."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock

import structlog
from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool

from api.access.errors import ForgedFormError, NotAllowedError, TooOftenError
from api.access.identity import Identity
from api.logs import Event, route_of
from api.store.audit import record
from api.store.codes import Action
from api.store.opening import Store, StoreUnavailableError
from nlp.errors import ReferralQualityError

NOBODY = "nobody"
LONGEST_TARGET = 80
# The audit log is for good, and anybody may be refused: more than these are only counted.
ROWS_OF_STRANGERS = "60/minute"


class Strangers:
    """Who is refused and is nobody we know: so often for each address, so many rows for all.

    Counted in this process's memory; several server processes each count for themselves.
    """

    def __init__(self, rate: str) -> None:
        self._rate, self._rows = parse(rate), parse(ROWS_OF_STRANGERS)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._lock, self._left_out = Lock(), 0

    def refuse(self, request: Request, error: ReferralQualityError) -> None:
        """Note that somebody was refused, with how many before were not noted.

        Raises:
            TooOftenError: If the address was refused too often; then nothing is noted.
        """
        often = not self._limiter.hit(self._rate, request.client.host if request.client else "")
        noted = not often and self._limiter.hit(self._rows, NOBODY)
        with self._lock:
            left_out, self._left_out = self._left_out, 0 if noted else self._left_out + 1
        if noted:
            note_refusal(request, NOBODY, error, left_out=left_out)
        if often:
            raise TooOftenError


async def note_if_refused(request: Request, error: ReferralQualityError) -> None:
    """Keep that somebody we know was refused, wherever that was found, if *error* says so.

    Whatever answers an error calls it: the handler of errors, and a page that keeps what was typed.
    """
    identity: Identity | None = getattr(request.state, "identity", None)
    if identity is not None and isinstance(error, NotAllowedError | ForgedFormError):
        await run_in_threadpool(note_refusal, request, identity.actor, error)


def note_refusal(
    request: Request, actor: str, error: ReferralQualityError, *, left_out: int = 0
) -> None:
    """Keep that *actor* was refused, by the kind of *error*; never by what was sent.

    A store that does not answer must not turn a refusal into another error.
    """
    route, why = route_of(request.scope), type(error).__name__
    structlog.get_logger().warning(Event.REFUSED, route=route, error=why)
    store: Store = request.app.state.store
    told = {"why": why, "left_out": left_out} if left_out else {"why": why}
    with suppress(StoreUnavailableError), store.writing() as session:
        target = f"route:{route}"[:LONGEST_TARGET]
        record(session, actor=actor, action=Action.REFUSED, target=target, details=told)


def refuse_stranger(request: Request, error: ReferralQualityError) -> None:
    """Note that nobody we know was refused.

    Raises:
        TooOftenError: If their address was refused too often.
    """
    strangers: Strangers = request.app.state.strangers
    strangers.refuse(request, error)
