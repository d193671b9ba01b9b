"""From points to curves with intervals, and what separates them.

Counts are summed over an author's runs, and the bootstrap draws authors: another council is
another author, and the contacts of one are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

import numpy as np

from evaluation.bootstrap import Figure, difference_with_interval, draw, score_with_interval
from evaluation.learning.plan import Choice, Plan, Start
from evaluation.learning.simulation import Point
from evaluation.measures import BY_CODE
from evaluation.measuring import Measure
from evaluation.metrics import Counts, counts_by_class
from evaluation.parts import Draws, Part

Table = Callable[[Point], Counts]

# Each measure of the report with what a point has for it; child protection is the last level.
MEASURES: tuple[tuple[Measure, Table], ...] = (
    (BY_CODE["status_macro_f1"], lambda point: point.status),
    (BY_CODE["level_kappa"], lambda point: point.level),
    (BY_CODE["level_accuracy"], lambda point: point.level),
    (BY_CODE["protection_recall"], lambda point: counts_by_class(point.level)[-1]),
)


class Place(Part):
    """A place of a curve: ``labels`` of the plan (none for the whole pool), and how many it was."""

    start: Start
    choice: Choice
    labels: int | None
    mean_labels: float
    runs: int
    figures: Mapping[str, Figure]


class Difference(Part):
    """One curve less another at a place, paired by author."""

    of: str
    labels: int | None
    figures: Mapping[str, Figure]


class Learning(Part):
    """Everything that one simulation found. ``authors`` are the councils' stand-ins."""

    made: str
    corpus: str
    plan: Plan
    authors: tuple[str, ...]
    tested: int
    protection: int
    places: tuple[Place, ...]
    differences: tuple[Difference, ...]


def measure(points: Sequence[Point], plan: Plan, *, made: str, corpus: str) -> Learning:
    """Give the curves, active less random, and the corpus less nothing (both at random)."""
    authors = tuple(sorted({point.author for point in points}))
    curves = _Curves(points, authors, draw(len(authors), resamples=plan.resamples))
    first = curves.find(Start.CORPUS, Choice.RANDOM, 0)
    level = sum(point.level for point in first)
    return Learning(
        made=made,
        corpus=corpus,
        plan=plan,
        authors=authors,
        tested=int(np.sum(level)),
        protection=int(np.sum(level, axis=1)[-1]),
        places=tuple(_places(curves, plan)),
        differences=tuple(_differences(curves, plan)),
    )


def matched_at(learning: Learning, measure: str) -> int | None:
    """Give from how many labels a start from nothing reaches what the corpus has with none.

    ``None`` where it never does. The corpus' own figure, not its interval, is to be reached.
    """
    found = {(p.start, p.choice, p.labels): p.figures[measure].value for p in learning.places}
    bar = found[Start.CORPUS, Choice.RANDOM, 0]
    reached = (
        round(place.mean_labels)
        for place in learning.places
        if place.start is Start.NOTHING and place.choice is Choice.RANDOM
        if (value := place.figures[measure].value) is not None and bar is not None and value >= bar
    )
    return min(reached, default=None)


class _Curves:
    def __init__(self, points: Iterable[Point], authors: Sequence[str], draws: Draws) -> None:
        self._authors = authors
        self._draws = draws
        self._points: dict[tuple[Start, Choice, int], list[Point]] = {}
        for point in points:
            self._points.setdefault((point.start, point.choice, point.step), []).append(point)

    def find(self, start: Start, choice: Choice, step: int) -> list[Point]:
        return self._points.get((start, choice, step), [])

    def figures(self, points: Sequence[Point]) -> dict[str, Figure]:
        return {
            measure.code: score_with_interval(
                self._count(points, table), measure.score, self._draws
            )
            for measure, table in MEASURES
        }

    def less(self, ours: Sequence[Point], theirs: Sequence[Point]) -> dict[str, Figure]:
        """Only of the runs that both have: the starts may have had different seeds."""
        both = {_run(point) for point in ours} & {_run(point) for point in theirs}
        ours, theirs = ([point for point in side if _run(point) in both] for side in (ours, theirs))
        return {
            measure.code: difference_with_interval(
                self._count(ours, table), self._count(theirs, table), measure.score, self._draws
            )
            for measure, table in MEASURES
        }

    def _count(self, points: Sequence[Point], table: Table) -> Counts:
        """Counts by author, ``[author, ...]``, of the mean run."""
        return np.stack(
            [
                np.mean([table(point) for point in points if point.author == author], axis=0)
                for author in self._authors
            ]
        )


def _run(point: Point) -> tuple[str, int]:
    return point.author, point.seed


def _places(curves: _Curves, plan: Plan) -> Iterable[Place]:
    for start, choice, (step, labels) in product(Start, Choice, enumerate((*plan.labels, None))):
        points = curves.find(start, choice, step)
        if points:
            yield Place(
                start=start,
                choice=choice,
                labels=labels,
                mean_labels=float(np.mean([point.labels for point in points])),
                runs=len(points),
                figures=curves.figures(points),
            )


def _differences(curves: _Curves, plan: Plan) -> Iterable[Difference]:
    random, active = Choice.RANDOM, Choice.ACTIVE
    pairs = {
        "active less random, from the corpus": ((Start.CORPUS, active), (Start.CORPUS, random)),
        "active less random, from nothing": ((Start.NOTHING, active), (Start.NOTHING, random)),
        "the corpus less nothing, at random": ((Start.CORPUS, random), (Start.NOTHING, random)),
    }
    steps = [*enumerate((*plan.labels, None))]
    for of, (ours, theirs) in pairs.items():
        # With no label, or all, there is nothing to choose.
        for step, labels in steps[1:-1] if ours[0] is theirs[0] else steps:
            left, right = curves.find(*ours, step), curves.find(*theirs, step)
            if left and right:
                yield Difference(of=of, labels=labels, figures=curves.less(left, right))
