"""Does a reader see what decides, or which words are about?

Contacts in versions that differ in one to three lines (Gardner et al. 2020, "Evaluating models'
local decision boundaries via contrast sets", doi 10.18653/v1/2020.findings-emnlp.117), by a writer
whom no reader learnt from and no rule was made from. Never train on them, and choose nothing by
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotation.contrast_sets import Family, families, load_contrasts
from annotation.labels import LabelledContact
from evaluation.bootstrap import Figure, draw, score_with_interval
from evaluation.metrics import (
    Counts,
    accuracy_score,
    f1_score,
    precision_score,
    quadratic_kappa_score,
    ratio_score,
    recall_score,
)
from evaluation.outcomes import Prediction
from nlp.domain import LEVELS, SafetyFlag

HELD = Path(__file__).parent / "held.jsonl"
SECOND = HELD.with_name("second.jsonl")

Predict = Callable[[LabelledContact], Prediction]


@dataclass(frozen=True)
class Judged:
    """A version of a contact, and what was said of it."""

    contact: LabelledContact
    said: Prediction

    @property
    def labels(self) -> tuple[object, ...]:
        """All that is labelled of it as a whole, with the flags that are present."""
        contact = self.contact
        notice = contact.notification
        whole = (contact.level, contact.urgency, contact.domains, notice)
        return (*whole, contact.flags_present())

    @property
    def expected_level(self) -> float:
        """The mean of the levels by their probability, 1 to 4; the likely one if none are given."""
        chances = self.said.level_probabilities or {self.said.level: 1.0}
        return sum(level.number * chance for level, chance in chances.items())


def load_held() -> list[Family]:
    """Give the families that are measured on."""
    return families(load_contrasts(HELD))


def load_second() -> dict[str, LabelledContact]:
    """Give, by id, what a second annotator made of the contacts of some families, each alone."""
    return {contact.id: contact for contact in load_contrasts(SECOND)}


def measure(known: Sequence[Family], predict: Predict) -> dict[str, Figure]:
    """Give each measure by name, with its interval by bootstrap over families.

    A pair is a later version and the first of its family. A level *moves rightly* where the
    labelled levels of a pair differ and the expected level moves the same way.
    """
    judged = [[Judged(contact, predict(contact)) for contact in family] for family in known]
    draws = draw(len(judged))

    def score(
        count: Callable[[Sequence[Judged]], NDArray[np.float64]], by: Callable[[Counts], Counts]
    ) -> Figure:
        return score_with_interval(np.stack([count(family) for family in judged]), by, draws)

    return {
        "level, exact": score(_levels, accuracy_score),
        "level, quadratic kappa": score(_levels, quadratic_kappa_score),
        "level moves rightly in a pair": score(_moved, _share),
        "both levels of a pair that differs exact": score(_both_exact, _share),
        "level stays in a pair labelled alike": score(_stayed, _share),
        "any safety flag, recall": score(_any_flag, recall_score),
        "any safety flag, precision": score(_any_flag, precision_score),
        "safety flags by contact and flag, F1": score(_each_flag, f1_score),
        "flags of a pair that differs in one both exact": score(_both_flags, _share),
    }


def _share(counts: Counts) -> Counts:
    return ratio_score(counts[..., 0], counts[..., 1])


def _levels(family: Sequence[Judged]) -> NDArray[np.float64]:
    table = np.zeros((len(LEVELS), len(LEVELS)))
    for each in family:
        table[LEVELS.index(each.contact.level), LEVELS.index(each.said.level)] += 1
    return table


def _pairs(family: Sequence[Judged]) -> Iterator[tuple[Judged, Judged]]:
    first, *later = family
    return ((first, other) for other in later)


def _differing(family: Sequence[Judged]) -> list[tuple[Judged, Judged]]:
    return [(a, b) for a, b in _pairs(family) if a.contact.level != b.contact.level]


def _count(held: Sequence[bool]) -> NDArray[np.float64]:
    return np.array([sum(held), len(held)], dtype=float)


def _moved(family: Sequence[Judged]) -> NDArray[np.float64]:
    return _count(
        [
            (b.expected_level - a.expected_level)
            * (b.contact.level.number - a.contact.level.number)
            > 0
            for a, b in _differing(family)
        ]
    )


def _both_exact(family: Sequence[Judged]) -> NDArray[np.float64]:
    return _count(
        [all(x.said.level == x.contact.level for x in pair) for pair in _differing(family)]
    )


def _stayed(family: Sequence[Judged]) -> NDArray[np.float64]:
    alike = [(a, b) for a, b in _pairs(family) if a.labels == b.labels]
    return _count([a.said.level == b.said.level for a, b in alike])


def _both_flags(family: Sequence[Judged]) -> NDArray[np.float64]:
    differing = [
        (a, b) for a, b in _pairs(family) if a.contact.flags_present() != b.contact.flags_present()
    ]
    return _count(
        [all(x.said.flags == x.contact.flags_present() for x in pair) for pair in differing]
    )


def _any_flag(family: Sequence[Judged]) -> NDArray[np.float64]:
    return _sum(_hits(bool(x.contact.flags_present()), bool(x.said.flags)) for x in family)


def _each_flag(family: Sequence[Judged]) -> NDArray[np.float64]:
    return _sum(
        _hits(flag in x.contact.flags_present(), flag in x.said.flags)
        for x in family
        for flag in SafetyFlag
    )


def _sum(counts: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.stack([*counts]).sum(axis=0)
    return total


def _hits(held: bool, said: bool) -> NDArray[np.float64]:  # noqa: FBT001
    return np.array([held and said, said and not held, held and not said], dtype=float)


def show(contestants: Mapping[str, Mapping[str, Figure]]) -> str:
    """Give a Markdown table, a column for each contestant."""
    names = list(contestants)
    rows = [f"| measure | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for measured in contestants[names[0]]:
        cells = [_cell(contestants[name][measured]) for name in names]
        rows.append(f"| {measured} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(figure: Figure) -> str:
    if figure.value is None:
        return "none"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
