"""What Power BI reads is what was published, on both databases."""

from __future__ import annotations

from sqlalchemy import inspect, text

from api.figures.export import Wanted, figure_rows
from api.store.opening import Store
from api.store.views import view_names
from tests.leader_builders import fill_area


def test_the_views_give_what_a_file_of_figures_gives(empty_store: Store) -> None:
    fill_area(empty_store)
    with empty_store.reading() as session:
        expected = {tuple(row.values()) for row in figure_rows(session, Wanted())}
        found = session.execute(
            text(
                "SELECT measure, category, period, period_kind, figures.agency, agency_kind, "
                "coalesce(agency_name, ''), form, value, symbol FROM bi_figures AS figures "
                "LEFT JOIN bi_agencies AS named ON named.agency = figures.agency"
            )
        )
        assert {tuple(row) for row in found} == expected
        months = session.execute(text("SELECT DISTINCT first_day FROM bi_months")).scalars()
        assert {"2024-01-01", "2025-12-01"} <= set(months)
        covered = session.execute(text("SELECT first_month, last_month FROM bi_publications"))
        assert sorted(tuple(row) for row in covered) == [
            ("2024-01", "2024-03"),
            ("2024-04", "2025-03"),
            ("2025-04", "2025-12"),
        ]


def test_migrating_again_keeps_the_views(empty_store: Store) -> None:
    empty_store.migrate()
    assert set(view_names()) <= set(inspect(empty_store.engine).get_view_names())


def test_no_view_reads_anything_of_a_contact(empty_store: Store) -> None:
    inspected = inspect(empty_store.engine)
    columns = {c["name"] for name in view_names() for c in inspected.get_columns(name)}
    assert columns == {
        *("measure", "category", "period", "period_kind", "agency", "agency_kind", "form", "value"),
        *("symbol", "first_day", "agency_name", "kind", "source_code", "agency_group"),
        *("made_at", "first_month", "last_month"),
    }
