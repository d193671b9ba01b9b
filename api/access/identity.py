"""Who is asking: a person who signed in, or a system with a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.store.codes import Role

STAFF = frozenset({Role.HUB, Role.HUB_MANAGER})
CONTACT_READERS = STAFF | {Role.AUDITOR}
FIGURE_READERS = (Role.LEADER, Role.HUB_MANAGER, Role.ANALYST)


@dataclass(frozen=True)
class Identity:
    """Who is asking, as far as a rule of access needs to know.

    ``form_token`` must come back with every form that a person posts; a system has none.
    ``agency_id`` is set for a referrer and for a system, and limits both to what that agency sent.
    """

    kind: Literal["user", "key"]
    id: str
    name: str
    role: Role
    agency_id: str | None
    form_token: str = ""
    scopes: frozenset[str] = frozenset()
    agency_name: str | None = None

    @property
    def actor(self) -> str:
        """As the audit log and a contact's sender name them."""
        return f"{self.kind}:{self.id}"

    @property
    def is_staff(self) -> bool:
        """Do they work at the hub?"""
        return self.role in STAFF
