"""The queue's page: who sees it, what it says, what its filters leave, and what it never holds."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import event, select, update
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.hub.queue_filters import Holder, QueueFilters, Received
from api.hub.queue_page import PAGE, QueuePage, read_queue, read_summary
from api.intake.submission import PersonGiven
from api.store.codes import Action, Role, Stage
from api.store.columns import now
from api.store.opening import Store
from api.store.references import reference_of
from api.store.tables import AuditRow, Contact
from nlp.domain import Form, Level, SafetyFlag, Urgency
from tests.api.hub.builders import add_read
from tests.api.hub.signed_in import Desk, make_app, sit_down
from tests.hub_builders import TEXT, add_agency, add_contact, add_user

AVA = PersonGiven(forenames="Ava", surname="Moss", date_of_birth=date(2015, 5, 1))


def seen(store: Store, filters: QueueFilters | None = None, *, me: str = "nobody") -> QueuePage:
    with store.reading() as session:
        return read_queue(session, filters or QueueFilters(), me=me, at=now())


def ids(store: Store, **chosen: object) -> set[str]:
    me = str(chosen.pop("me", "nobody"))
    return {row.id for row in seen(store, QueueFilters.model_validate(chosen), me=me).rows}


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.HUB, Role.HUB_MANAGER}]
)
def test_only_staff_of_the_hub_see_the_queue(app: FastAPI, role: Role) -> None:
    other = sit_down(app, role)
    for address in ("/hub", "/hub/changes", "/hub/notifications"):
        assert other.get(address).status_code == 403
    assert other.post("/hub/search", child="Ava").status_code == 403
    order = other.get("/hub/order").status_code
    assert order == (200 if role in {Role.LEADER, Role.AUDITOR} else 403)


def test_nobody_who_is_not_signed_in_sees_it(app: FastAPI) -> None:
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as stranger:
        assert stranger.get("/hub").status_code in {303, 401}


def test_an_empty_queue_says_so_kindly(desk: Desk) -> None:
    assert "Nothing is waiting." in desk.get("/hub").text


def test_a_card_says_what_a_person_needs_to_choose(desk: Desk, sqlite_store: Store) -> None:
    contact = add_read(
        sqlite_store,
        TEXT,
        people=(AVA,),
        level=Level.CHILD_IN_NEED,
        plausible=(Level.EARLY_HELP, Level.CHILD_IN_NEED, Level.CHILD_PROTECTION),
    )
    page = " ".join(desk.get("/hub").text.split())
    assert "Ava Moss, 1" in page  # eleven now, and not for ever
    assert reference_of(contact) in page
    assert "A child says that someone hurt them" in page
    assert "Reads like <strong>Level 3, Child in need</strong>" in page
    assert "could be anything from Early help to Child protection" in page
    assert re.search(r"\d+ points missing", page)
    assert "Red: within 4 hours" in page
    assert re.search(r"Due in 3.h 59.min", page)


def test_where_staff_are_to_form_their_own_view_first_the_card_tells_no_level(
    sqlite_store: Store, assessor: Assessor
) -> None:
    add_agency(sqlite_store)
    desk = sit_down(make_app(sqlite_store, assessor, hide_reading_until_decided=True))
    add_read(sqlite_store, TEXT)
    add_read(sqlite_store, form=Form.PPN, inappropriate=True)
    page = desk.get("/hub").text
    assert "hidden until you have given your view" in page
    assert "Level 2" not in page
    assert not re.search(r"points? missing", page)
    assert "may be inappropriate" not in page
    assert "A child says that someone hurt them" in page  # a flag is never hidden


def test_no_word_of_the_text_and_no_adults_name_is_on_the_page(
    desk: Desk, sqlite_store: Store
) -> None:
    add_contact(sqlite_store, people=(AVA,))
    page = desk.get("/hub").text
    assert "hungry" not in page


def test_what_failed_to_be_read_is_said_and_comes_first(sqlite_store: Store) -> None:
    add_read(sqlite_store, TEXT, urgency=Urgency.RED)
    failed = add_contact(sqlite_store)
    with sqlite_store.writing() as session:
        session.execute(update(Contact).where(Contact.id == failed).values(failed_at=now()))
    rows = seen(sqlite_store).rows
    assert rows[0].id == failed
    assert rows[0].failed


def test_each_view_of_the_queue_is_in_the_log_without_a_name(
    desk: Desk, sqlite_store: Store
) -> None:
    add_read(sqlite_store, people=(AVA,))
    desk.get("/hub?urgency=green")
    desk.post("/hub/search", child="Ava Moss")
    with sqlite_store.reading() as session:
        acts = session.scalars(select(AuditRow).where(AuditRow.target == "queue")).all()
    assert [(act.action, act.details) for act in acts] == [
        (Action.QUEUE_SEEN, {"filters": {"urgency": "green"}, "page": 1, "shown": 1}),
        (Action.SEARCHED, {"found": 1}),
    ]
    assert {act.actor for act in acts} == {desk.identity.actor}


def test_filters_leave_what_they_name_and_no_more(empty_store: Store) -> None:
    add_agency(empty_store, "police_a")
    me, other = add_user(empty_store), add_user(empty_store)
    flagged = add_read(empty_store, TEXT, urgency=Urgency.RED, claimed_by=me.id, claimed_at=now())
    old = now() - timedelta(days=9)
    ppn = add_read(
        empty_store,
        form=Form.PPN,
        agency_id="police_a",
        received_at=old,
        claimed_by=other.id,
        claimed_at=now(),
    )
    unread = add_contact(empty_store)
    decided = add_read(empty_store, stage=Stage.DECIDED)
    assert ids(empty_store) == {flagged, ppn, unread}
    assert ids(empty_store, agency="police_a") == {ppn}
    assert ids(empty_store, form=Form.PPN) == {ppn}
    assert ids(empty_store, urgency=Urgency.RED) == {flagged}
    assert ids(empty_store, flag=SafetyFlag.PHYSICAL_DISCLOSURE) == {flagged}
    assert ids(empty_store, flag=SafetyFlag.WEAPON) == set()
    assert ids(empty_store, stage=Stage.DECIDED) == {decided}
    assert ids(empty_store, claimed=Holder.ME, me=me.id) == {flagged}
    assert ids(empty_store, claimed=Holder.OTHERS, me=me.id) == {ppn}
    assert ids(empty_store, claimed=Holder.NOBODY) == {unread}
    assert ids(empty_store, received=Received.EARLIER) == {ppn}
    assert ids(empty_store, received=Received.DAY) == {flagged, unread}
    assert ids(empty_store, overdue=True) == {ppn}
    assert ids(empty_store, unscored=True) == {unread}
    assert ids(empty_store, form=Form.PPN, urgency=Urgency.RED) == set()


def test_the_counts_are_of_what_is_open(empty_store: Store) -> None:
    me = add_user(empty_store)
    add_read(empty_store, received_at=now() - timedelta(days=9))
    add_read(empty_store, claimed_by=me.id, claimed_at=now())
    add_read(empty_store, stage=Stage.AWAITING_SIGN_OFF)
    add_read(empty_store, stage=Stage.DECIDED)
    add_read(empty_store, form=Form.PPN, inappropriate=True)
    add_contact(empty_store)
    with empty_store.reading() as session:
        summary = read_summary(session, me=me.id, at=now())
    assert summary.waiting == 4
    assert (summary.overdue, summary.unscored, summary.mine) == (1, 1, 1)
    assert (summary.sign_off, summary.notifications) == (1, 1)


def test_pages_follow_each_other_without_gap_or_repeat(empty_store: Store) -> None:
    sent = [add_contact(empty_store) for _ in range(PAGE + 3)]
    with empty_store.reading() as session:
        pages = [
            read_queue(session, QueueFilters(), me="", at=now(), page=number)
            for number in (1, 2, 9)
        ]
    assert [len(page.rows) for page in pages] == [PAGE, 3, 3]  # past the end is the last
    assert [row.id for page in pages[:2] for row in page.rows] == sent  # unread: by waiting time
    assert (pages[0].total, pages[0].pages) == (PAGE + 3, 2)


def test_only_the_children_of_the_rows_shown_are_decrypted(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(PAGE + 10):
        add_contact(sqlite_store, people=(AVA,))
    statements: list[str] = []
    event.listen(
        sqlite_store.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    seen(sqlite_store)
    assert len(statements) == 6  # one for all rows of each kind, and none for each row
    assert not any("narrative" in statement for statement in statements)


@pytest.mark.parametrize(
    "query", ["urgency=purple", "agency=a%20b", "page=0", "flag=%27", "after=-1"]
)
def test_what_is_no_filter_is_refused_and_not_repeated(desk: Desk, query: str) -> None:
    address = "/hub/changes" if "after" in query else "/hub"
    answer = desk.get(f"{address}?{query}")
    assert answer.status_code == 422
    assert "purple" not in answer.text


def test_an_open_choice_of_the_form_is_no_filter(desk: Desk) -> None:
    assert desk.get("/hub?agency=&form=&urgency=&flag=&claimed=&received=").status_code == 200


def test_changes_are_told_in_ids_and_counts(app: FastAPI, sqlite_store: Store) -> None:
    mine, theirs = sit_down(app), sit_down(app)
    shown = add_read(sqlite_store, people=(AVA,))
    after = seen(sqlite_store).seen
    nothing = mine.get(f"/hub/changes?after={after}")
    assert nothing.json() == {"new": 0, "changed": [], "overdue": 0}
    add_contact(sqlite_store)
    assert theirs.post(f"/hub/contacts/{shown}/claim").status_code == 303
    assert mine.get(f"/hub/changes?after={after}").json() == {
        "new": 1,
        "changed": [shown],
        "overdue": 0,
    }
    assert theirs.get(f"/hub/changes?after={after}").json()["changed"] == []  # their own act
    assert mine.get(f"/hub/changes?after={after}&urgency=red").json()["new"] == 0


def test_changes_that_are_known_are_not_sent_again(desk: Desk, sqlite_store: Store) -> None:
    add_contact(sqlite_store)
    first = desk.get("/hub/changes?after=0")
    again = desk.get("/hub/changes?after=0", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    add_contact(sqlite_store)
    newer = desk.get("/hub/changes?after=0", **{"if-none-match": first.headers["etag"]})
    assert (newer.status_code, newer.json()["new"]) == (200, 2)


def test_the_second_to_claim_is_told_who_was_first(app: FastAPI, sqlite_store: Store) -> None:
    contact, first, second = add_contact(sqlite_store), sit_down(app), sit_down(app)
    assert first.post(f"/hub/contacts/{contact}/claim").headers["location"].endswith(contact)
    answer = second.post(f"/hub/contacts/{contact}/claim")
    assert answer.status_code == 409
    assert f"{first.identity.name} has this contact" in answer.text
    assert "Take it over" not in answer.text
    assert f"<strong>{first.identity.name}</strong> has it" in second.get("/hub").text


def test_a_manager_is_offered_to_take_over_and_can(app: FastAPI, sqlite_store: Store) -> None:
    contact, first = add_contact(sqlite_store), sit_down(app)
    manager = sit_down(app, Role.HUB_MANAGER)
    first.post(f"/hub/contacts/{contact}/claim")
    assert "Take it over" in manager.post(f"/hub/contacts/{contact}/claim").text
    assert "Take it over" in manager.get("/hub").text
    assert "Take it over" not in sit_down(app).get("/hub").text
    taken = manager.post(f"/hub/contacts/{contact}/take-over", held_by=first.identity.id)
    assert taken.status_code == 303
    assert "You have it" in manager.get("/hub").text
    assert first.post(f"/hub/contacts/{contact}/take-over", held_by="x").status_code == 403


def test_a_form_without_its_token_changes_nothing(desk: Desk, sqlite_store: Store) -> None:
    contact = add_contact(sqlite_store)
    desk.token = "forged"  # noqa: S105
    for address in (f"/hub/contacts/{contact}/claim", "/hub/search", "/hub/views"):
        assert desk.post(address, name="x").status_code == 403
    assert ids(sqlite_store, claimed=Holder.NOBODY) == {contact}


def test_the_rule_of_the_order_is_shown_with_its_reasons(desk: Desk) -> None:
    page = desk.get("/hub/order").text
    assert "Not yet read by the checks" in page
    assert "A failure of the software must bring a person to" in " ".join(page.split())
