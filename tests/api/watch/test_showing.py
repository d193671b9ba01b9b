"""Charts and tables say what was seen, in the measure's own unit."""

from __future__ import annotations

import numpy as np

from api.watch.batches import Observed
from api.watch.definitions import Floats, load_watch
from api.watch.family import OVERALL, Key, watch
from api.watch.showing import SHOWN, Shown, show
from nlp.domain import Form

FILE = load_watch()
WEEKS = 70


def shown(measure: str, values: Floats, agency: str = "a") -> Shown:
    """Give the chart of thirty contacts a week."""
    key = Key("a", Form.REFERRAL, measure)
    series = watch({key: Observed(np.repeat(np.arange(WEEKS), 30), values)}, FILE, started={})
    found = next(each for each in series if each.key.agency == agency)
    return show(found, FILE.measures[measure])


def test_what_never_happens_is_shown_as_never() -> None:
    never = np.zeros(30 * WEEKS)
    assert {(row.value, row.usual) for row in shown("unread", never).rows} == {("0.0%", "0.0%")}
    overall = shown("unread", never, OVERALL)
    assert {row.value for row in overall.rows} == {"+0.0 percentage points"}


def test_a_year_is_drawn_with_a_row_for_each_point() -> None:
    values = np.random.default_rng(1).normal(0.7, 0.1, 30 * WEEKS)
    found = shown("confidence", values)
    assert len(found.rows) == SHOWN
    assert found.drawing is not None
    assert len(found.drawing.dots) == SHOWN
    assert {line.kind for line in found.drawing.lines} == {"values", "mean", "lower", "upper"}
    assert not found.alarmed


def test_from_a_change_on_usual_is_what_was_before_it() -> None:
    values = np.random.default_rng(1).normal(0.7, 0.1, 30 * WEEKS)
    values[30 * 50 :] -= 0.2
    rows = shown("confidence", values).rows
    changed = [row for row in rows if row.changed]
    assert 18 <= len(changed) <= 21
    assert len({row.usual for row in changed}) == 1
    assert abs(float(changed[0].usual.removesuffix("%")) - 70) < 0.8
