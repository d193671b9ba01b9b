"""A silent answer is kept beside the reading in service and changes nothing of the contact."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from api.assessor import Assessor
from api.intake.retention import erase
from api.intake.scoring import score
from api.silent import catching_up
from api.silent.catching_up import CaughtUp, SilentReaderError, catch_up
from api.silent.reading import begin, count_unread, find_unread, read_silently
from api.store.codes import Action
from api.store.encrypted import encrypted_columns
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, SilentAnswer, SilentRun
from nlp.assessment import FlagFinding
from nlp.domain import Contact as Sent
from nlp.domain import Document, Form, Level, Reason
from nlp.reading import Reading
from tests.api.hub.builders import QUIET, add_read
from tests.api.silent.builders import SILENT, silent_reader
from tests.fakes import FakeReader
from tests.hub_builders import TEXT, add_contact


class BrokenReader(FakeReader):
    """Fails on every contact with a word of it."""

    def read(
        self, contact: Sent, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        if "hit" in contact.text:
            raise RuntimeError("it fails")
        return super().read(contact, document)


def answers(store: Store) -> dict[bool, SilentAnswer]:
    with store.reading() as session:
        return {each.served: each for each in session.scalars(select(SilentAnswer))}


def all_of(contact: Contact) -> dict[str, object]:
    return {name: getattr(contact, name) for name in Contact.__table__.columns.keys()}  # noqa: SIM118


def test_an_answer_is_kept_with_that_of_the_reader_in_service_beside_it(
    empty_store: Store,
) -> None:
    contact_id = add_read(empty_store, TEXT, form=Form.PPN, plausible=(Level.EARLY_HELP,))
    with empty_store.reading() as session:
        before = all_of(session.get_one(Contact, contact_id))
    silent = silent_reader(
        Level.CHILD_IN_NEED, inappropriate=0.9, reasons=frozenset({Reason.ADULT_PATHWAY})
    )
    assert read_silently(empty_store, contact_id, silent)
    kept = answers(empty_store)
    assert (kept[False].level, kept[True].level) == (Level.CHILD_IN_NEED, Level.EARLY_HELP)
    assert kept[False].reader == kept[True].reader == SILENT
    assert (kept[False].answered_by, kept[True].answered_by) == (SILENT, "fake 1")
    assert kept[False].probabilities[Level.CHILD_IN_NEED] == pytest.approx(0.8, abs=0.01)
    assert kept[False].highest_level is Level.CHILD_PROTECTION  # a flag: he hit her
    assert kept[False].flags == ["physical_disclosure"]
    assert kept[False].statuses["analysis"] == "missing"
    assert kept[False].inappropriate is False  # nor can it be, with a flag
    with empty_store.reading() as session:
        assert all_of(session.get_one(Contact, contact_id)) == before


def test_what_was_read_by_this_reader_is_not_read_again(empty_store: Store) -> None:
    contact_id = add_read(empty_store)
    assert read_silently(empty_store, contact_id, silent_reader())
    assert not read_silently(empty_store, contact_id, silent_reader(Level.UNIVERSAL))
    assert answers(empty_store)[False].level is Level.CHILD_PROTECTION


def test_before_any_reader_is_in_service_the_silent_answer_stands_alone(
    empty_store: Store,
) -> None:
    assert read_silently(empty_store, add_contact(empty_store), silent_reader())
    assert list(answers(empty_store)) == [False]


def test_no_word_of_a_contact_can_be_in_a_silent_answer() -> None:
    tables = {SilentAnswer.__table__, SilentRun.__table__}
    assert not [column for column in encrypted_columns() if column.table in tables]


def test_erasing_a_contact_takes_its_silent_answers(empty_store: Store) -> None:
    erased, kept = add_read(empty_store), add_read(empty_store)
    for each in (erased, kept):
        read_silently(empty_store, each, silent_reader())
    with empty_store.writing() as session:
        erase(session, erased, actor="system", why="asked")
    with empty_store.reading() as session:
        left = set(session.scalars(select(SilentAnswer.contact_id)))
    assert left == {kept}
    assert not read_silently(empty_store, erased, silent_reader())
    assert erased not in find_unread(empty_store, SILENT)


def test_a_reader_begins_once_and_it_is_in_the_audit_log(empty_store: Store) -> None:
    began = begin(empty_store, SILENT)
    assert begin(empty_store, SILENT) == began
    with empty_store.reading() as session:
        acts = session.scalars(
            select(AuditRow.target).where(AuditRow.action == Action.SILENT_STARTED)
        ).all()
    assert acts == [f"reader:{SILENT}"]


def test_what_is_still_unread_is_found_in_order_of_arrival(empty_store: Store) -> None:
    unread, read = add_contact(empty_store), add_read(empty_store)
    assert find_unread(empty_store, SILENT) == [unread, read]
    assert find_unread(empty_store, SILENT, scored_only=True) == [read]
    assert find_unread(empty_store, SILENT, without=[unread]) == [read]
    read_silently(empty_store, unread, silent_reader())
    assert find_unread(empty_store, SILENT) == [read]
    assert find_unread(empty_store, "another") == [unread, read]


def test_catching_up_goes_on_where_it_stopped(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [add_read(empty_store) for _ in range(4)]
    monkeypatch.setattr(catching_up, "find_unread", interrupted_after(2))
    with pytest.raises(KeyboardInterrupt):
        catch_up(empty_store, silent_reader(), quiet=True)
    monkeypatch.undo()
    assert count_unread(empty_store, SILENT) == 2
    assert catch_up(empty_store, silent_reader(), quiet=True) == CaughtUp(read=2, failed=0)
    with empty_store.reading() as session:
        assert session.scalar(select(func.count()).select_from(SilentAnswer)) == 2 * len(ids)


def interrupted_after(times: int) -> object:
    calls = 0

    def find(*args: object, **options: object) -> list[str]:
        nonlocal calls
        calls += 1
        if calls > times:
            raise KeyboardInterrupt
        return find_unread(*args, **options, at_most=1)  # type: ignore[arg-type]

    return find


def test_a_contact_that_cannot_be_read_does_not_stop_the_others(empty_store: Store) -> None:
    good, bad = add_contact(empty_store, QUIET), add_contact(empty_store, TEXT)
    silent = silent_reader()
    broken = type(silent)(BrokenReader(name=SILENT), silent.guidance)
    assert catch_up(empty_store, broken, quiet=True) == CaughtUp(read=1, failed=1)
    assert find_unread(empty_store, SILENT) == [bad]
    assert score(empty_store, good, assessor=Assessor.load(reader=FakeReader()))


def test_a_reader_that_keeps_failing_is_stopped_and_said(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "MOST_FAILED", 2)
    for _ in range(3):
        add_contact(empty_store, TEXT)
    silent = silent_reader()
    broken = type(silent)(BrokenReader(name=SILENT), silent.guidance)
    with pytest.raises(SilentReaderError, match="could not read 2 contacts"):
        catch_up(empty_store, broken, quiet=True)
