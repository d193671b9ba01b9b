"""Sign in and out: with an account of a provider, or in demonstration mode as somebody made up."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import sign_ins
from api.access.cookies import (
    clear_hand_shake,
    clear_session,
    read_hand_shake,
    set_hand_shake,
    set_session,
)
from api.access.errors import NoRoleError, NotFoundError, SignInFailedError
from api.access.identity import Identity
from api.access.navigation import home_of, role_words
from api.access.oidc.client import HandShake, ProviderClient
from api.access.oidc.people import check_may_enter, keep_person
from api.access.oidc.providers import Provider
from api.access.personas import check_is_persona, personas
from api.access.refusals import refuse_stranger
from api.access.rules import COOKIE, VISITORS, Visitor, allow, refuse_other_sites
from api.dependencies import UsesSettings, UsesStore
from api.page_rendering import render_page
from api.settings import Settings
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import User

router = APIRouter(include_in_schema=False)


def _providers(request: Request) -> Mapping[str, ProviderClient]:
    return cast(Mapping[str, ProviderClient], request.app.state.providers)


Providers = Annotated[Mapping[str, ProviderClient], Depends(_providers)]


@router.get("/")
def go_home(*, identity: Visitor) -> RedirectResponse:
    """Lead to the page that a person starts from."""
    return RedirectResponse(home_of(identity), 303)


@router.get("/sign-in", dependencies=[VISITORS])
def show_sign_in(
    request: Request, *, providers: Providers, settings: UsesSettings, store: UsesStore
) -> HTMLResponse:
    """Show the ways to sign in."""
    people = personas(store) if settings.demo_mode else ()
    return render_page(
        request,
        "sign_in/sign_in.html",
        personas=people,
        roles=role_words(),
        providers=[client.provider for client in providers.values()],
    )


@router.post("/sign-in/persona", dependencies=[VISITORS])
def sign_in_as(
    request: Request,
    *,
    settings: UsesSettings,
    store: UsesStore,
    user: Annotated[str, Form(max_length=32)],
) -> RedirectResponse:
    """Sign in as one of the people of the demonstration."""
    if not settings.demo_mode:
        raise NotFoundError("page")
    refuse_other_sites(request)
    with store.writing() as session:
        person = check_is_persona(session.get(User, user))
        token = sign_ins.begin(session, person)
    return enter(request, store, token)


@router.get("/sign-in/with/{provider}", dependencies=[VISITORS])
def go_to_provider(
    request: Request, provider: str, *, providers: Providers, settings: UsesSettings
) -> RedirectResponse:
    """Lead to where a provider asks for its own password."""
    client = _client(providers, provider)
    hand_shake = HandShake.new(provider)
    where = client.address(hand_shake, back_to=_back_to(request, settings, provider))
    answer = RedirectResponse(where, 303)
    wanted = {"return": read_hand_shake(request).get("return")}
    set_hand_shake(request, answer, hand_shake.as_values() | wanted)
    return answer


@router.get("/sign-in/back/{provider}", dependencies=[VISITORS])
def come_back(
    request: Request,
    provider: str,
    *,
    providers: Providers,
    settings: UsesSettings,
    store: UsesStore,
    code: str = "",
    state: str = "",
    iss: str | None = None,
) -> RedirectResponse:
    """Sign in who comes back from a provider.

    ``iss`` is who the answer says it is from (RFC 9207), against mixing providers up.
    """
    client = _client(providers, provider)
    try:
        hand_shake = _begun(request, client.provider, state=state, issuer=iss)
        claims = client.claims(hand_shake, code=code, back_to=_back_to(request, settings, provider))
        with store.writing() as session:
            user_id = keep_person(session, client.provider, claims).id
        with store.writing() as session:
            user = session.get_one(User, user_id)
            check_may_enter(user)
            token = sign_ins.begin(session, user)
    except (SignInFailedError, NoRoleError) as error:
        refuse_stranger(request, error)
        raise
    return enter(request, store, token)


@router.post("/sign-out")
def sign_out(
    request: Request, *, store: UsesStore, _identity: Annotated[Identity, allow(*Role)]
) -> RedirectResponse:
    """End the session of this browser."""
    sign_ins.end(store, request.cookies[COOKIE])
    answer = RedirectResponse("/sign-in", 303)
    clear_session(answer)
    return answer


def _client(providers: Mapping[str, ProviderClient], provider: str) -> ProviderClient:
    if provider not in providers:
        raise NotFoundError("way to sign in")
    return providers[provider]


def _back_to(request: Request, settings: Settings, provider: str) -> str:
    """Another address for each provider, so that an answer cannot pass for another's."""
    base = settings.public_address or str(request.base_url).rstrip("/")
    return f"{base}/sign-in/back/{provider}"


def _begun(request: Request, provider: Provider, *, state: str, issuer: str | None) -> HandShake:
    """Give what was kept when this browser left for *provider*, if it is this that comes back."""
    kept = read_hand_shake(request)
    same_state = compare_digest(state.encode(), str(kept.get("state", "")).encode())
    if kept.get("provider") != provider.id or not same_state:
        raise SignInFailedError
    if issuer not in {None, provider.issuer}:
        raise SignInFailedError
    return HandShake(provider.id, state, kept["nonce"], kept["verifier"])


def enter(request: Request, store: Store, token: str) -> RedirectResponse:
    """Lead who has just signed in to where they wanted to go, with a new session."""
    if held := request.cookies.get(COOKIE):
        sign_ins.end(store, held)
    wanted = read_hand_shake(request).get("return")
    answer = RedirectResponse(wanted or home_of(sign_ins.find(store, token)), 303)
    set_session(answer, token)
    clear_hand_shake(answer)
    return answer
