"""What an analyst acts on: what moved, since when, for whom, by how much, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from api.clocks import say_day
from api.watch.batches import monday_of
from api.watch.charts import Alarm
from api.watch.definitions import Measure, Side, WatchFile
from api.watch.family import OVERALL, Key, Series

READER_NEAR = timedelta(weeks=6)  # a change of reader so near may be the reason
READERS_OWN = frozenset({"labels", "confidence", "overrides"})


@dataclass(frozen=True)
class Alert:
    """One alarm in words. ``noticed`` is the last day of the week that raised it."""

    key: Key
    who: str
    form: str
    name: str
    side: Side
    since: date
    noticed: date
    contacts: int
    before: str
    after: str
    says: str
    may_mean: str
    next: tuple[str, ...]
    reader_changed: str | None

    @property
    def noticed_on(self) -> str:
        """Say the day on which it was noticed."""
        return say_day(self.noticed)


def find_alerts(
    series: Sequence[Series],
    file: WatchFile,
    *,
    names: Mapping[str, str],
    readers: Sequence[tuple[date, str, str]],
) -> list[Alert]:
    """Give an alert for each series that alarmed, the whole hub's first, then the newest.

    Args:
        series: What is watched.
        file: The words.
        names: Those of agencies, by id.
        readers: Changes of the reader, as `api.watch.observing.reader_changes` gives them.
    """
    found = [
        _alert(each, each.chart.alarm, file, names, readers)
        for each in series
        if each.chart and each.chart.alarm
    ]
    found.sort(key=lambda each: each.noticed, reverse=True)
    return sorted(found, key=lambda each: each.key.agency != OVERALL)


def _alert(
    series: Series,
    alarm: Alarm,
    file: WatchFile,
    names: Mapping[str, str],
    readers: Sequence[tuple[date, str, str]],
) -> Alert:
    key, measure = series.key, file.measures[series.key.measure]
    since = monday_of(int(series.batches.first[alarm.changed]))
    before, after = _levels(series, alarm, measure)
    told = file.says_overall if key.agency == OVERALL else file.says
    return Alert(
        key=key,
        who=names[key.agency],
        form=file.forms[key.form],
        name=measure.name,
        side=alarm.side,
        since=since,
        noticed=monday_of(int(series.batches.last[alarm.raised])) + timedelta(days=6),
        contacts=int(series.contacts[alarm.changed : alarm.raised + 1].sum()),
        before=before,
        after=after,
        says=told.format(
            name=measure.name,
            moved=file.signs[alarm.side],
            since=say_day(since),
            before=before,
            after=after,
        ),
        may_mean=measure.may_mean[alarm.side],
        next=measure.next,
        reader_changed=_reader_changed(since, readers, file)
        if measure.group in READERS_OWN
        else None,
    )


def _levels(series: Series, alarm: Alarm, measure: Measure) -> tuple[str, str]:
    """Say what was before the change and what has been since; of the whole hub, differences."""
    if series.key.agency == OVERALL:
        moved = np.average(
            series.batches.means[alarm.changed :], weights=series.contacts[alarm.changed :]
        )
        return measure.write_change(0.0), measure.write_change(float(moved))
    parts = slice(0, alarm.changed), slice(alarm.changed, None)
    means, counts = series.batches.means, series.batches.counts
    before, after = (measure.write(measure.mean(means[part], counts[part])) for part in parts)
    return before, after


def _reader_changed(
    since: date, readers: Sequence[tuple[date, str, str]], file: WatchFile
) -> str | None:
    for day, before, after in readers:
        if abs(day - since) <= READER_NEAR:
            return file.reader_changed.format(before=before, after=after)
    return None
