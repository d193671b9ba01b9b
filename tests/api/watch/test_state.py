"""What the store shows: the same on both databases, and never a word of a contact."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import update

from api.clocks import LONDON
from api.store.opening import Store
from api.store.tables import Contact, Rebase, User
from api.watch.alerts import Alert
from api.watch.definitions import Side, load_watch
from api.watch.family import Key
from api.watch.report import as_json, make_report
from api.watch.report_page import write_report
from api.watch.state import State, find_state, start_code
from nlp.domain import Form
from tests.watch_builders import NAMED, Drift, fill_watched

AT = datetime(2026, 10, 14, 11, tzinfo=LONDON)  # a Wednesday
SINCE = datetime(2026, 6, 1, tzinfo=LONDON)
DRIFT = Drift(SINCE, longer=1.8, surer=-0.25, reader="reader 2")


def state_of(store: Store, at: datetime = AT) -> State:
    with store.reading() as session:
        return find_state(session, at=at)


def key(measure: str, agency: str = "academy") -> Key:
    return Key(agency, Form.REFERRAL, measure)


def moved(state: State) -> dict[tuple[str, str], Alert]:
    return {(each.key.agency, each.key.measure): each for each in state.alerts}


def test_values_are_of_whole_weeks_and_few_contacts_are_opened(empty_store: Store) -> None:
    fill_watched(empty_store, until=AT, weeks=4, a_week=30)
    with empty_store.writing() as session:
        session.execute(update(Contact).where(Contact.agency_id == "tiny").values(failures=1))
    observed = state_of(empty_store).observed
    lengths = observed[key("length")]
    assert len(set(lengths.weeks.tolist())) in {3, 4}
    assert 75 < len(lengths.values) < 120  # those of this week wait until it is whole
    assert len(observed[key("flags")].values) == len(lengths.values)
    most = load_watch().opened * len(set(lengths.weeks.tolist()))
    assert 20 <= len(observed[key("confidence")].values) <= most
    assert len(observed[key("unknown_words")].values) == len(observed[key("confidence")].values)
    assert set(observed[key("unread", "tiny")].values) == {1.0}
    assert 0 < observed[key("corrections")].values.mean() < 0.4
    assert 0 < observed[key("decided_higher")].values.mean() < 0.2


def test_a_drift_is_told_with_all_that_an_analyst_needs(empty_store: Store) -> None:
    fill_watched(empty_store, until=AT, weeks=64, drift=DRIFT)
    state = state_of(empty_store)
    found = moved(state)
    assert {("academy", "length"), ("academy", "confidence")} <= set(found)
    assert "primary" not in {agency for agency, _ in found}
    length = found["academy", "length"]
    assert length.side is Side.UP
    assert abs(length.since - SINCE.date()) <= timedelta(weeks=3)
    assert 0 < length.contacts < 200
    assert "characters" in length.before
    assert length.next
    assert length.reader_changed is None  # no reader lengthens a text
    changed = found["academy", "confidence"].reader_changed
    assert changed
    assert "reader 1 to reader 2" in changed
    assert {each.key.agency for each in state.waiting} == {"tiny"}


def test_a_recorded_change_closes_its_alert_from_then_on(empty_store: Store) -> None:
    fill_watched(empty_store, until=AT, weeks=64, drift=DRIFT)
    with empty_store.writing() as session:
        user = session.query(User).first()
        assert user is not None
        session.add(
            Rebase(
                measure=start_code(key("length")),
                agency_id="academy",
                month="2026-07",
                reason="A new form",
                made_at=AT - timedelta(hours=1),
                made_by=user.id,
            )
        )
    assert ("academy", "length") not in moved(state_of(empty_store))
    before = state_of(empty_store, AT - timedelta(hours=2))
    assert ("academy", "length") in moved(before)


def test_no_word_of_a_contact_is_in_state_or_report(sqlite_store: Store) -> None:
    fill_watched(sqlite_store, until=AT, weeks=40, drift=DRIFT)
    state = state_of(sqlite_store)
    report = make_report(state, "2026-09")
    page, data = write_report(report, council="Marskley"), json.dumps(as_json(report))
    for written in (repr(state), page, data):
        assert NAMED not in written
        assert "zzqx" not in written


def test_the_report_holds_the_month_beside_what_was_usual(sqlite_store: Store) -> None:
    fill_watched(sqlite_store, until=AT, weeks=40, drift=DRIFT)
    report = make_report(state_of(sqlite_store), "2026-09")
    rows = {(row.agency, row.measure): row for row in report.rows}
    length = rows["academy", "length"]
    assert 4 * 12 < length.contacts < 4 * 16
    assert length.value
    assert length.usual
    assert length.value > 1.2 * length.usual
    assert rows["tiny", "length"].says == "too few"
    data = as_json(report)
    assert data["month"] == "2026-09"
    assert {each["measure"] for each in data["alerts"]} >= {"length"}  # type: ignore[attr-defined]
    assert "<svg" in write_report(report, council="Marskley")
