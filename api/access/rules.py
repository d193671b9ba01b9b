"""The rule of access that every route has; without one, a test refuses the route."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.access import sign_ins
from api.access.errors import ForgedFormError, NotAllowedError, NotSignedInError
from api.access.identity import Identity
from api.store.codes import Role
from api.store.opening import Store

COOKIE = "__Host-session"
FORM_FIELD, FORM_HEADER = "form_token", "x-form-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessRule:
    """A dependency that gives who is asking, and refuses those who may not."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Identity:
        """Give who is asking.

        Raises:
            NotSignedInError: If nobody is.
            NotAllowedError: If their role is not one of the rule's.
            ForgedFormError: If something is to change and the form is not one of ours.
        """
        identity = await who_asks(request)
        if identity is None:
            raise NotSignedInError
        if identity.role not in self.roles:
            raise NotAllowedError
        if request.method not in SAFE:
            await refuse_forged(request, identity)
        return identity


def allow(*roles: Role) -> Any:
    """Give the dependency that lets only people of these *roles* in."""
    return Depends(AccessRule(*roles))


async def who_asks(request: Request) -> Identity | None:
    """Give who is signed in; asked of the store once a request."""
    if not hasattr(request.state, "identity"):
        token = request.cookies.get(COOKIE)
        store: Store = request.app.state.store
        request.state.identity = (
            await run_in_threadpool(sign_ins.find, store, token) if token else None
        )
    identity: Identity | None = request.state.identity
    return identity


async def refuse_forged(request: Request, identity: Identity) -> None:
    """Refuse what another site, or another session, makes the browser send.

    Raises:
        ForgedFormError: If the token is not this session's, or the browser says another site sent.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    given = request.headers.get(FORM_HEADER)
    if given is None:
        given = str((await request.form()).get(FORM_FIELD, ""))
    if site not in {"same-origin", "none"} or not secrets.compare_digest(
        given.encode(), identity.form_token.encode()
    ):
        raise ForgedFormError
