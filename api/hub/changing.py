"""Take a contact to change it, and say so where somebody else was first."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.access.errors import ConflictError, NotFoundError
from api.store.tables import Contact
from api.store.tables.contacts import HELD


class ChangedMeanwhileError(ConflictError):
    """The contact is not as it was when the form was shown."""

    def __init__(self) -> None:
        super().__init__(
            "This contact has changed since you opened it, so nothing was saved. What you wrote is "
            "still here: read what changed, then save it again if it still holds."
        )


def take(session: Session, contact_id: str, *, version: int | None = None) -> Contact:
    """Give a contact that nobody else can change until *session* ends.

    *version* is the one that the person saw; ``None`` asks for no check.

    Raises:
        NotFoundError: If there is no such contact, or its words were erased.
        ChangedMeanwhileError: If it is not at *version* any more.
    """
    contact = session.get(Contact, contact_id, with_for_update=HELD)
    if contact is None or contact.erased_at is not None:
        raise NotFoundError("contact")
    if version is not None and contact.version != version:
        raise ChangedMeanwhileError
    return contact
