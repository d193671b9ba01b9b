"""From outcomes to every figure of the report, with its interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

import numpy as np

from evaluation.bootstrap import (
    RESAMPLES,
    Figure,
    difference_with_interval,
    draw,
    score_with_interval,
)
from evaluation.calibration import Bin, Calibration, find_bins, measure_calibration
from evaluation.counting import (
    URGENCIES,
    count_domains,
    count_evidence,
    count_flags,
    count_level,
    count_reasons,
    count_status,
    count_urgency,
)
from evaluation.flag_sources import FlagSources, flags_of_outcomes, measure_sources
from evaluation.measures import BY_CODE, MEASURES
from evaluation.measuring import Count, Tally
from evaluation.metrics import (
    f1_score,
    precision_score,
    quadratic_kappa_score,
    recall_score,
)
from evaluation.outcomes import Outcome
from evaluation.parts import Draws, Part
from evaluation.risk import Risk, measure_risks
from evaluation.slices import SLICES, part
from nlp.domain import LEVELS, Element, Level, NeedDomain, Reason, SafetyFlag

# A group with fewer contacts than this says too little to be shown.
SMALLEST_GROUP = 5
# What is shown of each group.
OF_GROUPS = (
    "level_accuracy",
    "level_within_one",
    "status_macro_f1",
    "evidence_f1",
    "protection_recall",
    "any_flag_recall",
    "any_flag_precision",
)


class Row(Part):
    """The figures of one label. ``labelled`` counts its cases in the labels."""

    code: str
    labelled: int
    precision: Figure
    recall: Figure
    f1: Figure


class Confusion(Part):
    """How often each label (row) was called what (column)."""

    codes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Group(Part):
    """The figures of one group of contacts."""

    name: str
    contacts: int
    figures: Mapping[str, Figure]


class SplitFigures(Part):
    """Everything measured on one set of contacts.

    ``figures`` are by contestant and measure; ``differences`` are the reader's less the
    baseline's, paired. ``flag_sources`` is empty where the reader reads no flags. ``mistakes``
    lists contacts to look at by kind, and is empty for dev, which nobody may learn from.
    """

    name: str
    contacts: int
    figures: Mapping[str, Mapping[str, Figure]]
    differences: Mapping[str, Mapping[str, Figure]]
    level: Confusion
    urgency: Confusion
    reliability: tuple[Bin, ...]
    calibration: Mapping[str, tuple[Calibration, ...]] = {}
    risks: Mapping[str, Risk] = {}
    flag_sources: tuple[FlagSources, ...] = ()
    status: Mapping[str, Figure]
    labels: Mapping[str, tuple[Row, ...]]
    groups: Mapping[str, tuple[Group, ...]]
    mistakes: Mapping[str, tuple[str, ...]]


def measure_split(
    name: str,
    outcomes: Mapping[str, Sequence[Outcome]],
    *,
    reader: str,
    resamples: int = RESAMPLES,
    list_mistakes: bool = False,
) -> SplitFigures:
    """Give every figure of one set of contacts.

    Args:
        name: Of the set.
        outcomes: By contestant, each over the same contacts in the same order.
        reader: Which contestant the tables and plots are about.
        resamples: Of the bootstrap.
        list_mistakes: Give the ids of the gravest mistakes.
    """
    ours, tallies = outcomes[reader], {code: Tally(found) for code, found in outcomes.items()}
    tally = tallies[reader]
    draws = draw(len(ours), resamples=resamples)
    return SplitFigures(
        name=name,
        contacts=len(ours),
        figures={code: _figures(found, draws) for code, found in tallies.items()},
        differences={
            code: _differences(tally, found, draws)
            for code, found in tallies.items()
            if code != reader
        },
        level=_confusion(tally, count_level, LEVELS),
        urgency=_confusion(tally, count_urgency, URGENCIES),
        reliability=find_bins(tally),
        calibration=measure_calibration(ours, tally, resamples=resamples),
        risks=measure_risks(ours, draws),
        flag_sources=measure_sources(flags_of_outcomes(ours), resamples=resamples),
        status=_status(tally, draws),
        labels={
            title: _rows(tally, count, codes, draws) for title, (count, codes) in _LABELS.items()
        },
        groups={by: _groups(ours, tally, by, resamples) for by in SLICES},
        mistakes=_mistakes(ours) if list_mistakes else {},
    )


_LABELS: Mapping[str, tuple[Count, Iterable[StrEnum]]] = {
    "elements": (count_evidence, Element),
    "flags": (count_flags, SafetyFlag),
    "domains": (count_domains, NeedDomain),
    "reasons": (count_reasons, Reason),
}


def _figures(tally: Tally, draws: Draws) -> dict[str, Figure]:
    return {m.code: score_with_interval(tally.of(m.count), m.score, draws) for m in MEASURES}


def _differences(ours: Tally, theirs: Tally, draws: Draws) -> dict[str, Figure]:
    return {
        m.code: difference_with_interval(ours.of(m.count), theirs.of(m.count), m.score, draws)
        for m in MEASURES
    }


def _confusion(tally: Tally, count: Count, codes: Iterable[StrEnum]) -> Confusion:
    return Confusion(
        codes=tuple(code.value for code in codes),
        counts=tuple(tuple(int(cell) for cell in row) for row in tally.of(count).sum(axis=0)),
    )


def _status(tally: Tally, draws: Draws) -> dict[str, Figure]:
    """The quadratic kappa of each element's status."""
    counts = tally.of(count_status)
    return {
        element.value: score_with_interval(counts[:, row], quadratic_kappa_score, draws)
        for row, element in enumerate(Element)
    }


