"""Does a reader see what decides, or which words are about?

Contacts in versions that differ in one to three lines (Gardner et al. 2020, "Evaluating models'
local decision boundaries via contrast sets", doi 10.18653/v1/2020.findings-emnlp.117), by writers
whom no reader learnt from and no rule was made from. Never train on them, and choose nothing by
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from annotation.contrast_sets import Family, families, load_contrasts
from annotation.labels import LabelledContact
from evaluation.baselines import Predict
from evaluation.bootstrap import Figure, draw, score_with_interval
from evaluation.measures import BY_CODE
from evaluation.metrics import Counts, ratio_score
from evaluation.outcomes import Outcome, Prediction

HELD = Path(__file__).parent / "held.jsonl"
SECOND = HELD.with_name("second.jsonl")

OF_A_CONTACT = (
    "level_accuracy",
    "level_kappa",
    "any_flag_recall",
    "any_flag_precision",
    "flags_f1",
)
"""Measures of the report that are told of these contacts too."""

Holds = Callable[[Outcome, Outcome], bool]


def load_held() -> list[Family]:
    """Give the families that are measured on."""
    return families(load_contrasts(HELD))


def load_second() -> dict[str, LabelledContact]:
    """Give, by id, what second annotators made of the contacts of some families, each alone."""
    return {contact.id: contact for contact in load_contrasts(SECOND)}


def measure(known: Sequence[Family], predict: Predict) -> dict[str, Figure]:
    """Give each measure by its title, with its interval by bootstrap over families.

    A pair is a later version and the first of its family.
    """
    judged = [[Outcome(contact, predict(contact)) for contact in family] for family in known]
    draws = draw(len(judged))
    figures = {}
    for chosen in map(BY_CODE.__getitem__, OF_A_CONTACT):
        counts = [np.sum([chosen.count(each) for each in family], axis=0) for family in judged]
        figures[chosen.title] = score_with_interval(np.stack(counts), chosen.score, draws)
    for title, (asked, right) in PAIRS.items():
        counts = [_count(family, asked, right) for family in judged]
        figures[title] = score_with_interval(np.stack(counts), _share, draws)
    return figures


def _count(family: Sequence[Outcome], asked: Holds, right: Holds) -> Counts:
    first, *later = family
    held = [right(first, other) for other in later if asked(first, other)]
    return np.array([sum(held), len(held)], dtype=float)


def _share(counts: Counts) -> Counts:
    return ratio_score(counts[..., 0], counts[..., 1])


def _levels_differ(one: Outcome, other: Outcome) -> bool:
    return one.contact.level is not other.contact.level


def _flags_differ(one: Outcome, other: Outcome) -> bool:
    return one.contact.flags_present() != other.contact.flags_present()


def _labelled_alike(one: Outcome, other: Outcome) -> bool:
    return _labels(one.contact) == _labels(other.contact)


def _labels(contact: LabelledContact) -> tuple[object, ...]:
    """All that is labelled of a contact as a whole, with the flags that are present."""
    whole = (contact.level, contact.urgency, contact.domains, contact.notification)
    return (*whole, contact.flags_present())


def _moves_rightly(one: Outcome, other: Outcome) -> bool:
    moved = _expected_level(other.prediction) - _expected_level(one.prediction)
    return moved * (other.contact.level.number - one.contact.level.number) > 0


def _expected_level(said: Prediction) -> float:
    """The mean of the levels by their probability, 1 to 4; the likely one if none are given."""
    chances = said.level_probabilities or {said.level: 1.0}
    return sum(level.number * chance for level, chance in chances.items())


def _levels_exact(*pair: Outcome) -> bool:
    return all(each.prediction.level is each.contact.level for each in pair)


def _flags_exact(*pair: Outcome) -> bool:
    return all(each.prediction.flags == each.contact.flags_present() for each in pair)


def _level_stays(one: Outcome, other: Outcome) -> bool:
    return one.prediction.level is other.prediction.level


PAIRS: Mapping[str, tuple[Holds, Holds]] = {
    "Levels differ: the expected level moves the right way": (_levels_differ, _moves_rightly),
    "Levels differ: both exact": (_levels_differ, _levels_exact),
    "Flags differ: all of both exact": (_flags_differ, _flags_exact),
    "All labelled alike: the level stays": (_labelled_alike, _level_stays),
}
"""Which pairs each measure is about, and what is right in one."""


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
