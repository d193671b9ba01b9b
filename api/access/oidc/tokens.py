"""Check an ID token: whose it is, that it is for us, for this sign-in and for now."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from api.access.errors import SignInFailedError

# Asymmetric ones only: neither "none" nor a secret that we share can sign for a provider.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "ES384")
LEEWAY_SECONDS = 60


def has_key_for(token: str, keys: Mapping[str, Any]) -> bool:
    """Is the key that *token* names among *keys*, a JSON Web Key Set?"""
    try:
        head = token.partition(".")[0]
        named = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("kid")
    except (ValueError, AttributeError):
        return True  # it will be refused as it is
    return named is None or any(key.get("kid") == named for key in keys.get("keys", ()))


def check_id_token(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str
) -> Mapping[str, Any]:
    """Give the claims of *token*, if it stands (OpenID Connect Core 1.0, 3.1.3.7).

    Raises:
        SignInFailedError: If the signature, issuer, audience, nonce or time is wrong.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        published = KeySet.import_key_set({"keys": list(keys["keys"])})
        read = jwt.decode(token, published, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(read.claims)
    except (JoseError, ValueError, KeyError, TypeError):
        raise SignInFailedError from None
    if read.claims.get("azp", client_id) != client_id:
        raise SignInFailedError
    return read.claims
