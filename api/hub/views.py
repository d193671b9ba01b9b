"""A person's own saved filters of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.access.errors import ConflictError, NotFoundError
from api.hub.queue_filters import QueueFilters
from api.store.opening import Store
from api.store.tables import SavedView
from nlp.errors import UnknownChoiceError

MOST_VIEWS, MOST_CHARACTERS = 20, 60


@dataclass(frozen=True)
class View:
    """A saved view; a filter of an earlier version that is no more is left open."""

    id: str
    name: str
    filters: QueueFilters


def views_of(session: Session, user_id: str) -> list[View]:
    """Give a person's views by name."""
    mine = select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.name)
    return [View(each.id, each.name, _read(each)) for each in session.scalars(mine)]


def save_view(store: Store, name: str, filters: QueueFilters, *, user_id: str) -> None:
    """Keep *filters* under *name*, in place of the person's own view of that name.

    Raises:
        ConflictError: If they have as many views as can be kept.
        UnknownChoiceError: If the name is empty or too long.
    """
    name = " ".join(name.split())
    if not name or len(name) > MOST_CHARACTERS:
        raise UnknownChoiceError(f"Give the view a name of 1 to {MOST_CHARACTERS} characters.")
    try:
        with store.writing() as session:
            mine = SavedView.user_id == user_id
            held = session.scalars(select(SavedView).where(mine, SavedView.name == name)).first()
            if held is not None:
                held.filters = filters.codes
                return
            count = session.scalar(select(func.count()).select_from(SavedView).where(mine)) or 0
            if count >= MOST_VIEWS:
                raise ConflictError(f"You have {count} views. Delete one before you save another.")
            session.add(SavedView(user_id=user_id, name=name, filters=filters.codes))
    except IntegrityError:  # pressed twice: the first was kept
        return


def delete_view(store: Store, view_id: str, *, user_id: str) -> None:
    """Forget one of the person's own views.

    Raises:
        NotFoundError: If they have none such.
    """
    with store.writing() as session:
        held = session.get(SavedView, view_id)
        if held is None or held.user_id != user_id:
            raise NotFoundError("view")
        session.delete(held)


def from_query(query: str) -> QueueFilters:
    """Give the filters of the query of a queue's address; none where it cannot be read."""
    try:
        return QueueFilters.model_validate(dict(parse_qsl(query)))
    except ValidationError:
        return QueueFilters()


def _read(held: SavedView) -> QueueFilters:
    try:
        return QueueFilters.model_validate(held.filters)
    except ValidationError:
        return QueueFilters()
