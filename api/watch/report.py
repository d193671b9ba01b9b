"""The monthly report: the month beside what was usual, alerts, charts, and what is not watched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from api.watch.batches import Observed
from api.watch.definitions import Measure
from api.watch.family import OVERALL, Key, Series
from api.watch.showing import Shown, show
from api.watch.state import State, month_weeks
from nlp.domain import Form


@dataclass(frozen=True)
class MonthRow:
    """A measure of one agency on one form in the month; values are ``None`` where there are few."""

    agency: str
    who: str
    form: Form
    measure: str
    name: str
    contacts: int
    value: float | None
    usual: float | None
    says: str
    says_usual: str


@dataclass(frozen=True)
class Report:
    """One month, and the state at its end.

    ``charts`` are of the whole hub by form, and of every series that alarmed.
    """

    month: str
    state: State
    rows: tuple[MonthRow, ...]
    charts: tuple[tuple[str, tuple[Shown, ...]], ...]


def make_report(state: State, month: str) -> Report:
    """Give the report of a month, from the state at its end."""
    rows = tuple(_rows(state, month))
    return Report(month, state, rows, tuple(_charts(state)))


def as_json(report: Report) -> dict[str, object]:
    """Give the report as what JSON holds; numbers in each measure's own unit."""
    return {
        "month": report.month,
        "false_alarms_a_year": report.state.file.false_alarms,
        "series_watched": len(report.state.watched),
        "alerts": [
            {
                **{name: value for name, value in asdict(each).items() if name != "key"},
                **asdict(each.key),
                "since": each.since.isoformat(),
                "noticed": each.noticed.isoformat(),
            }
            for each in report.state.alerts
        ],
        "month_by_agency": [asdict(each) for each in report.rows],
        "not_watched_yet": [
            {"agency": who, "form": form, "batches": there, "wanted": wanted}
            for who, form, there, wanted in report.state.not_watched_yet
        ],
    }


def _rows(state: State, month: str) -> Iterator[MonthRow]:
    weeks = month_weeks(month)
    for key, seen in state.observed.items():
        measure = state.file.measures[key.measure]
        during = seen.since(weeks.start).until(weeks.stop)
        value = _mean(during, measure, fewest=state.file.batch.mean)
        usual = _mean(seen.until(weeks.start), measure, fewest=state.file.batch.mean)
        yield MonthRow(
            agency=key.agency,
            who=state.names[key.agency],
            form=key.form,
            measure=key.measure,
            name=measure.name,
            contacts=len(during.weeks),
            value=value,
            usual=usual,
            says="too few" if value is None else measure.write(value),
            says_usual="too few" if usual is None else measure.write(usual),
        )


def _mean(seen: Observed, measure: Measure, *, fewest: int) -> float | None:
    if len(seen.values) < fewest:
        return None
    return measure.mean(seen.values)


def _charts(state: State) -> Iterator[tuple[str, tuple[Shown, ...]]]:
    for form, words in state.file.forms.items():
        shown = _shown(state, list(state.chosen(OVERALL, form).values()))
        if shown:
            yield f"{state.file.overall}: {words.lower()}", shown
    alarmed: Mapping[Key, Series] = {each.key: each for each in state.series if each.alarmed}
    for alert in state.alerts:
        if alert.key.agency != OVERALL:
            yield f"{alert.who}: {alert.form.lower()}", _shown(state, [alarmed[alert.key]])


def _shown(state: State, series: Sequence[Series]) -> tuple[Shown, ...]:
    return tuple(show(each, state.file.measures[each.key.measure]) for each in series)
