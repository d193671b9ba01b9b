"""The whole state of the watch at a moment, worked out once for page, report and command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api import clocks
from api.store.tables import Agency, Rebase
from api.watch.alerts import Alert, find_alerts
from api.watch.batches import Observed, week_of
from api.watch.definitions import WatchFile, load_watch
from api.watch.family import OVERALL, Key, Series, watch
from api.watch.observing import observe, reader_changes
from nlp.domain import Form

PREFIX = "watch"


@dataclass(frozen=True)
class State:
    """What was observed in the whole weeks before ``at``, and what it shows."""

    at: datetime
    file: WatchFile
    names: Mapping[str, str]
    observed: Mapping[Key, Observed]
    series: tuple[Series, ...]
    alerts: tuple[Alert, ...]

    @property
    def watched(self) -> tuple[Series, ...]:
        """Give the series of which there is enough."""
        return tuple(each for each in self.series if each.chart)

    @property
    def waiting(self) -> tuple[Series, ...]:
        """Give the series of which there is too little."""
        return tuple(each for each in self.series if not each.chart)

    @property
    def not_watched_yet(self) -> list[tuple[str, str, int, int]]:
        """Give agency, form, and the batches there and wanted of its series that is least far."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for each in self.waiting:
            who = self.names[each.key.agency], self.file.forms[each.key.form]
            there = len(each.batches), each.wanted
            found[who] = min(found.get(who, there), there)
        return [(*who, *there) for who, there in sorted(found.items())]

    def chosen(self, agency: str, form: Form) -> dict[str, Series]:
        """Give the series of one agency, or the whole hub, on one form, in order of the file."""
        found = {
            each.key.measure: each
            for each in self.series
            if (each.key.agency, each.key.form) == (agency, form)
        }
        return {code: found[code] for code in self.file.measures if code in found}


def find_state(session: Session, *, at: datetime) -> State:
    """Work the state out; seconds, for many contacts.

    Raises:
        ArtefactError: If the released reader, whose words are asked for, cannot be loaded.
        RulebookError: If ``watch.yaml`` holds mistakes.
    """
    file = load_watch()
    observed = observe(session, file, at=at)
    started = _started(session, observed, at)
    series = watch(observed, file, started=started)
    agencies = session.execute(select(Agency.id, Agency.name)).all()
    names = {**dict(agencies), OVERALL: file.overall}
    alerts = find_alerts(series, file, names=names, readers=reader_changes(session))
    return State(at, file, names, observed, tuple(series), tuple(alerts))


def starts(session: Session) -> int:
    """Give how many series were started anew; another number is another state."""
    return session.scalar(select(func.count()).where(_OURS)) or 0


def start_code(key: Key) -> str:
    """Give the name under which a new start of a measure on a form is recorded."""
    return f"{PREFIX}:{key.measure}:{key.form}"


_OURS = Rebase.measure.startswith(f"{PREFIX}:")


def _started(session: Session, observed: Mapping[Key, Observed], at: datetime) -> dict[Key, int]:
    """Give the first whole week of the last new start; one of the whole hub is of every agency."""
    weeks: dict[tuple[str, str], int] = {}
    rows = select(Rebase.measure, Rebase.agency_id, Rebase.month).where(_OURS, Rebase.made_at <= at)
    for measure, agency, month in session.execute(rows):
        week = month_weeks(month).start
        weeks[measure, agency] = max(week, weeks.get((measure, agency), 0))
    keys = {*observed, *(Key(OVERALL, key.form, key.measure) for key in observed)}
    return {
        key: max(weeks.get((start_code(key), who), 0) for who in (key.agency, OVERALL))
        for key in keys
    }


def month_weeks(month: str) -> range:
    """Give the numbers of the weeks whose Monday is in a month like 2026-10."""
    start, end = (each.date() for each in clocks.month_bounds(month))
    return range(_first_week(start), _first_week(end))


def _first_week(day: date) -> int:
    return week_of(day) + (day.weekday() > 0)
