"""Exports become contacts: checked first, never twice, and every rejected row comes back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from api.intake.importing import run as running
from api.intake.importing.command import import_file, rejected_file
from api.intake.importing.profiles import Layout, codes, find_profile, guess, save_profile
from api.intake.importing.rows import read_moment, read_outcome
from api.intake.importing.run import Plan, check, rejected_csv, run
from api.intake.importing.tables import ExportTable, read_table
from api.intake.retention import erase
from api.intake.submission import keep
from api.store.audit import verify
from api.store.codes import Channel, Outcome, Role, Stage
from api.store.opening import Store
from api.store.tables import Agency, Contact
from nlp import domain
from nlp.domain import Form
from nlp.errors import TableError
from tests.hub_builders import add_agency, add_user

SSD = (
    "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_source_code,"
    "cont_contact_source_desc,cont_contact_outcome_json,narrative\n"
    'C1,P1,2026-03-27 14:05,6,Police,"{""OUTCOME_NFA_FLAG"": ""Y""}",Officers attended.\n'
    'C2,P2,28/03/2026,2a,Schools,"{""OUTCOME_NFA_FLAG"": ""N""}",Ava was hungry again.\n'
    "C3,P3,someday,2A,Schools,,She came in late.\n"
    "C4,P4,28/03/2026,2A,Schools,,\n"
    "C5,P5,28/03/2026,XX,=cmd(),,Nobody says who sent it.\n"
)


def table_of(text: str = SSD) -> ExportTable:
    return read_table(text.encode())


def ssd(store: Store, table: ExportTable) -> Layout:
    return guess(table, find_profile(store, "ssd_contacts"))


def kept(store: Store) -> list[Contact]:
    with store.reading() as session:
        return list(session.scalars(select(Contact).order_by(Contact.external_id)))


def counts(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.new), plan.history, plan.repeated, len(plan.rejected)


def test_a_dataset_of_contacts_is_imported_by_its_own_names(empty_store: Store) -> None:
    table = table_of()
    plan = run(empty_store, table, ssd(empty_store, table), actor="user:x")
    assert counts(plan) == (2, 1, 0, 3)
    first, second = kept(empty_store)
    assert (first.external_id, first.stage) == ("C1", Stage.DECIDED)
    assert first.decided_elsewhere is Outcome.NO_FURTHER_ACTION
    assert (second.stage, second.channel) == (Stage.WAITING, Channel.IMPORT)
    assert first.received_at == datetime(2026, 3, 27, 14, 5, tzinfo=UTC)
    with empty_store.reading() as session:
        agency = session.get_one(Agency, second.agency_id)
        assert verify(session).whole
    assert (agency.kind, agency.source_code) == (domain.Agency.SCHOOL, "2A")


def test_the_check_tells_what_the_run_does_and_keeps_nothing(empty_store: Store) -> None:
    table = table_of()
    layout = ssd(empty_store, table)
    checked = check(empty_store, table, layout)
    assert kept(empty_store) == []
    assert counts(checked) == counts(run(empty_store, table, layout, actor="user:x"))


def test_importing_again_keeps_nothing_twice_whoever_does_it(empty_store: Store) -> None:
    table = table_of()
    layout = ssd(empty_store, table)
    run(empty_store, table, layout, actor="user:x")
    assert counts(run(empty_store, table, layout, actor="user:y")) == (0, 0, 2, 3)
    assert len(kept(empty_store)) == 2


def test_an_old_export_does_not_bring_back_what_was_erased(empty_store: Store) -> None:
    table = table_of()
    layout = ssd(empty_store, table)
    run(empty_store, table, layout, actor="user:x")
    first, _ = kept(empty_store)
    with empty_store.writing() as session:
        erase(session, first.id, actor="system", why="asked")
    assert counts(run(empty_store, table, layout, actor="user:x")) == (0, 0, 1, 4)
    assert len(kept(empty_store)) == 2


def test_rejected_rows_come_back_with_number_and_reason_and_no_formula(empty_store: Store) -> None:
    table = table_of()
    plan = check(empty_store, table, ssd(empty_store, table))
    back = rejected_csv(table, plan.rejected).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(back)))
    assert rows[0][:3] == ["row", "reason", "cont_contact_id"]
    assert [(row[0], row[2]) for row in rows[1:]] == [("3", "C3"), ("4", "C4"), ("5", "C5")]
    reasons = [row[1] for row in rows[1:]]
    assert "no date that can be read" in reasons[0]
    assert "has no words" in reasons[1]
    assert "does not say which agency" in reasons[2]
    assert rows[3][6] == "'=cmd()"


def test_a_changed_text_under_the_same_number_is_rejected(empty_store: Store) -> None:
    add_agency(empty_store, "school_a")
    text = (
        "id,text,agency\n1,He hit her.,school_a\n1,He hit him.,school_a\n1,He hit her.,school_a\n"
    )
    table = table_of(text)
    plan = run(empty_store, table, guess(table), actor="user:x")
    assert counts(plan) == (1, 0, 1, 1)
    assert plan.rejected[0].number == 2
    other = table_of("id,text,agency\n1,He hit them.,school_a\n")
    assert counts(run(empty_store, other, guess(other), actor="user:x")) == (0, 0, 0, 1)


def test_rows_without_a_number_are_known_by_their_day_and_words(empty_store: Store) -> None:
    add_agency(empty_store, "school_a")
    table = table_of(
        "text,date,agency\nA,1/2/2026,School_A\nA,2/2/2026,school_a\nA,1/2/2026,school_a\n"
    )
    assert counts(run(empty_store, table, guess(table), actor="user:x")) == (2, 0, 1, 0)


def test_an_import_that_was_cut_off_goes_on(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_agency(empty_store, "school_a")
    monkeypatch.setattr(running, "TOGETHER", 2)
    rows = "".join(f"{number},Text {number}.,school_a\n" for number in range(5))
    table = table_of(f"id,text,agency\n{rows}")
    done: list[int] = []

    def stop_at_the_fourth(*args: object, **options: object) -> object:
        done.append(1)
        if len(done) == 4:
            raise KeyboardInterrupt
        return keep(*args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as cut:
        cut.setattr(running, "keep", stop_at_the_fourth)
        with pytest.raises(KeyboardInterrupt):
            run(empty_store, table, guess(table), actor="user:x")
    assert len(kept(empty_store)) == 2
    assert counts(run(empty_store, table, guess(table), actor="user:x")) == (3, 0, 2, 0)


def test_spreadsheets_are_read_with_dates_and_numbers(empty_store: Store) -> None:
    add_agency(empty_store, "police_a", kind=domain.Agency.POLICE)
    book, saved = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Reference", "Date of contact", "Narrative", "Type", "Agency", "DOB", "Surname"])
    moment = datetime(2026, 3, 27, 14, 5)  # noqa: DTZ001
    born = date(2019, 3, 4)
    sheet.append([4711.0, moment, "Officers attended.", "PPN", "police_a", born, "Mold"])
    book.save(saved)
    table = read_table(saved.getvalue())
    run(empty_store, table, guess(table), actor="user:x")
    (contact,) = kept(empty_store)
    assert (contact.external_id, contact.form) == ("4711", Form.PPN)
    with empty_store.reading() as session:
        assert session.get_one(Contact, contact.id).people[0].date_of_birth == "2019-03-04"


@pytest.mark.parametrize("written", ["03/27/2026 14:05", "3-13-26"])
def test_dates_with_the_month_first_are_refused_for_the_whole_column(
    sqlite_store: Store, written: str
) -> None:
    table = table_of(f"text,received\nAva,03/04/2026\nLeo,{written}\n")
    layout = Layout({"text": "text", "received": "received"})
    with pytest.raises(TableError, match=r"'received' has dates with the month first \(row 2\)"):
        check(sqlite_store, table, layout)


def test_a_table_without_words_says_so(sqlite_store: Store) -> None:
    table = table_of("id,colour\n1,red\n")
    with pytest.raises(TableError, match="holds the words"):
        check(sqlite_store, table, guess(table))


def test_an_agency_that_is_not_there_is_not_chosen_for_all(sqlite_store: Store) -> None:
    table = table_of("text\nHe hit her.\n")
    with pytest.raises(TableError, match="no agency with that id"):
        check(sqlite_store, table, Layout({"text": "text"}, agency_id="nobody"))


def test_a_profile_is_saved_and_used_where_the_columns_are_there(empty_store: Store) -> None:
    by = add_user(empty_store, Role.HUB_MANAGER).id
    own = Layout({"text": "What happened", "id": "Gone"}, Form.PPN, "police_a")
    save_profile(empty_store, "Police export", own, by=by)
    save_profile(empty_store, "Police export", own, by=by)
    table = table_of("id,What happened,narrative\n1,a,b\n")
    layout = guess(table, find_profile(empty_store, "Police export"))
    assert layout.columns == {"text": "What happened", "id": "id"}
    assert (layout.form, layout.agency_id) == (Form.PPN, "police_a")


@pytest.mark.parametrize("name", ["", "ssd_contacts", "../x", "x" * 61])
def test_a_profile_needs_a_name_of_its_own(sqlite_store: Store, name: str) -> None:
    with pytest.raises(TableError, match="name"):
        save_profile(sqlite_store, name, Layout(), by="x")


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        ("Early help", Outcome.EARLY_HELP),
        ('{"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "Y"}', Outcome.REFERRAL),
        ('{"OUTCOME_CP_ENQUIRY_FLAG": 1}', Outcome.CP_ENQUIRY),
        ('{"OUTCOME_NFA_FLAG": ""}', None),
        ("[1]", None),
        ("Closed", None),
        ("", None),
    ],
)
def test_an_outcome_that_is_not_understood_leaves_the_contact_waiting(
    written: str, outcome: Outcome | None
) -> None:
    assert read_outcome(written) is outcome


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-03-27T14:05:00Z", "2026-03-27T14:05:00+00:00"),
        ("27/03/2026 14:05", "2026-03-27T14:05:00+00:00"),
        ("27 March 2026", "2026-03-27T00:00:00+00:00"),
        ("1/7/26 09:30:00", "2026-07-01T09:30:00+01:00"),
        ("1/7/1826", None),
        ("soon", None),
        ("", None),
    ],
)
def test_moments_are_read_day_first_and_in_london(written: str, iso: str | None) -> None:
    moment = read_moment(written, today=date(2026, 11, 26))
    assert (moment and moment.isoformat()) == iso


def test_every_source_of_the_census_is_known() -> None:
    ones = (
        [f"1{letter}" for letter in "ABCD"] + ["2A", "2B"] + [f"3{letter}" for letter in "ABCDEF"]
    )
    rest = ["4", "5A", "5B", "5C", "5D", "6", "7", "8", "9", "10"]
    assert sorted(codes().sources) == sorted(ones + rest)


def test_the_command_does_as_the_page_and_writes_the_rejected_rows(
    empty_store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(SSD, encoding="utf-8")
    plan = import_file(empty_store, path, profile="ssd_contacts", dry_run=True)
    assert (counts(plan), kept(empty_store)) == ((2, 1, 0, 3), [])
    import_file(empty_store, path, profile="ssd_contacts")
    assert len(kept(empty_store)) == 2
    assert rejected_file(path).read_text("utf-8-sig").count("\n") == 4
    with pytest.raises(TableError, match="no such import profile"):
        import_file(empty_store, path, profile="nonsense")
    with pytest.raises(TableError, match="cannot be read"):
        import_file(empty_store, tmp_path / "none.csv", profile="ssd_contacts")
