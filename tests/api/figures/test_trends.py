"""Charts show what was planted in the figures, and claim nothing that was not."""

from __future__ import annotations

import numpy as np
import pytest

from api.figures import trends
from api.figures.indicators import load_indicators
from api.figures.overview import heat_map, key_figures
from api.figures.selection import Covered, Selection, check, find_covered
from api.figures.xmr import Variation
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Rebase
from nlp.domain import Element
from nlp.errors import UnknownChoiceError
from tests.figure_builders import MONTHS, add_agencies, fill, publish_all
from tests.hub_builders import add_user

AGENCIES = [f"school_{letter}" for letter in "abcdefgh"]
VOICE = load_indicators()["missing_child_voice"]
MARCH = MONTHS.index("2025-03")


def planted(agency: str, place: int) -> dict[str, int]:
    """School A's contacts hold the child's voice far more from March 2025; H lacks it always."""
    random = np.random.default_rng([place, *agency.encode()])
    share = 0.5
    if agency == "school_a" and place >= MARCH:
        share = 0.1
    if agency == "school_h":
        share = 0.9
    missing = int(random.binomial(60, share))
    return {
        "missing": missing,
        "partly": (60 - missing) // 2,
        "met": 60 - missing - (60 - missing) // 2,
    }


@pytest.fixture
def filled(sqlite_store: Store) -> Store:
    add_agencies(sqlite_store, AGENCIES)
    fill(sqlite_store, "element:child_voice", AGENCIES, planted)
    publish_all(sqlite_store)
    return sqlite_store


def covered(store: Store) -> Covered:
    with store.reading() as session:
        found = find_covered(session)
    assert found is not None
    return found


def trend_of(store: Store, agency: str) -> trends.Trend:
    with store.reading() as session:
        return trends.find_trend(session, VOICE, Selection(agency=agency), covered(store))


def test_a_planted_shift_is_seen_from_its_month_on(filled: Store) -> None:
    special = {each.month: each.point for each in trend_of(filled, "school_a").special}
    assert {"2025-03", "2025-06", "2025-12"} <= set(special)
    assert special["2025-03"] is not None
    assert special["2025-03"].variation is Variation.IMPROVEMENT
    assert not [month for month in special if month < "2025-01"]


def test_agencies_without_a_shift_show_little(filled: Store) -> None:
    special = [each for agency in AGENCIES[1:7] for each in trend_of(filled, agency).special]
    assert len(special) / (6 * len(MONTHS)) < 0.15


def test_a_recorded_decision_starts_limits_anew_for_that_agency_alone(filled: Store) -> None:
    leader = add_user(filled, Role.LEADER)
    with filled.writing() as session:
        session.add(
            Rebase(
                measure=VOICE.code,
                agency_id="school_a",
                month="2025-03",
                reason="training",
                made_by=leader.id,
            )
        )
    after = [each for each in trend_of(filled, "school_a").special if each.month >= "2025-03"]
    assert len(after) <= 1
    assert trend_of(filled, "school_b").rebases == ()


def test_the_agency_that_differs_is_the_only_one_said_to(filled: Store) -> None:
    with filled.reading() as session:
        found = trends.compare(session, VOICE, Selection(period="2024/25"), covered(filled))
    assert found.different == ("school_h",)
    assert found.drawing is not None


def test_without_a_difference_none_is_claimed(sqlite_store: Store) -> None:
    add_agencies(sqlite_store, AGENCIES[:7])
    fill(
        sqlite_store, "element:child_voice", AGENCIES[:7], lambda a, p: planted("b", p + ord(a[-1]))
    )
    publish_all(sqlite_store)
    with sqlite_store.reading() as session:
        found = trends.compare(session, VOICE, Selection("2024/25"), covered(sqlite_store))
    assert found.different == ()


def test_the_heat_map_holds_the_planted_shares(filled: Store) -> None:
    with filled.reading() as session:
        rows = {
            row.agency: row
            for row in heat_map(session, Selection(period="2025-Q4"), covered(filled))
        }
    place = list(Element).index(Element.CHILD_VOICE)
    shares = {agency: row.rates[place].interval for agency, row in rows.items()}
    assert shares["school_h"] is not None
    assert shares["school_a"] is not None
    assert shares["school_h"].estimate == pytest.approx(0.9, abs=0.07)
    assert shares["school_a"].estimate == pytest.approx(0.1, abs=0.07)
    assert rows["school_a"].contacts == 180


def test_key_figures_of_a_group_are_the_sums_of_its_agencies(filled: Store) -> None:
    with filled.reading() as session:
        figures = {
            each.indicator.code: each
            for each in key_figures(session, Selection(period="2025-12", agency="group:north"))
        }
    assert figures["contacts"].value == 4 * 60
    assert figures["contacts"].words == "240"


def test_small_agencies_are_left_out_of_a_comparison_and_named(sqlite_store: Store) -> None:
    add_agencies(sqlite_store, AGENCIES)
    fill(
        sqlite_store,
        "element:child_voice",
        AGENCIES,
        lambda agency, place: (
            planted(agency, place) if agency < "school_g" else {"missing": place % 2}
        ),
    )
    publish_all(sqlite_store)
    with sqlite_store.reading() as session:
        found = trends.compare(session, VOICE, Selection(period="2025-Q4"), covered(sqlite_store))
    assert {"school_g", "school_h"} <= set(found.left_out)
    assert len(found.left_out) <= 4  # some are left out to protect those two
    shown = {each.share.id for each in found.funnel.points} if found.funnel else set()
    assert shown == set(AGENCIES) - set(found.left_out)


@pytest.mark.parametrize(
    "chosen", [Selection(period="2031-01"), Selection(agency="other"), Selection(form="letter")]
)
def test_a_choice_that_is_not_offered_is_refused(filled: Store, chosen: Selection) -> None:
    with pytest.raises(UnknownChoiceError, match="choose it from the list"):
        check(chosen, covered(filled))


def test_every_indicator_has_words_that_say_what_it_can_tell() -> None:
    for indicator in load_indicators().values():
        assert indicator.name
        assert len(indicator.note) > 30
