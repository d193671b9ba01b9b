"""Talk with an OpenID provider: code flow, PKCE and nonce; every token stays on the server.

Authlib is imported where it is used: it takes longer to load than a start should wait.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from api.access.errors import ProviderUnavailableError, SignInFailedError
from api.access.oidc.providers import Provider, load_providers
from api.access.oidc.tokens import check_id_token, has_key_for

WAIT_SECONDS = 10
KEPT_SECONDS = 3600  # how long what a provider publishes of itself is believed


@dataclass(frozen=True)
class HandShake:
    """What must be the same when the person comes back; kept with their browser, encrypted."""

    provider: str
    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls, provider: str) -> HandShake:
        """Give one that nobody can guess."""
        return cls(provider, *(secrets.token_urlsafe(32) for _ in range(3)))

    def as_values(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return asdict(self)


class ProviderClient:
    """What we ask of one provider; safe to use from many threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._known: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def address(self, hand_shake: HandShake, *, back_to: str) -> str:
        """Give where the browser goes to sign in.

        Raises:
            ProviderUnavailableError: If the provider does not answer, or not as one.
        """
        with self._client() as client:
            where, _ = client.create_authorization_url(
                self._metadata(client)["authorization_endpoint"],
                state=hand_shake.state,
                nonce=hand_shake.nonce,
                code_verifier=hand_shake.verifier,
                redirect_uri=back_to,
            )
        return str(where)

    def claims(self, hand_shake: HandShake, *, code: str, back_to: str) -> Mapping[str, Any]:
        """Give what the provider says of who signed in.

        Raises:
            ProviderUnavailableError: If the provider does not answer, or not as one.
            SignInFailedError: If it refuses the code, or its token is not for us and now.
        """
        with self._client() as client:
            metadata = self._metadata(client)
            answer = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=hand_shake.verifier,
                redirect_uri=back_to,
            )
            token = answer.get("id_token")
            if not isinstance(token, str):
                raise SignInFailedError
            keys = self._published(client, metadata["jwks_uri"])
            if not has_key_for(token, keys):  # the provider may have changed its keys since
                keys = self._published(client, metadata["jwks_uri"], anew=True)
        return check_id_token(
            token,
            keys,
            issuer=self.provider.issuer,
            client_id=self.provider.client_id,
            nonce=hand_shake.nonce,
        )

    def _metadata(self, client: Any) -> Mapping[str, Any]:
        issuer = self.provider.issuer
        found = self._published(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:  # OpenID Connect Discovery 1.0, 4.3
            raise ProviderUnavailableError
        return found

    def _published(self, client: Any, address: str, *, anew: bool = False) -> Mapping[str, Any]:
        """What is at *address*, asked for once an hour."""
        until, held = self._known.get(address, (0.0, {}))
        if anew or time.monotonic() > until:
            answer = client.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            held = answer.json()
            self._known[address] = (time.monotonic() + KEPT_SECONDS, held)
        return held

    @contextmanager
    def _client(self) -> Iterator[Any]:
        from authlib.integrations.base_client.errors import OAuthError
        from authlib.integrations.httpx_client import OAuth2Client
        from httpx2 import HTTPError

        try:
            with OAuth2Client(
                self.provider.client_id,
                self.provider.secret,
                scope=self.provider.scopes,
                code_challenge_method="S256",
                timeout=WAIT_SECONDS,
            ) as client:
                yield client
        except OAuthError:
            raise SignInFailedError from None
        except (HTTPError, OSError, ValueError, KeyError, AttributeError):
            raise ProviderUnavailableError from None


def open_providers(path: Path | None) -> Mapping[str, ProviderClient]:
    """Give a client for each provider of the file at *path*, by id; none where there is no file.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    known = load_providers(path) if path else {}
    return {name: ProviderClient(provider) for name, provider in known.items()}
