"""People of the demonstration, whom anyone may be with one press; in demonstration mode alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from api.access.errors import NotFoundError
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Agency, User

ISSUER = "demonstration"


@dataclass(frozen=True)
class Persona:
    """One person to be."""

    user_id: str
    name: str
    role: Role
    agency_name: str | None


def personas(store: Store) -> Sequence[Persona]:
    """Give the people of the demonstration, in the order of roles and names."""
    found = (
        select(User, Agency.name)
        .outerjoin(Agency, Agency.id == User.agency_id)
        .where(User.issuer == ISSUER, User.active.is_(True))
    )
    with store.reading() as session:
        people = [
            Persona(user.id, user.name, user.role, agency)
            for user, agency in session.execute(found)
        ]
    order = list(Role)
    return sorted(people, key=lambda each: (order.index(each.role), each.name))


def check_is_persona(user: User | None) -> User:
    """Give *user* if anyone may be them.

    Raises:
        NotFoundError: If they are a real person, or nobody.
    """
    if user is None or user.issuer != ISSUER or not user.active:
        raise NotFoundError("person")
    return user
