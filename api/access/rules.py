"""The rule of access that every route has; without one, a test refuses the route."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.access import keys, sign_ins
from api.access.errors import ForgedFormError, NotAllowedError, NotSignedInError
from api.access.identity import FIGURE_READERS, STAFF, Identity
from api.access.keys import Scope
from api.access.refusals import refuse_stranger
from api.body_limit import MAX_BODY_BYTES
from api.store.codes import Role
from api.store.opening import Store, StoreUnavailableError

COOKIE = "__Host-session"
FORM_FIELD, FORM_HEADER = "form_token", "x-form-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # what a browser says of a form or a link of ours


class AccessRule:
    """A dependency that gives who is asking, and refuses those who may not.

    ``in_use`` is false of what a page's script asks by itself: that keeps nobody signed in.
    """

    def __init__(self, *roles: Role, in_use: bool = True) -> None:
        self.roles = frozenset(roles)
        self.in_use = in_use

    async def __call__(self, request: Request) -> Identity:
        """Give who is asking.

        Raises:
            NotSignedInError: If nobody is.
            NotAllowedError: If their role is not one of the rule's.
            ForgedFormError: If something is to change and the form is not one of ours.
        """
        identity = await who_asks(request, in_use=self.in_use)
        if identity is None:
            raise NotSignedInError
        if identity.role not in self.roles:
            raise NotAllowedError
        if request.method not in SAFE:
            await refuse_forged(request, identity)
        return identity


class SenderRule(AccessRule):
    """Lets in who is signed in as one of the roles, or a system with a key of the right scope."""

    def __init__(self, scope: Scope, *roles: Role) -> None:
        super().__init__(*roles)
        self.scope = scope

    async def __call__(self, request: Request) -> Identity:
        """Give who is asking.

        Raises:
            NotSignedInError: If nobody is, or the key is unknown, over or revoked.
            TooOftenError: If that has been so too often for one address.
            NotAllowedError: If the role or the scope of the key does not reach so far.
            ForgedFormError: If a browser sends what is not a form of ours.
        """
        header = request.headers.get("authorization")
        if header is None:
            return await super().__call__(request)
        scheme, _, token = header.partition(" ")
        store: Store = request.app.state.store
        found = await run_in_threadpool(keys.find, store, token.strip())
        if found is None or scheme.lower() != "bearer":
            await run_in_threadpool(refuse_stranger, request, NotSignedInError())
            raise NotSignedInError
        request.state.identity = found
        if self.scope not in found.scopes:
            raise NotAllowedError
        return found


Sender = Annotated[Identity, Depends(SenderRule(Scope.SEND, Role.REFERRER))]
SenderReading = Annotated[Identity, Depends(SenderRule(Scope.READ, Role.REFERRER))]


def allow(*roles: Role) -> Any:
    """Give the dependency that lets only people of these *roles* in."""
    return Depends(AccessRule(*roles))


Staff = Annotated[Identity, allow(*STAFF)]
FigureReader = Annotated[Identity, allow(*FIGURE_READERS)]
Manager = Annotated[Identity, allow(Role.HUB_MANAGER)]
Administrator = Annotated[Identity, allow(Role.ADMINISTRATOR)]


def anyone() -> None:
    """The rule of a route that is for everyone and need not know who asks."""


async def visitor(request: Request) -> Identity | None:
    """The rule of a page that is for everyone; give who asks, where they are signed in.

    Such a page is shown, as to a stranger, also where the store does not answer.
    """
    with suppress(StoreUnavailableError):
        return await who_asks(request)
    request.state.identity = None
    return None


PUBLIC, VISITORS = Depends(anyone), Depends(visitor)
Visitor = Annotated[Identity | None, VISITORS]


async def who_asks(request: Request, *, in_use: bool = True) -> Identity | None:
    """Give who is signed in; asked of the store once a request, *in_use* or not."""
    if not hasattr(request.state, "identity"):
        token = request.cookies.get(COOKIE)
        store: Store = request.app.state.store
        request.state.identity = (
            await run_in_threadpool(sign_ins.find, store, token, in_use=in_use) if token else None
        )
    identity: Identity | None = request.state.identity
    return identity


async def refuse_forged(request: Request, identity: Identity) -> None:
    """Refuse what another site, or another session, makes the browser send.

    Raises:
        ForgedFormError: If the token is not this session's, or the browser says another site sent.
    """
    refuse_other_sites(request)
    given = request.headers.get(FORM_HEADER)
    if given is None:
        form = await request.form(max_part_size=MAX_BODY_BYTES)
        given = str(form.get(FORM_FIELD, ""))
    if not secrets.compare_digest(given.encode(), identity.form_token.encode()):
        raise ForgedFormError


def refuse_other_sites(request: Request) -> None:
    """Refuse a form that a page of another site sent.

    Raises:
        ForgedFormError: If the browser says so.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in OURS:
        raise ForgedFormError
