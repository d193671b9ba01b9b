from __future__ import annotations

from tests.api.access.conftest import app, assessor, client

__all__ = ["app", "assessor", "client"]
