"""Secrets that a browser or a system shows to be known: made here, kept only as their SHA-256."""

from __future__ import annotations

import hashlib
import secrets

RANDOM_BYTES = 32


def new_token() -> str:
    """Give a new secret, to be shown once."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def hash_token(token: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()
