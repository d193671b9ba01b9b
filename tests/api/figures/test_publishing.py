from __future__ import annotations

from datetime import datetime

import numpy as np
from sqlalchemy import select

from api.clocks import LONDON
from api.figures.axes import agencies_axis, financial_year_of, months_axis, quarter_of
from api.figures.measures import Measure
from api.figures.publishing import all_measures, publish
from api.figures.suppression import FEWEST_FOR_A_RATE, LARGEST_SMALL
from api.store.opening import Store
from api.store.tables import Agency, Publication, PublishedFigure
from nlp import domain
from nlp.domain import Form
from tests.figure_builders import keep_counts
from tests.hub_builders import add_contact

MAY = datetime(2026, 5, 12, tzinfo=LONDON)
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
RATINGS = ("good", "inadequate", "not_read")

Key = tuple[str, str, str, str, str]


def fill(store: Store, *, mean: float, seed: int = 3) -> dict[Key, int]:
    """Four agencies' months, the ratings of each adding up to its contacts."""
    random = np.random.default_rng(seed)
    counted: dict[Key, int] = {}
    with store.writing() as session:
        for place in range(4):
            group = "north" if place < 2 else None
            session.add(
                Agency(
                    id=f"a{place}",
                    name="",
                    kind=domain.Agency.SCHOOL,
                    source_code="2A",
                    group=group,
                )
            )
    with store.writing() as session:
        for month in (*MONTHS, "2026-05"):
            for agency in ("a0", "a1", "a2", "a3"):
                for form in Form:
                    ratings = {each: int(random.poisson(mean)) for each in RATINGS}
                    figures = {
                        (Measure.CONTACTS, "all"): sum(ratings.values()),
                        **{(Measure.RATING, each): number for each, number in ratings.items()},
                        (Measure.SCORE, "scored"): ratings["good"] + ratings["inadequate"],
                        (Measure.SCORE, "sum"): 70 * (ratings["good"] + ratings["inadequate"]),
                    }
                    for (measure, category), number in figures.items():
                        counted[measure, month, agency, form, category] = number
                    told = {(form, str(each), name): n for (each, name), n in figures.items()}
                    keep_counts(session, told, month=month, agency=agency)
    return counted


def published(store: Store) -> dict[Key, float | None]:
    with store.reading() as session:
        return {
            (each.measure, each.period, each.agency, each.form, each.category): each.value
            for each in session.scalars(select(PublishedFigure))
        }


def test_what_is_shown_is_what_was_counted(empty_store: Store) -> None:
    counted = fill(empty_store, mean=40)
    assert publish(empty_store, at=MAY)
    shown = published(empty_store)
    for key, value in shown.items():
        if key in counted:
            assert value in (None, counted[key])
    total = sum(n for k, n in counted.items() if k[0] == "contacts" and k[1] in MONTHS[:3])
    assert shown["contacts", "2026-Q1", "all", "all", "all"] == total
    assert shown["mean_score", "2026-Q1", "all", "all", "mean"] == 70


def test_small_numbers_are_hidden_and_so_are_means_of_few(empty_store: Store) -> None:
    counted = fill(empty_store, mean=3)
    publish(empty_store, at=MAY)
    shown = published(empty_store)
    for key, number in counted.items():
        if key[1] in MONTHS and 1 <= number <= LARGEST_SMALL and key[0] != Measure.SCORE:
            assert shown[key] is None
    for key, number in counted.items():
        if key[0] == Measure.SCORE and key[1] in MONTHS and number < FEWEST_FOR_A_RATE:
            assert shown.get(("mean_score", *key[1:4], "mean")) is None


def test_a_total_is_hidden_in_every_measure_or_in_none(empty_store: Store) -> None:
    fill(empty_store, mean=2)
    publish(empty_store, at=MAY)
    shown = published(empty_store)
    totals = {key[1:4]: value for key, value in shown.items() if key[0] == "contacts"}
    for key, value in shown.items():
        if key[0] == "rating" and key[4] == "all":
            assert value == totals[key[1:4]]
    assert None in totals.values()


def test_the_month_in_progress_is_not_shown(empty_store: Store) -> None:
    fill(empty_store, mean=40)
    publish(empty_store, at=MAY)
    assert "2026-05" not in {key[1] for key in published(empty_store)}
    with empty_store.reading() as session:
        made = session.scalars(select(Publication).order_by(Publication.first_month))
        covered = [(each.first_month, each.last_month) for each in made]
    assert covered == [("2026-01", "2026-03"), ("2026-04", "2026-04")]


def test_nothing_to_publish_is_said(empty_store: Store) -> None:
    assert not publish(empty_store, at=MAY)
    add_contact(empty_store)
    assert not publish(empty_store, at=MAY)


def test_every_element_is_a_measure() -> None:
    assert "element:child_voice" in all_measures()
    assert "score" not in all_measures()


def test_only_whole_quarters_and_years_have_sums() -> None:
    year = [f"2025-{month:02}" for month in range(4, 13)] + ["2026-01", "2026-02", "2026-03"]
    axis = months_axis(year[1:7])
    assert axis.names[6:] == ("2025-Q3",)
    assert axis.parents == {6: (2, 3, 4)}
    assert months_axis(year).names[12:] == ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2025/26")
    assert months_axis(year).parents[16] == (12, 13, 14, 15)
    assert (quarter_of("2026-12"), financial_year_of("2026-03")) == ("2026-Q4", "2025/26")


def test_agencies_add_up_to_their_groups_and_to_all() -> None:
    axis = agencies_axis({"b": "north", "a": None, "c": "north"})
    assert axis.names == ("a", "b", "c", "group:north", "all")
    assert axis.parents == {3: (1, 2), 4: (3, 0)}
