"""Simulated years, without drift and with a planted one: how often, and how soon, it alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from api.watch.batches import Observed
from api.watch.definitions import Floats, Integers, WatchFile
from api.watch.family import OVERALL, Key, Series, watch
from nlp.domain import Form
from nlp.rule_files import RuleFile, loader_of
from nlp.rule_schemas import RulePart

YEAR = 52
MONTHS = 12


class MadeAgency(RulePart):
    """How much an agency sends, and when."""

    monthly: float
    form: Form
    weekends: bool = False
    holidays: bool = False


class MadeMeasure(RulePart):
    """How a measure varies between contacts and between agencies.

    A binomial one is ``least`` and up to ``most`` more.
    """

    of: Literal["lognormal", "gamma", "beta", "bernoulli", "poisson", "binomial"]
    mean: float
    spread: float = 0.0
    least: int = 0
    most: int = 1
    agencies: float


class Drift(RulePart):
    """A lasting change; of a lognormal measure, ``by`` is relative."""

    measure: str
    by: float
    words: str


@dataclass(frozen=True)
class Planted:
    """A drift of one agency's contacts, or of `OVERALL`, from a week on."""

    drift: Drift
    agency: str
    since: int

    def by(self, agency: str, measure: str) -> float:
        """Give how far it moves a measure of an agency."""
        concerned = self.drift.measure == measure and self.agency in {agency, OVERALL}
        return self.drift.by if concerned else 0.0


class SimulationFile(RuleFile):
    """``simulation.yaml``."""

    agencies: Mapping[str, MadeAgency]
    holidays: tuple[int, ...]
    holiday_share: float
    measures: Mapping[str, MadeMeasure]
    weeks: float
    alike: float
    tried: Mapping[str, str]
    drifts: tuple[Drift, ...]


load_simulation = loader_of(Path(__file__).with_suffix(".yaml"), SimulationFile)


@dataclass(frozen=True)
class Simulated:
    """What was made up, and every series made of it."""

    observed: Mapping[Key, Observed]
    series: list[Series]

    def alarms(self, weeks: range) -> list[Series]:
        """Give the series that alarmed in these weeks."""
        return [each for each in self.series if alarmed_in(each) in weeks]


@dataclass(frozen=True)
class Noticed:
    """After how many weeks, and contacts of those concerned, a drift was noticed."""

    weeks: int
    contacts: int


def simulate(
    seed: int, file: WatchFile, *, weeks: int, planted: Planted | None = None, alike: float = 0.0
) -> Simulated:
    """Give so many weeks of the made-up area, with a drift or without.

    *alike* is the correlation of what is a week's own with that of the week before.
    """
    observed = dict(_observed(np.random.default_rng(seed), file, weeks, planted, alike))
    return Simulated(observed, watch(observed, file, started={}))


def notice(seed: int, file: WatchFile, planted: Planted) -> Noticed | None:
    """Say when a drift was noticed, ``None`` if not within a year."""
    since, measure = planted.since, planted.drift.measure
    made = simulate(seed, file, weeks=since + YEAR, planted=planted)
    found = [
        week
        for each in made.alarms(range(since, since + YEAR))
        if each.key.measure == measure and planted.by(each.key.agency, measure)
        if (week := alarmed_in(each)) is not None
    ]
    if not found:
        return None
    end = min(found) + 1
    contacts = sum(
        len(seen.since(since).until(end).weeks)
        for key, seen in made.observed.items()
        if key.measure == measure and planted.by(key.agency, measure)
    )
    return Noticed(end - since, contacts)


def alarmed_in(series: Series) -> int | None:
    """Give the week in which a series alarmed; ``None`` if it did not."""
    if series.chart is None or series.chart.alarm is None:
        return None
    return int(series.batches.last[series.chart.alarm.raised])


def _observed(
    random: np.random.Generator,
    file: WatchFile,
    weeks: int,
    planted: Planted | None,
    alike: float,
) -> Iterator[tuple[Key, Observed]]:
    made = load_simulation()
    for agency, sender in made.agencies.items():
        at = _weeks(random, sender, made, weeks)
        for code, measure in file.measures.items():
            if sender.form in measure.forms:
                by = np.zeros(len(at))
                if planted:
                    by[at >= planted.since] = planted.by(agency, code)
                wobble = made.weeks * _own_of_weeks(random, weeks, alike)[at]
                values = _values(random, made.measures[code], by, wobble)
                yield Key(agency, sender.form, code), Observed(at, values)


def _weeks(
    random: np.random.Generator, sender: MadeAgency, made: SimulationFile, weeks: int
) -> Integers:
    """Give the week of each contact; numbers vary more than chance alone would have them."""
    expected = np.full(weeks, sender.monthly * MONTHS / YEAR)
    if sender.holidays:
        of_year = np.arange(weeks) % YEAR + 1
        expected[np.isin(of_year, made.holidays)] *= made.holiday_share
    numbers = random.poisson(expected * random.gamma(20, 1 / 20, weeks))
    return np.repeat(np.arange(weeks), numbers)


def _own_of_weeks(random: np.random.Generator, weeks: int, alike: float) -> Floats:
    """Give how far each week is from the mean by itself, in standard deviations."""
    own = random.standard_normal(weeks)
    for week in range(1, weeks):
        own[week] = alike * own[week - 1] + np.sqrt(1 - alike**2) * own[week]
    return own


def _values(random: np.random.Generator, own: MadeMeasure, by: Floats, wobble: Floats) -> Floats:
    """Give a value of each contact, moved by what is planted and by its week."""
    mean = own.mean + own.agencies * np.clip(random.standard_normal(), -2, 2)
    size = len(by)
    match own.of:
        case "lognormal":
            logs = mean + np.log1p(by) + own.spread * (wobble + random.standard_normal(size))
            values = np.exp(logs)
        case "gamma":
            middle = np.maximum(0.1, mean + by + own.spread * wobble)
            shape = (own.mean / own.spread) ** 2
            values = random.gamma(shape, middle / shape)
        case "beta":
            middle = np.clip(mean + by + own.spread * wobble, 0.005, 0.995)
            precision = own.mean * (1 - own.mean) / own.spread**2 - 1
            values = random.beta(middle * precision, (1 - middle) * precision)
        case "poisson":
            values = random.poisson(np.maximum(0.01, mean + by + np.sqrt(mean) * wobble))
        case "binomial":
            values = own.least + random.binomial(
                own.most, _share((mean - own.least + by) / own.most, wobble)
            )
        case "bernoulli":
            values = random.random(size) < _share(mean + by, wobble)
    return np.asarray(values, dtype=np.float64)


def _share(share: Floats, wobble: Floats) -> Floats:
    """Give chances that differ from week to week by a share of their own spread."""
    middle = np.clip(share, 0.001, 0.99)
    return np.clip(middle + np.sqrt(middle * (1 - middle)) * wobble, 0.001, 0.99)
