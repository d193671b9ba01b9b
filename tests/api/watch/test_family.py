"""What is watched together: shares of false alarms, the whole hub, and new starts."""

from __future__ import annotations

import numpy as np

from api.watch.batches import Observed
from api.watch.definitions import Side, load_watch
from api.watch.family import OVERALL, Key, Series, watch
from nlp.domain import Form

FILE = load_watch().model_copy(update={"false_alarms": 0.01})
MEASURE = "confidence"
WEEKS = 60


def key(agency: str) -> Key:
    return Key(agency, Form.REFERRAL, MEASURE)


def agency(
    seed: int, *, mean: float, numbers: list[int], by: float = 0.0, at: int = 40
) -> Observed:
    """So many contacts in each week, whose mean moves by *by* in week *at*."""
    random = np.random.default_rng(seed)
    weeks = np.repeat(np.arange(len(numbers)), numbers)
    return Observed(weeks, mean + by * (weeks >= at) + 0.1 * random.standard_normal(len(weeks)))


def found(observed: dict[Key, Observed], **started: int) -> dict[str, Series]:
    begun = {key(name): week for name, week in started.items()}
    return {each.key.agency: each for each in watch(observed, FILE, started=begun)}


def test_a_holiday_of_schools_is_no_drift_of_the_whole_hub() -> None:
    """Their level is far lower; when they are away the mean of all contacts rises."""
    at_school = [0 if week % 13 in {11, 12} else 40 for week in range(WEEKS)]
    series = found(
        {
            key("school"): agency(1, mean=0.4, numbers=at_school),
            key("hospital"): agency(2, mean=0.8, numbers=[20] * WEEKS),
        }
    )
    assert not any(each.alarmed for each in series.values())
    assert series[OVERALL].chart is not None


def test_what_moves_everywhere_a_little_shows_in_the_whole_hub_first() -> None:
    series = found(
        {
            key(f"a{n}"): agency(n, mean=0.5 + n / 50, numbers=[12] * WEEKS, by=-0.045)
            for n in range(8)
        }
    )
    whole = series.pop(OVERALL)
    assert whole.chart is not None
    alarm = whole.chart.alarm
    assert alarm is not None
    assert alarm.side is Side.DOWN
    assert abs(int(whole.batches.first[alarm.changed]) - 40) <= 1
    first = int(whole.batches.last[alarm.raised])
    others = [
        int(each.batches.last[each.chart.alarm.raised])
        for each in series.values()
        if each.chart and each.chart.alarm
    ]
    assert all(week >= first for week in others)
    assert np.isclose(np.mean(whole.batches.means[alarm.changed :]), -0.04, atol=0.01)


def test_one_agency_that_alarmed_does_not_move_the_whole_hub() -> None:
    observed = {key(f"a{n}"): agency(n, mean=0.6, numbers=[12] * WEEKS) for n in range(6)}
    observed[key("a0")] = agency(9, mean=0.6, numbers=[12] * WEEKS, by=0.15)
    series = found(observed)
    assert series["a0"].alarmed
    assert not series[OVERALL].alarmed


def test_too_little_is_not_watched_and_says_how_much_is_there() -> None:
    few = found({key("few"): agency(1, mean=0.5, numbers=[10] * 12)})["few"]
    assert few.chart is None
    assert (len(few.batches), few.wanted) == (12, 13)


def test_the_more_is_watched_the_wider_are_the_limits() -> None:
    def limit(agencies: int) -> float:
        observed = {key(f"a{n}"): agency(1, mean=0.5, numbers=[12] * 40) for n in range(agencies)}
        chart = found(observed)["a0"].chart
        assert chart is not None
        return chart.limit

    assert limit(30) > limit(1) + 1


def test_a_series_that_was_started_anew_forgets_what_was_before() -> None:
    observed = {key("a"): agency(1, mean=0.6, numbers=[12] * WEEKS, by=0.15)}
    assert found(observed)["a"].alarmed
    anew = found(observed, a=41)["a"]
    assert not anew.alarmed
    assert int(anew.batches.first[0]) == 41
