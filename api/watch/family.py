"""Everything that is watched at once: each series with a share of the false alarms allowed.

A series is a measure of one agency on one form, or of the whole hub on one form. The hub's is made
of the agencies' own marks, week by week, so that it moves when contacts of each agency change and
not when one agency sends more or fewer of them (holidays).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.watch.batches import Batches, Observed, gather
from api.watch.charts import LEAST_SPREAD, Chart, make_chart
from api.watch.definitions import Floats, Measure, WatchFile
from nlp.domain import Form

OVERALL = "all"
FIRST_MARKED = 2  # place of the first batch that is held against others
# What one batch of an agency gives to the week in which it ended: its mark, how far it was from
# what was usual, in the measure's own unit, and the mark of the smallest change worth noticing.
MARK = [("week", int), ("contacts", float), ("mark", float), ("moved", float), ("worth", float)]


@dataclass(frozen=True, order=True)
class Key:
    """Whose contacts on which form, and what of them."""

    agency: str
    form: Form
    measure: str


@dataclass(frozen=True)
class Series:
    """One series; ``chart`` is ``None`` while there is too little to watch it.

    The means of the whole hub's batches, each a week, are differences to what was usual before.
    ``contacts`` are those of each batch; ``wanted`` is how many batches must be there first.
    """

    key: Key
    batches: Batches
    contacts: Floats
    chart: Chart | None
    wanted: int

    @property
    def alarmed(self) -> bool:
        """Did it alarm?"""
        return self.chart is not None and self.chart.alarm is not None


def watch(
    observed: Mapping[Key, Observed], file: WatchFile, *, started: Mapping[Key, int]
) -> list[Series]:
    """Give every series, with its chart where there is enough of it.

    Args:
        observed: What is known of each agency, form and measure; whole weeks only.
        file: What is watched.
        started: Weeks from which series were started anew, by a recorded decision.
    """
    gathered = dict(_gathered(observed, file, started))
    watched = [key for key, batches in gathered.items() if len(batches) > file.reference]
    overall = {Key(OVERALL, key.form, key.measure) for key in watched}
    chance = file.false_alarms / max(1, len(watched) + len(overall))
    own = [_own(key, batches, file, chance) for key, batches in gathered.items()]
    return own + [_overall(key, own, file, chance, started.get(key, 0)) for key in sorted(overall)]


def _gathered(
    observed: Mapping[Key, Observed], file: WatchFile, started: Mapping[Key, int]
) -> Iterator[tuple[Key, Batches]]:
    for key, seen in observed.items():
        measure = file.measures[key.measure]
        since = seen.since(started.get(key, 0))
        yield key, gather(since, measure, fewest=file.fewest(measure))


def _own(key: Key, batches: Batches, file: WatchFile, chance: float) -> Series:
    measure, chart, reference = file.measures[key.measure], None, file.reference
    if len(batches) > reference:
        usual = np.average(batches.means[:reference], weights=batches.counts[:reference])
        worth = float(measure.worth_scaled(np.array([usual]))[0])
        chart = make_chart(batches, worth=worth, chance=chance, reference=reference)
    return Series(key, batches, batches.counts, chart, reference + 1)


def _overall(key: Key, own: Iterable[Series], file: WatchFile, chance: float, since: int) -> Series:
    """Join the agencies' marks of each week; without change, their joint mark is one of them too.

    Source: Stouffer's method of joining independent normal marks, weighted by root contacts.
    """
    measure = file.measures[key.measure]
    charts = [each.chart for each in own if _belongs(each, key) and each.chart]
    found = np.concatenate([_marks(each, measure) for each in charts])
    found = found[found["week"] >= since]
    numbers, places = np.unique(found["week"], return_inverse=True)
    contacts: Floats = np.bincount(places, weights=found["contacts"]).astype(np.float64)
    roots = np.sqrt(found["contacts"])
    marks, worths = (
        np.bincount(places, weights=roots * found[name]) / np.sqrt(contacts)
        for name in ("mark", "worth")
    )
    moved = np.bincount(places, weights=found["contacts"] * found["moved"]) / contacts
    batches = Batches(numbers, numbers, np.ones(len(numbers)), marks, moved)
    chart = None
    if len(batches) > file.reference:
        worth = float(worths[: file.reference].mean())
        chart = make_chart(
            batches, worth=worth, chance=chance, reference=file.reference, centred=True
        )
    return Series(key, batches, contacts, chart, file.reference + 1)


def _belongs(series: Series, overall: Key) -> bool:
    return (series.key.form, series.key.measure) == (overall.form, overall.measure)


def _marks(chart: Chart, measure: Measure) -> NDArray[np.void]:
    """Give the marks of an agency's batches until it alarms: from then it is known for itself."""
    end = chart.alarm.raised + 1 if chart.alarm else len(chart.batches)
    part, residuals, batches = slice(FIRST_MARKED, end), chart.residuals, chart.batches
    usual, counts = batches.usual(measure)[part], batches.counts[part]
    found = np.zeros(len(counts), dtype=MARK)
    found["week"], found["contacts"] = batches.last[part], counts
    found["mark"] = residuals.marks[part]
    found["moved"] = measure.moved(usual, batches.means[part])
    spread = np.maximum(residuals.spread[part], LEAST_SPREAD) / np.sqrt(counts)
    found["worth"] = measure.worth_scaled(usual) / spread
    return found
