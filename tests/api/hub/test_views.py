"""A person's own saved views of the queue."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from api.access.errors import ConflictError, NotFoundError
from api.assessor import Assessor
from api.hub.queue_filters import Holder, QueueFilters
from api.hub.views import MOST_VIEWS, delete_view, from_query, save_view, views_of
from api.store.opening import Store
from api.store.tables import SavedView
from nlp.domain import Form, Urgency
from nlp.errors import UnknownChoiceError
from tests.api.hub.signed_in import make_app, sit_down
from tests.hub_builders import add_user

RED = QueueFilters(urgency=Urgency.RED, form=Form.PPN, overdue=True)


def names(store: Store, user_id: str) -> list[str]:
    with store.reading() as session:
        return [view.name for view in views_of(session, user_id)]


def test_a_view_gives_back_the_filters_it_was_saved_with(empty_store: Store) -> None:
    me, other = add_user(empty_store), add_user(empty_store)
    save_view(empty_store, "  Police,  red ", RED, user_id=me.id)
    with empty_store.reading() as session:
        (view,) = views_of(session, me.id)
        assert views_of(session, other.id) == []
    assert (view.name, view.filters) == ("Police, red", RED)
    assert view.filters.address == "/hub?form=ppn&urgency=red&overdue=true"


def test_a_view_saved_again_under_its_name_takes_its_place(empty_store: Store) -> None:
    me = add_user(empty_store)
    save_view(empty_store, "Mine", RED, user_id=me.id)
    save_view(empty_store, "Mine", QueueFilters(claimed=Holder.ME), user_id=me.id)
    with empty_store.reading() as session:
        assert [view.filters.claimed for view in views_of(session, me.id)] == [Holder.ME]


def test_only_its_owner_can_delete_a_view(empty_store: Store) -> None:
    me, other = add_user(empty_store), add_user(empty_store)
    save_view(empty_store, "Mine", RED, user_id=me.id)
    with empty_store.reading() as session:
        (view,) = views_of(session, me.id)
    for user, view_id in ((other.id, view.id), (me.id, "0" * 32)):
        with pytest.raises(NotFoundError):
            delete_view(empty_store, view_id, user_id=user)
    delete_view(empty_store, view.id, user_id=me.id)
    assert names(empty_store, me.id) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be_kept_is_refused(sqlite_store: Store, name: str) -> None:
    with pytest.raises(UnknownChoiceError):
        save_view(sqlite_store, name, RED, user_id=add_user(sqlite_store).id)


def test_nobody_keeps_more_views_than_can_be_shown(sqlite_store: Store) -> None:
    me = add_user(sqlite_store)
    for number in range(MOST_VIEWS):
        save_view(sqlite_store, f"View {number}", RED, user_id=me.id)
    with pytest.raises(ConflictError):
        save_view(sqlite_store, "One more", RED, user_id=me.id)


def test_a_view_whose_filter_is_no_more_still_opens(sqlite_store: Store) -> None:
    me = add_user(sqlite_store)
    save_view(sqlite_store, "Old", RED, user_id=me.id)
    with sqlite_store.writing() as session:
        session.execute(update(SavedView).values(filters={"urgency": "purple"}))
    with sqlite_store.reading() as session:
        assert views_of(session, me.id)[0].filters == QueueFilters()
    assert from_query("urgency=purple") == QueueFilters()


def test_a_view_is_saved_and_deleted_from_the_page(sqlite_store: Store, assessor: Assessor) -> None:
    desk = sit_down(make_app(sqlite_store, assessor))
    saved = desk.post("/hub/views", name="Police, red", filters="form=ppn&urgency=red")
    assert saved.headers["location"] == "/hub?form=ppn&urgency=red"
    assert "Police, red" in desk.get("/hub").text
    with sqlite_store.reading() as session:
        (view,) = views_of(session, desk.identity.id)
    desk.post(f"/hub/views/{view.id}/delete")
    assert "Police, red" not in desk.get("/hub").text
