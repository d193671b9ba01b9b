"""Notifications that look inappropriate: a person says so or not, one at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from api.access.errors import NotFoundError
from api.access.identity import Identity
from api.hub import notifications
from api.hub.changing import ChangedMeanwhileError
from api.hub.notifications import Answer
from api.hub.queue_filters import QueueFilters
from api.hub.queue_page import read_queue
from api.routes import hub_notifications
from api.store.codes import Action, CorrectionKind, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, Correction
from nlp.domain import Form, Level
from tests.api.hub.builders import QUIET, add_read
from tests.api.hub.signed_in import Desk
from tests.hub_builders import TEXT, add_contact, add_user


def doubted(store: Store, text: str = QUIET) -> str:
    return add_read(store, text, form=Form.PPN, inappropriate=True)


def waiting(store: Store) -> list[str]:
    with store.reading() as session:
        return notifications.first_to_check(session, most=50)


def say(store: Store, contact_id: str, by: Identity, *, inappropriate: bool) -> str | None:
    with store.reading() as session:
        version = session.get_one(Contact, contact_id).version
    return notifications.answer(
        store, contact_id, inappropriate=inappropriate, version=version, by=by
    )


def test_only_open_notifications_that_look_inappropriate_are_listed(empty_store: Store) -> None:
    one = doubted(empty_store)
    add_read(empty_store, form=Form.PPN)
    add_read(empty_store, form=Form.REFERRAL)
    add_read(empty_store, form=Form.PPN, inappropriate=True, stage=Stage.DECIDED)
    add_read(empty_store, TEXT, form=Form.PPN, inappropriate=True)  # a flag: never inappropriate
    add_read(empty_store, form=Form.PPN, inappropriate=True, level=Level.CHILD_PROTECTION)
    assert waiting(empty_store) == [one]


@pytest.mark.parametrize("inappropriate", [True, False])
def test_an_answer_is_a_labelled_example_and_decides_nothing(
    empty_store: Store, *, inappropriate: bool
) -> None:
    first, second, by = doubted(empty_store), doubted(empty_store), add_user(empty_store)
    assert say(empty_store, first, by, inappropriate=inappropriate) == second
    assert waiting(empty_store) == [second]
    corrected = "inappropriate" if inappropriate else "appropriate"
    with empty_store.reading() as session:
        (kept,) = session.scalars(select(Correction))
        assert (kept.kind, kept.found) == (CorrectionKind.NOTIFICATION, "inappropriate")
        assert (kept.corrected, kept.made_by) == (corrected, by.id)
        (act,) = session.scalars(
            select(AuditRow).where(AuditRow.action == Action.NOTIFICATION_CONFIRMED)
        )
        assert act.details == {"said": corrected, "reasons": ["adult_pathway"]}
        assert session.get_one(Contact, first).stage is Stage.WAITING
        queue = read_queue(session, QueueFilters(), me="", at=now())
        assert {row.id for row in queue.rows} == {first, second}
        said = Answer.CONFIRMED if inappropriate else Answer.REJECTED
        assert {row.id: row.notification for row in queue.rows} == {
            first: said,
            second: Answer.OPEN,
        }


def test_whoever_leaves_one_after_another_comes_to_each_of_them(sqlite_store: Store) -> None:
    sent, by = [doubted(sqlite_store) for _ in range(4)], add_user(sqlite_store)
    seen, here = [], sent[0]
    for _ in sent:
        seen.append(here)
        here = notifications.look(sqlite_store, here, by=by).following or ""
    assert seen == sent
    assert here == sent[0]


def test_the_page_counts_all_that_are_left_however_many_are_listed(
    desk: Desk, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_notifications, "MOST_LISTED", 1)
    contact_id, *_ = (doubted(sqlite_store) for _ in range(4))
    assert "To look at: 1 or more" in desk.get("/hub/notifications").text
    assert "4 still to look at" in desk.get(f"/hub/notifications/{contact_id}").text


def test_an_answer_does_not_change_the_place_in_the_queue(sqlite_store: Store) -> None:
    sent, by = [doubted(sqlite_store) for _ in range(3)], add_user(sqlite_store)
    say(sqlite_store, sent[0], by, inappropriate=True)
    with sqlite_store.reading() as session:
        assert [row.id for row in read_queue(session, QueueFilters(), me="", at=now()).rows] == sent


def test_a_later_answer_stands_in_the_place_of_the_earlier(sqlite_store: Store) -> None:
    contact, by = doubted(sqlite_store), add_user(sqlite_store)
    say(sqlite_store, contact, by, inappropriate=True)
    say(sqlite_store, contact, by, inappropriate=False)
    with sqlite_store.reading() as session:
        assert notifications.answers(session, [contact]) == {contact: Answer.REJECTED}


def test_who_opened_an_older_state_is_told_and_nothing_is_kept(sqlite_store: Store) -> None:
    contact, by = doubted(sqlite_store), add_user(sqlite_store)
    with pytest.raises(ChangedMeanwhileError):
        notifications.answer(sqlite_store, contact, inappropriate=True, version=0, by=by)
    assert waiting(sqlite_store) == [contact]


def test_looking_is_noted_and_only_doubted_ones_can_be_looked_at(sqlite_store: Store) -> None:
    contact, by = doubted(sqlite_store), add_user(sqlite_store)
    look = notifications.look(sqlite_store, contact, by=by)
    assert "".join(segment.text for segment in look.segments) == QUIET
    assert look.following is None
    with sqlite_store.reading() as session:
        (act,) = session.scalars(select(AuditRow).where(AuditRow.action == Action.CONTACT_READ))
    assert (act.actor, act.target) == (by.actor, f"contact:{contact}")
    for other in (add_read(sqlite_store, form=Form.PPN), add_read(sqlite_store), "0" * 32):
        with pytest.raises(NotFoundError):
            notifications.look(sqlite_store, other, by=by)


def test_the_page_shows_reason_doubt_rule_and_text_and_leads_on(
    desk: Desk, sqlite_store: Store
) -> None:
    first, second = doubted(sqlite_store), doubted(sqlite_store)
    listed = desk.get("/hub/notifications").text
    assert first in listed
    assert second in listed
    page = desk.get(f"/hub/notifications/{first}").text
    assert "An adult&#39;s need" in page
    assert "Why this may be wrong:" in page
    assert "A notification is never inappropriate if any of these is so" in page
    assert QUIET in page
    version = page.partition('name="version" value="')[2].partition('"')[0]
    answer = desk.post(f"/hub/notifications/{first}", said="inappropriate", version=version)
    assert answer.headers["location"] == f"/hub/notifications/{second}?saved=yes"
    assert "Your answer was saved" in desk.get(answer.headers["location"]).text


def test_where_the_reading_is_hidden_the_reasons_come_after_a_first_view(
    blind_desk: Desk, sqlite_store: Store
) -> None:
    past = "In 2019 he strangled her at the old address."
    contact = doubted(sqlite_store, f"{QUIET}\n{past}")
    listed = blind_desk.get("/hub/notifications").text
    assert contact in listed
    assert "until you have given your first view" in listed
    before = blind_desk.get(f"/hub/notifications/{contact}").text
    for told in ("An adult&#39;s need", "may be wrong:", "Out of ten", "<mark", 'name="said"'):
        assert told not in before
    assert past in before
    first = {"first_outcome": "early_help", "first_level": "early_help", "page": "notification"}
    answer = blind_desk.post(f"/hub/contacts/{contact}/first-view", **first)
    assert answer.headers["location"] == f"/hub/notifications/{contact}"
    after = blind_desk.get(f"/hub/notifications/{contact}").text
    assert "An adult&#39;s need" in after
    assert 'name="said"' in after
    assert "<mark" in after
    assert "An adult&#39;s need" in blind_desk.get("/hub/notifications").text
    with sqlite_store.reading() as session:
        seen = select(AuditRow.details).where(AuditRow.action == Action.CONTACT_READ)
        hidden = [each["hidden"] for each in session.scalars(seen.order_by(AuditRow.number))]
    assert hidden == [True, False]


def test_a_first_view_that_lacks_something_is_asked_for_again_and_leads_back(
    blind_desk: Desk, sqlite_store: Store
) -> None:
    contact = doubted(sqlite_store)
    half = {"first_outcome": "early_help", "page": "notification"}
    again = blind_desk.post(f"/hub/contacts/{contact}/first-view", **half)
    assert again.status_code == 422
    assert "Choose the level of need." in again.text
    assert '<input type="hidden" name="page" value="notification">' in again.text


def test_its_own_words_are_quoted_exactly_and_marked(sqlite_store: Store) -> None:
    past = "In 2019 he strangled her at the old address."
    contact = doubted(sqlite_store, f"{QUIET}\n{past}")
    look = notifications.look(sqlite_store, contact, by=add_user(sqlite_store))
    assert list(look.quotes) == [past]
    assert [segment.text for segment in look.segments if segment.marks] == [past]


def test_one_whose_reading_is_not_there_is_listed_all_the_same(
    desk: Desk, sqlite_store: Store
) -> None:
    contact = add_contact(sqlite_store, form=Form.PPN)
    with sqlite_store.writing() as session:
        marked = update(Contact).where(Contact.id == contact)
        session.execute(marked.values(looks_inappropriate=True))
    assert contact in desk.get("/hub/notifications").text


def test_there_is_no_way_to_answer_for_several_at_once(desk: Desk, sqlite_store: Store) -> None:
    doubted(sqlite_store)
    assert "<form" not in desk.get("/hub/notifications").text.partition("<main")[2]
    assert desk.post("/hub/notifications", said="inappropriate").status_code == 405


def test_an_answer_that_is_none_is_refused(desk: Desk, sqlite_store: Store) -> None:
    contact = doubted(sqlite_store)
    assert desk.post(f"/hub/notifications/{contact}", said="maybe", version=1).status_code == 422


def test_none_to_check_is_said_kindly(desk: Desk) -> None:
    assert "None to check." in desk.get("/hub/notifications").text