def _rows(tally: Tally, count: Count, codes: Iterable[StrEnum], draws: Draws) -> tuple[Row, ...]:
    counts = tally.of(count)
    hits, _, misses = np.moveaxis(counts.sum(axis=0), -1, 0)
    return tuple(
        Row(
            code=code.value,
            labelled=int(hits[row] + misses[row]),
            precision=score_with_interval(counts[:, row], precision_score, draws),
            recall=score_with_interval(counts[:, row], recall_score, draws),
            f1=score_with_interval(counts[:, row], f1_score, draws),
        )
        for row, code in enumerate(codes)
    )


def _groups(
    outcomes: Sequence[Outcome], tally: Tally, by: str, resamples: int
) -> tuple[Group, ...]:
    return tuple(
        Group(
            name=name,
            contacts=len(rows),
            figures=_figures_of_rows(tally, rows, draw(len(rows), resamples=resamples)),
        )
        for name, rows in part(outcomes, SLICES[by]).items()
        if len(rows) >= SMALLEST_GROUP
    )


def _figures_of_rows(tally: Tally, rows: Sequence[int], draws: Draws) -> dict[str, Figure]:
    measures = [BY_CODE[code] for code in OF_GROUPS]
    return {
        m.code: score_with_interval(tally.of(m.count)[list(rows)], m.score, draws) for m in measures
    }


def _mistakes(outcomes: Sequence[Outcome]) -> dict[str, tuple[str, ...]]:
    tests: Mapping[str, Callable[[Outcome], bool]] = {
        "child protection called universal or early help": lambda o: bool(
            BY_CODE["protection_called_low"].count(o)
        ),
        "child protection not plausible": lambda o: (
            o.contact.level is Level.CHILD_PROTECTION
            and Level.CHILD_PROTECTION not in o.prediction.plausible
        ),
        "a present flag and none found": lambda o: (
            bool(o.contact.flags_present()) and not o.prediction.flags
        ),
        "a flag found and none present": lambda o: (
            bool(o.prediction.flags) and not o.contact.flags_present()
        ),
        "level 3 or 4 notification called inappropriate": lambda o: bool(
            BY_CODE["serious_called_inappropriate"].count(o)
        ),
    }
    return {
        kind: tuple(outcome.contact.id for outcome in outcomes if test(outcome))
        for kind, test in tests.items()
    }
