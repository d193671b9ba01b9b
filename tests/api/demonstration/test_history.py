"""Leaders' charts recover what the demonstration plants, and claim nothing that it does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from api.clocks import LONDON
from api.demonstration.history import MONTHS, Read, write_history
from api.demonstration.people import seed_people
from api.demonstration.schedule import feedback_since
from api.demonstration.truth import first_day, load_truth, month_before, start_of
from api.figures import trends
from api.figures.indicators import Indicator, load_indicators
from api.figures.interruption import Conclusion, interrupt
from api.figures.publishing import publish
from api.figures.selection import Covered, Selection, find_covered
from api.figures.shown import Figures
from api.figures.xmr import Variation
from api.store.opening import Store, open_store
from api.store.tables import MonthlyFigure
from nlp.domain import Element
from tests.api.demonstration.readings import read_all

VOICE, CONSENT = (
    load_indicators()[f"missing_{each}"] for each in (Element.CHILD_VOICE, Element.CONSENT)
)
CONTACTS = load_indicators()["contacts"]
YEAR = "2025/26"
NOVEMBER = datetime(2026, 11, 26, 16, tzinfo=LONDON)
SHIFTED = {shift.agency: shift for shift in load_truth().shifts}
SMALL = {"quayside_surgery", "early_help"}
FIRST_COUNTS = [58, 57, 53, 65]  # by the seed


@pytest.fixture(scope="module")
def readings() -> dict[str, Read]:
    return read_all()


@pytest.fixture(scope="module")
def at() -> datetime:
    return NOVEMBER


@pytest.fixture(scope="module")
def filled(
    migrated_folder: Path, tmp_path_factory: pytest.TempPathFactory, readings: dict[str, Read]
) -> Iterator[Store]:
    """One store for all: nothing here changes it."""
    folder = tmp_path_factory.mktemp("history") / "store"
    shutil.copytree(migrated_folder, folder)
    store = open_store("", folder=folder)
    fill(store, readings, NOVEMBER)
    yield store
    store.close()


def fill(store: Store, readings: dict[str, Read], at: datetime) -> None:
    seed_people(store, today=at.date())
    write_history(store, readings, at=at, feedback=feedback_since(at.date()))
    assert publish(store, at=datetime(at.year, first_day(at).month, 8, tzinfo=LONDON))


def covered(store: Store) -> Covered:
    with store.reading() as session:
        found = find_covered(session)
    assert found is not None
    return found


def trend_of(
    store: Store, agency: str, indicator: Indicator = VOICE, form: str = "all"
) -> trends.Trend:
    with store.reading() as session:
        return trends.find_trend(
            session,
            indicator,
            Selection(agency=agency, form=form),
            covered(store),
        )


def planted_month(agency: str, at: datetime) -> str:
    since = feedback_since(at.date())[agency]
    return f"{start_of(SHIFTED[agency], first=first_day(at), feedback_since=since):%Y-%m}"


def test_the_same_seed_gives_the_same_two_years_on_both_databases(
    empty_store: Store, readings: dict[str, Read]
) -> None:
    few = {name: each for name, each in readings.items() if each[0].sender == "saltmere_primary"}
    seed_people(empty_store, today=NOVEMBER.date())
    write_history(empty_store, few, at=NOVEMBER, feedback=feedback_since(NOVEMBER.date()))
    with empty_store.reading() as session:
        figures = session.scalars(
            select(MonthlyFigure)
            .where(MonthlyFigure.measure == "contacts")
            .order_by(MonthlyFigure.month)
        ).all()
    assert len(figures) == MONTHS
    assert (figures[0].month, figures[-1].month) == ("2024-10", "2026-09")
    assert [each.count for each in figures[:4]] == FIRST_COUNTS


def test_each_planted_shift_is_seen_and_the_right_way(filled: Store, at: datetime) -> None:
    for agency, better in (("saltmere_primary", True), ("larch_academy", False)):
        trend, since = trend_of(filled, agency), planted_month(agency, at)
        before = [each.value for each in trend.months if each.month < since and each.value]
        after = [each.value for each in trend.months if each.month >= since and each.value]
        shift = SHIFTED[agency]
        assert sum(before) / len(before) == pytest.approx(shift.before, abs=0.08)
        assert sum(after) / len(after) == pytest.approx(shift.after, abs=0.08)
        seen = {each.point.variation for each in trend.special if each.month >= since if each.point}
        assert (Variation.IMPROVEMENT if better else Variation.CONCERN) in seen
        assert (Variation.CONCERN if better else Variation.IMPROVEMENT) not in seen


def test_the_march_is_one_with_seven_months_behind_it() -> None:
    for month in range(1, 13):
        first = date(2026, month, 1)
        start = start_of(SHIFTED["larch_academy"], first=first, feedback_since=None)
        assert start.month == 3
        assert month_before(first, 18) <= start <= month_before(first, 7)


def test_agencies_with_nothing_planted_show_little(filled: Store) -> None:
    """Three rules over 24 months call about one month in ten special by chance."""
    special, months = 0, 0
    for agency in set(load_truth().monthly) - set(SHIFTED) - SMALL:
        trend = trend_of(filled, agency, load_indicators()["missing_history"])
        special += len(trend.special)
        months += sum(each.point is not None for each in trend.months)
    assert months > 40
    assert special / months < 0.15


def test_the_outlier_is_the_only_agency_said_to_differ(filled: Store) -> None:
    found_at = covered(filled)
    with filled.reading() as session:
        chosen = Selection(YEAR, form="referral")
        consent = trends.compare(session, CONSENT, chosen, found_at)
        history = trends.compare(session, load_indicators()["missing_history"], chosen, found_at)
    assert consent.different == ("saltmere_hospital",)
    assert "saltmere_primary" not in history.different


def test_schools_send_far_less_in_august_and_nobody_else_does(filled: Store) -> None:
    schools = {
        each.month: each for each in trend_of(filled, "group:Schools and colleges", CONTACTS).months
    }
    augusts = [each for month, each in schools.items() if month.endswith("-08")]
    assert len(augusts) == 2
    others = [each.value for month, each in schools.items() if not month.endswith("-08")]
    usual = sum(each or 0 for each in others) / len(others)
    for each in augusts:
        assert each.value is not None
        assert each.value < 0.75 * usual
        assert each.point is not None
        assert each.point.variation is Variation.CHANGE
    special = [month for month, each in schools.items() if each.point and each.point.rules]
    assert special == [each.month for each in augusts]
    police = trend_of(filled, "police", CONTACTS).special
    assert not [each for each in police if each.month.endswith("-08") and each.value < 40]  # type: ignore[operator]


def test_very_small_agencies_are_never_called_different_and_have_no_months(filled: Store) -> None:
    with filled.reading() as session:
        found = trends.compare(session, VOICE, Selection(YEAR, form="referral"), covered(filled))
    assert found.funnel is not None
    assert {point.share.id for point in found.funnel.points} >= SMALL  # a year holds enough
    assert not set(found.different) & SMALL
    for agency in SMALL:
        months = trend_of(filled, agency).months
        assert [each.value for each in months if each.value is not None] == []


def test_the_feedback_shows_as_a_step_where_it_was_planted(filled: Store, at: datetime) -> None:
    agency = "saltmere_primary"
    trend, since = trend_of(filled, agency), planted_month(agency, at)
    known = [each for each in trend.months if each.value is not None]
    place = next(place for place, each in enumerate(known) if each.month >= since)
    found = interrupt([each.value or 0.0 for each in known], at=place)
    assert found.conclusion is Conclusion.FELL
    assert found.step is not None
    assert found.step.low < SHIFTED[agency].after - SHIFTED[agency].before < found.step.high


def test_drafts_improve_more_since_an_agency_uses_the_feedback(filled: Store) -> None:
    drafts = load_indicators()["draft_improved"]
    trend = trend_of(filled, "all", drafts)
    values = [each.value for each in trend.months if each.value is not None]
    assert values[-1] > values[0]


def test_late_and_missing_notifications_are_those_that_were_planted(filled: Store) -> None:
    truth = load_truth().notifications
    with filled.reading() as session:
        figures = Figures.load(session, ["timeliness", "expected"], agencies=["police"], form="ppn")
    place = {"period": YEAR, "agency": "police", "form": "ppn"}
    late = load_indicators()["late_notifications"].rate(figures, **place)
    assert late.interval is not None
    assert late.interval.low < truth.late < late.interval.high
    told = (late.total or 0) / (figures.count("timeliness", **place) or 1)
    assert told == pytest.approx(truth.day_told, abs=0.05)
    others = sum(load_truth().monthly.values()) - load_truth().monthly["police"]
    missing = load_indicators()["missing_notifications"].value(figures, **place)
    assert missing == pytest.approx(truth.never_came * others * 12, rel=0.35)
    trend = trend_of(filled, "police", load_indicators()["late_notifications"], form="ppn")
    assert len(trend.special) <= 3  # nothing changed
