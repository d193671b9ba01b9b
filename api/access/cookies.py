"""The cookies of this service: for this host and HTTPS only, and closed to scripts."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.access.rules import COOKIE
from api.access.sign_ins import ABSOLUTE
from api.store.columns import now
from api.store.encryption import Keys, KeysError
from api.store.opening import Store

# OWASP ASVS 5.0, 3.3: the prefix makes the browser refuse it without Secure or with a Domain.
HAND_SHAKE = "__Host-sign-in"
HAND_SHAKE_LASTS = timedelta(minutes=10)


def set_session(response: Response, token: str) -> None:
    """Give the browser the value that `sign_ins.begin` gave."""
    _set(response, COOKIE, token, lasts=ABSOLUTE)


def clear_session(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def set_hand_shake(request: Request, response: Response, values: dict[str, Any]) -> None:
    """Keep *values* with the browser, encrypted, until it has signed in."""
    told = json.dumps({**values, "until": (now() + HAND_SHAKE_LASTS).timestamp()})
    sealed = _keys(request).encrypt(told, place=HAND_SHAKE)
    _set(response, HAND_SHAKE, base64.urlsafe_b64encode(sealed).decode(), lasts=HAND_SHAKE_LASTS)


def read_hand_shake(request: Request) -> dict[str, Any]:
    """Give what was kept; nothing if it is over, forged or was never set."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(HAND_SHAKE, ""))
        values: dict[str, Any] = json.loads(_keys(request).decrypt(sealed, place=HAND_SHAKE))
    except (KeysError, ValueError, binascii.Error):
        return {}
    return values if values["until"] > now().timestamp() else {}


def clear_hand_shake(response: Response) -> None:
    """Take it from the browser: it is good for one sign-in."""
    response.delete_cookie(HAND_SHAKE, path="/", secure=True, httponly=True, samesite="lax")


def _keys(request: Request) -> Keys:
    store: Store = request.app.state.store
    return store.keys


def _set(response: Response, name: str, value: str, *, lasts: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
