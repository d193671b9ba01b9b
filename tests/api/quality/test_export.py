"""What is taken away is what is shown, and nothing in it runs."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.access import keys
from api.access.keys import Scope
from api.clocks import LONDON
from api.figures.contact_export import CONTACT_COLUMNS, write_outcome
from api.figures.dictionary import load_dictionary
from api.figures.export import COLUMNS, Wanted, exported_measures, figure_rows
from api.figures.files import Column, Format, format_of, write_table
from api.figures.selection import find_covered
from api.intake.importing.rows import read_outcome
from api.store.codes import Action, Outcome, Role
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, PublishedFigure
from nlp.errors import TableError
from tests.figure_builders import add_decision
from tests.hub_builders import TEXT, add_agency, add_contact, add_user, sign_in

TRICKS = ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx"]


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_file_of_figures_is_what_was_published(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    answer = client.get("/quality/export/figures", params={"format": "csv"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"] == 'attachment; filename="figures.csv"'
    taken = {
        (r["measure"], r["period"], r["agency"], r["form"], r["category"]): r
        for r in rows_of(answer.content)
    }
    with area.reading() as session:
        published = list(session.scalars(select(PublishedFigure)))
    assert len(taken) == len(published)
    for each in published:
        row = taken[each.measure, each.period, each.agency, each.form, each.category]
        assert row["symbol"] == ("[c]" if each.value is None else "")
        assert (float(row["value"]) if row["value"] else None) == each.value


@pytest.mark.parametrize("kind", Format)
def test_every_kind_of_file_holds_the_same(client: TestClient, area: Store, kind: Format) -> None:
    sign_in(client, area, add_user(area, Role.ANALYST))
    chosen = {"format": kind.value, "period": "2024/25", "agency": "tiny"}
    content = client.get("/quality/export/figures", params=chosen).content
    with area.reading() as session:
        expected = [dict(r) for r in figure_rows(session, Wanted(period="2024/25", agency="tiny"))]
    assert expected
    assert read(kind, content) == expected


def read(kind: Format, content: bytes) -> list[dict[str, object]]:
    if kind is Format.JSON:
        found: list[dict[str, object]] = json.loads(content)
        return found
    if kind is Format.PARQUET:
        return list(pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist())
    if kind is Format.CSV:
        return [
            {**row, "value": float(row["value"]) if row["value"] else None}
            for row in rows_of(content)
        ]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["data", "dictionary"]
    names, *rows = book["data"].iter_rows(values_only=True)
    return [
        {str(name): "" if cell is None and name != "value" else cell for name, cell in pairs}
        for pairs in (zip(names, row, strict=True) for row in rows)
    ]


def test_what_was_taken_is_audited(client: TestClient, area: Store) -> None:
    leader = add_user(area, Role.LEADER)
    sign_in(client, area, leader)
    client.get("/quality/export/figures", params={"format": "json", "period": "2024/25"})
    with area.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == Action.EXPORTED)).one()
    assert (row.actor, row.target) == (leader.actor, "figures")
    assert row.details["period"] == "2024/25"
    assert row.details["rows"] > 0


@pytest.mark.parametrize("choice", [{"period": "2031"}, {"agency": "none"}, {"form": "x"}])
def test_an_unknown_choice_is_refused(
    client: TestClient, area: Store, choice: dict[str, str]
) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    assert client.get("/quality/export/figures", params=choice).status_code == 422


def test_the_page_says_what_every_code_means(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality/export").text
    for each in load_dictionary():
        if each.kind in {"column", "measure", "symbol"}:
            assert each.code in page
    assert "Contacts one by one" not in page
    taken = rows_of(client.get("/quality/export/dictionary").content)
    assert len(taken) == len(load_dictionary())


def test_every_published_code_is_in_the_dictionary(area: Store) -> None:
    known = {(e.of, e.code) for e in load_dictionary() if e.kind == "category"}
    assert {e.code for e in load_dictionary() if e.kind == "measure"} == set(exported_measures())
    assert {e.code for e in load_dictionary() if e.kind == "column"} == {c.name for c in COLUMNS}
    with area.reading() as session:
        pairs = select(PublishedFigure.measure, PublishedFigure.category).distinct()
        assert {(m, c) for m, c in session.execute(pairs)} <= known


def test_a_system_reads_the_same_figures_with_a_key(client: TestClient, area: Store) -> None:
    administrator = add_user(area, Role.ADMINISTRATOR)
    with area.writing() as session:
        tokens = [
            keys.make(
                session,
                agency_id="police",
                label="Reporting",
                scopes=[scope],
                lasts=timedelta(days=1),
                by=administrator,
            )
            for scope in (Scope.FIGURES, Scope.READ)
        ]
    asked = {"measure": "rating", "period": "2024/25", "form": "all"}
    good, other = (
        client.get("/api/v1/figures", params=asked, headers={"authorization": f"Bearer {token}"})
        for token in tokens
    )
    assert other.status_code == 403
    with area.reading() as session:
        expected = list(figure_rows(session, Wanted("rating", "2024/25", "", "all")))
    assert good.json()["figures"] == expected
    assert good.json()["last_month"] == "2025-12"


def test_a_measure_that_is_none_is_refused(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    assert client.get("/api/v1/figures", params={"measure": "names"}).status_code == 422


@pytest.mark.parametrize("kind", Format)
def test_no_cell_runs_as_a_formula(tmp_path: Path, kind: Format) -> None:
    path = tmp_path / f"tricks.{kind}"
    assert write_table(path, [{"a": each} for each in TRICKS], [Column("a")], kind=kind) == 6
    content = path.read_bytes()
    if kind is Format.CSV:
        assert [row["a"] for row in rows_of(content)] == [f"'{each}" for each in TRICKS]
    if kind is Format.XLSX:
        cells = [row[0] for row in openpyxl.load_workbook(path)["data"].iter_rows(min_row=2)]
        assert [cell.data_type for cell in cells] == ["s"] * len(TRICKS)


@pytest.mark.parametrize("kind", Format)
def test_a_file_that_only_its_owner_may_read_stays_so(tmp_path: Path, kind: Format) -> None:
    path = tmp_path / f"own.{kind}"
    path.touch(mode=0o600)
    write_table(path, [{"a": "x"}], [Column("a")], kind=kind)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_workbook_takes_only_so_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "much.xlsx"
    rows = ({"a": 1} for _ in range(100_001))
    with pytest.raises(TableError, match="too many for a workbook"):
        write_table(path, rows, [Column("a", "number")], kind=Format.XLSX)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_still_a_file(tmp_path: Path) -> None:
    for kind in Format:
        path = tmp_path / f"none.{kind}"
        assert write_table(path, [], [Column("a")], kind=kind) == 0
        assert read_length(kind, path) == 0
    with pytest.raises(TableError, match="change the ending"):
        format_of(tmp_path / "figures.doc")


def read_length(kind: Format, path: Path) -> int:
    if kind is Format.XLSX:
        return openpyxl.load_workbook(path)["data"].max_row - 1
    return len(read(kind, path.read_bytes()))


def test_contacts_are_taken_without_names_and_words(client: TestClient, area: Store) -> None:
    at = datetime(2025, 3, 31, 23, 30, tzinfo=LONDON)
    decided = add_contact(area, agency_id="academy", received_at=at)
    unsigned = add_contact(area, agency_id="police", received_at=at)
    erased = add_contact(area, agency_id="police", received_at=at)
    add_contact(area, agency_id="academy", received_at=at + timedelta(hours=1))
    add_decision(area, decided)
    add_decision(area, unsigned, outcome=Outcome.CP_ENQUIRY, needs_sign_off=True)
    with area.writing() as session:
        session.get_one(Contact, erased).erased_at = at
    token = sign_in(client, area, add_user(area, Role.ANALYST))
    form = {"form_token": token, "first": "2025-03", "last": "2025-03", "format": "csv"}
    answer = client.post("/quality/export/contacts", data=form)
    rows = {row["cont_contact_id"]: row for row in rows_of(answer.content)}
    assert set(rows) == {decided, unsigned}
    assert rows[decided]["cont_contact_date"] == "2025-03-31"
    assert rows[decided]["cont_contact_source_code"] == "2A"
    assert rows[decided]["cont_contact_source_desc"] == "Pinewood Academy"
    assert (
        json.loads(rows[decided]["cont_contact_outcome_json"])["OUTCOME_NEW_REFERRAL_FLAG"] == "Y"
    )
    assert rows[unsigned]["cont_contact_outcome_json"] == ""
    assert TEXT not in answer.text
    assert "not for publication" in client.get("/quality/export").text
    assert [each.name for each in CONTACT_COLUMNS] == list(rows[decided])


@pytest.mark.parametrize(("first", "last"), [("2025-04", "2025-03"), ("2019-01", "2025-03")])
def test_months_that_cannot_be_are_refused(
    client: TestClient, area: Store, first: str, last: str
) -> None:
    token = sign_in(client, area, add_user(area, Role.ANALYST))
    form = {"form_token": token, "first": first, "last": last}
    assert client.post("/quality/export/contacts", data=form).status_code == 422


@pytest.mark.parametrize(
    ("role", "page", "figures", "contacts"),
    [
        (Role.LEADER, 200, 200, 403),
        (Role.HUB_MANAGER, 200, 200, 403),
        (Role.ANALYST, 200, 200, 200),
        (Role.ADMINISTRATOR, 403, 403, 403),
        (Role.HUB, 403, 403, 403),
    ],
)
def test_each_takes_what_its_role_may(
    client: TestClient, area: Store, role: Role, page: int, figures: int, contacts: int
) -> None:
    token = sign_in(client, area, add_user(area, role))
    assert client.get("/quality/export").status_code == page
    chosen = {"period": "2025-12", "agency": "tiny"}
    assert client.get("/quality/export/figures", params=chosen).status_code == figures
    form = {"form_token": token, "first": "2025-03", "last": "2025-03"}
    assert client.post("/quality/export/contacts", data=form).status_code == contacts


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.EARLY_HELP])
def test_an_outcome_that_is_written_can_be_imported_again(outcome: Outcome) -> None:
    assert read_outcome(write_outcome(outcome)) is outcome


def test_an_outcome_without_a_flag_of_its_own_is_another_outcome() -> None:
    flags = json.loads(write_outcome(Outcome.EARLY_HELP))
    assert [name for name, said in flags.items() if said == "Y"] == ["OTHER_OUTCOMES_EXIST_FLAG"]
    assert write_outcome(None) == ""


def test_without_figures_nothing_can_be_taken(client: TestClient, sqlite_store: Store) -> None:
    add_agency(sqlite_store)
    sign_in(client, sqlite_store, add_user(sqlite_store, Role.LEADER))
    assert "No figures have been published yet" in client.get("/quality/export").text
    assert client.get("/quality/export/figures").status_code == 422
    assert client.get("/api/v1/figures", params={"measure": "rating"}).json()["figures"] == []


@pytest.mark.parametrize(
    "path", ["/api/v1/figures?measure=contacts", "/quality/reports/police/pdf"]
)
def test_reading_figures_does_not_hold_up_whoever_sends(
    client: TestClient, area: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    held: list[bool] = []

    def find(session: Session) -> object:
        held.append(area._turn.locked())
        return find_covered(session)

    monkeypatch.setattr("api.routes.figures.find_covered", find)
    monkeypatch.setattr("api.routes.quality_reports.find_covered", find)
    assert client.get(path).status_code == 200
    assert held == [False]
