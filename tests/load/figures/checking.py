"""Count contacts by plain SQL, with no code of the figures, and hold what is kept against it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, text

from api.clocks import LONDON
from api.store.columns import UtcDateTime
from api.store.opening import Store
from api.store.tables import MonthlyFigure
from tests.figure_builders import MONTHS

# What stands of a contact: its last decision that needs no signature any more, its last reading.
_STANDS = "{0}.sent_back_by IS NULL AND (NOT {0}.needs_sign_off OR {0}.signed_by IS NOT NULL)"
_DECISION = f"""
    LEFT JOIN decisions d ON d.contact_id = c.id AND {_STANDS.format("d")} AND NOT EXISTS (
      SELECT 1 FROM decisions later WHERE later.contact_id = c.id AND later.made_at > d.made_at
      AND {_STANDS.format("later")})"""  # noqa: S608 - nothing is put in but this file's own words
_READING = """
    LEFT JOIN assessments a ON a.contact_id = c.id AND NOT EXISTS (
      SELECT 1 FROM assessments later
      WHERE later.contact_id = c.id AND later.made_at > a.made_at)"""

# By measure: agency, form and category that a contact counts for, and what they are told from.
_OWN = "c.agency_id, c.form, "
COUNTS: Mapping[str, tuple[str, str]] = {
    "contacts": (_OWN + "'all'", ""),
    "outcome": (_OWN + "coalesce(d.outcome, 'not_decided')", _DECISION),
    "notification": (
        _OWN + "CASE WHEN c.form <> 'ppn' THEN 'not_a_notification' "
        "WHEN d.notification_inappropriate IS NULL THEN 'not_said' "
        "WHEN d.notification_inappropriate THEN 'inappropriate' ELSE 'appropriate' END",
        _DECISION,
    ),
    "expected": (
        "d.expected_from, 'ppn', d.expected_notification",
        f"{_DECISION} WHERE d.expected_from IS NOT NULL",
    ),
    "rating": (_OWN + "coalesce(a.rating, 'not_read')", _READING),
    "element:child_voice": (_OWN + "coalesce(a.statuses ->> 'child_voice', 'not_read')", _READING),
    "draft": (
        _OWN + "CASE WHEN c.first_missing IS NULL THEN 'not_checked' "
        "WHEN c.missing < c.first_missing THEN 'improved' "
        "WHEN c.missing = c.first_missing THEN 'same' ELSE 'less_complete' END",
        "",
    ),
}

Key = tuple[str, str, str, str]  # month, agency, form, category


def count_kept_otherwise(store: Store) -> dict[str, list[Key]]:
    """Give, for each measure of `COUNTS`, what is kept otherwise than a plain count has it."""
    return {
        measure: sorted({key for key, _ in _plain(store, measure) ^ _kept(store, measure)})
        for measure in COUNTS
    }


def _kept(store: Store, measure: str) -> set[tuple[Key, int]]:
    with store.reading() as session:
        return {
            ((each.month, each.agency_id, each.form, each.category), each.count)
            for each in session.scalars(
                select(MonthlyFigure).where(MonthlyFigure.measure == measure)
            )
        }


def _plain(store: Store, measure: str) -> set[tuple[Key, int]]:
    counted, told = COUNTS[measure]
    also = "AND" if "WHERE d." in told else "WHERE"
    query = text(
        f"SELECT {counted}, count(*) FROM contacts c{told} "  # noqa: S608
        f"{also} c.received_at >= :start AND c.received_at < :end GROUP BY 1, 2, 3"
    ).bindparams(bindparam("start", type_=UtcDateTime()), bindparam("end", type_=UtcDateTime()))
    found: set[tuple[Key, int]] = set()
    with store.reading() as session:
        for month in MONTHS:
            year, number = int(month[:4]), int(month[5:])
            start = datetime(year, number, 1, tzinfo=LONDON)
            end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=LONDON)
            for agency, form, name, count in session.execute(query, {"start": start, "end": end}):
                found.add(((month, agency, form, name), count))
    return found
