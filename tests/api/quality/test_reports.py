from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from starlette.testclient import TestClient

from api.commands.figure_files import _all_reports
from api.figures.feedback import find_effect
from api.figures.funnel import Place
from api.figures.indicators import load_indicators
from api.figures.interruption import Conclusion
from api.figures.paper import plain
from api.figures.report import Standing, choose
from api.figures.report_pdf import write_report
from api.figures.trends import Month
from api.store.codes import Action, Role
from api.store.opening import Store
from api.store.tables import AuditRow
from tests.figure_builders import MONTHS
from tests.hub_builders import add_user, sign_in
from tests.leader_builders import KINDS

SCORE = load_indicators()["score"]
MISSING = load_indicators()["missing_child_voice"]


def standing(score: float, value: float = 0.3) -> Standing:
    return Standing(MISSING, value, 0.3, score, Place.WITHIN, None, "")


def test_the_list_leads_to_every_report(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality/reports").text
    for agency, (name, *_) in KINDS.items():
        assert name in page
        assert f"/quality/reports/{agency}?period=2024/25" in page


def test_a_report_says_what_was_planted_and_ranks_nobody(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality/reports/academy", params={"period": "2025-Q3"}).text
    improve = page[page.index('id="improve"') : page.index('id="key"')]
    assert "Tells what the child says or shows:" in improve
    assert "Made-up example" in improve
    assert "What did the child say, in their own words, who were they with" in improve
    assert page.count('class="rq-standing"') == 6
    assert "worst" not in page.lower()
    assert "Why notifications were inappropriate" not in page
    assert "Since the feedback" not in page


def test_the_police_read_why_notifications_were_inappropriate(
    client: TestClient, area: Store
) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality/reports/police").text
    assert "No child linked" in page
    assert "Fewer notifications is never simply better" in page
    assert re.search(r"tells when it was, \d+% came late\. .* never came: 21\.", page)


def test_a_report_says_what_the_feedback_can_and_cannot_have_done(
    client: TestClient, area: Store
) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality/reports/primary").text
    assert "Left out: what the child says or shows fell by" in page
    assert "It cannot tell the feedback from anything else" in page
    assert (
        "fell by"
        in client.get(
            "/quality/trend", params={"indicator": "missing_child_voice", "agency": "primary"}
        ).text
    )


def test_the_overview_says_what_changed(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    page = client.get("/quality", params={"agency": "academy"}).text
    changed = page[page.index('id="changed"') : page.index('id="left-out"')]
    assert "Left out: what the child says or shows" in changed
    assert "March 2025 to December 2025" in changed


@pytest.mark.parametrize("path", ["/quality/reports/none", "/quality/reports/none/pdf"])
def test_there_is_no_report_of_nobody(client: TestClient, area: Store, path: str) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    assert client.get(path).status_code == 404


def test_an_unknown_period_is_refused(client: TestClient, area: Store) -> None:
    sign_in(client, area, add_user(area, Role.LEADER))
    assert client.get("/quality/reports/police", params={"period": "2031"}).status_code == 422


def test_the_pdf_says_what_the_page_says(client: TestClient, area: Store) -> None:
    leader = add_user(area, Role.LEADER)
    sign_in(client, area, leader)
    answer = client.get("/quality/reports/primary/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    read = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    for words in ("Report for Hilltop Primary School", "Made-up example", "Since the feedback"):
        assert words in text
    assert read.metadata is not None
    assert read.metadata.title == "Hilltop Primary School: 2025, quarter 4"
    assert str(read.root_object["/Lang"]) == "en-GB"
    root: Any = read.root_object
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    outline: Any = read.outline
    assert outline[0]["/Title"] == "Report for Hilltop Primary School"
    assert outline[1][0]["/Title"] == "Done well"
    with area.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == Action.EXPORTED)).one()
    assert (row.actor, row.target) == (leader.actor, "report:primary")


def test_the_pdf_is_tagged_and_its_charts_are_told_in_words(area: Store) -> None:
    report = next(each for each in _all_reports(area, "latest") if each.agency == "academy")
    root: Any = PdfReader(io.BytesIO(write_report(report, council="Marskley"))).root_object
    parts = [each.get_object() for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    kinds = [each["/S"] for each in parts]
    assert kinds[0] == "/H1"
    assert {"/H2", "/H3", "/P", "/Figure"} == set(kinds[1:])
    figures = [each["/Alt"] for each in parts if each["/S"] == "/Figure"]
    assert all("March 2025" in each for each in figures)


def test_every_agency_gets_one_even_the_smallest(area: Store) -> None:
    reports = {each.agency: each for each in _all_reports(area, "2024/25")}
    assert set(reports) == set(KINDS)
    content = write_report(reports["tiny"], council="Łódź")
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Report for Riverside Surgery" in text


def test_letters_that_the_fonts_lack_lose_their_accents() -> None:
    assert plain("Ysgol Tŷ Gŵyr “é” £5 字") == "Ysgol Ty Gwyr “é” £5 ?"


def test_what_lies_ahead_of_the_rest_is_done_well_and_what_lies_behind_is_to_improve() -> None:
    given = [standing(score) for score in (3.0, -1.0, 2.0, 0.9, -4.0, 1.5, -2.0, -0.7)]
    well, improve = choose(given)
    assert [each.score for each in well] == [3.0, 2.0, 1.5]
    assert [each.score for each in improve] == [-4.0, -2.0, -1.0]


def test_where_all_is_like_the_rest_it_is_what_is_nearest_to_whole() -> None:
    given = [standing(0.0, value) for value in (0.9, 0.1, 0.5, 0.3, 0.7, 0.2)]
    well, improve = choose(given)
    assert [each.value for each in well] == [0.1, 0.2, 0.3]
    assert [each.value for each in improve] == [0.9, 0.7, 0.5]


def test_what_has_few_indicators_is_never_both() -> None:
    well, improve = choose([standing(-2.0), standing(0.1)])
    assert not {id(each) for each in well} & {id(each) for each in improve}


def months(values: list[float | None]) -> tuple[Month, ...]:
    return tuple(Month(m, v, None) for m, v in zip(MONTHS, values, strict=True))


def test_the_first_whole_month_of_feedback_is_the_first_after() -> None:
    values: list[float | None] = [50.0 + x % 2 for x in range(12)]
    found = find_effect(
        SCORE, months([*values, *(60.0 + x % 2 for x in range(12))]), date(2024, 12, 9)
    )
    assert found is not None
    assert found.found.conclusion is Conclusion.ROSE
    assert "Mean completeness score rose by 9.7 when" in found.words


def test_a_hidden_month_is_left_out_and_too_few_say_nothing() -> None:
    values: list[float | None] = [50.0 + x % 2 for x in range(12)]
    values += [60.0 + x % 2 for x in range(12)]
    hidden = find_effect(SCORE, months([None, *values[1:23], None]), date(2025, 1, 1))
    assert hidden is not None
    assert hidden.found.conclusion is Conclusion.ROSE
    few = find_effect(SCORE, months([*[None] * 5, *values[5:]]), date(2025, 1, 1))
    assert few is not None
    assert few.found.conclusion is Conclusion.TOO_FEW
    assert "Nothing can be concluded yet" in few.words
    assert find_effect(SCORE, months(values), None) is None
