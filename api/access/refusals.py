"""Keep in the audit log, and say in the server's, that somebody was refused, and at which route."""

from __future__ import annotations

from contextlib import suppress

import structlog
from fastapi import Request

from api.logs import Event, route_of
from api.store.audit import record
from api.store.codes import Action
from api.store.opening import Store, StoreUnavailableError
from nlp.errors import ReferralQualityError

LONGEST_TARGET = 80


def note_refusal(request: Request, actor: str, error: ReferralQualityError) -> None:
    """Keep that *actor* was refused, by the kind of *error*; never by what was sent.

    A store that does not answer must not turn a refusal into another error.
    """
    route, why = route_of(request.scope), type(error).__name__
    structlog.get_logger().warning(Event.REFUSED, route=route, error=why)
    store: Store = request.app.state.store
    with suppress(StoreUnavailableError), store.writing() as session:
        target = f"route:{route}"[:LONGEST_TARGET]
        record(session, actor=actor, action=Action.REFUSED, target=target, details={"why": why})
