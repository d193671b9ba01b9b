"""If only the surest answers counted: how many are wrong, at each share of them.

The risk-coverage curve (El-Yaniv and Wiener 2010) and the area under it (Geifman, Uziel and
El-Yaniv 2019): 0 where nothing is wrong, the share wrong altogether where the probabilities order
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import Figure, to_figure
from evaluation.outcomes import Outcome
from evaluation.parts import Draws, Part
from nlp.domain import Element

TENTHS = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """One answer: the probability that the reader gives it, and whether it is wrong."""

    probability: float
    wrong: bool


class Covered(Part):
    """Of so many answers, the surest: the least probable of them, and the share wrong."""

    answers: int
    least_probability: float
    wrong: Figure


class Risk(Part):
    """The curve of one question at each tenth of its answers.

    ``best`` is the area if every wrong answer came after every right one.
    """

    answers: int
    area: Figure
    best: float
    covered: tuple[Covered, ...]


def measure_risks(outcomes: Sequence[Outcome], draws: Draws) -> dict[str, Risk]:
    """Give the curve of each question that the reader answers with a probability.

    Args:
        outcomes: Of one contestant.
        draws: As `evaluation.bootstrap.draw` gives them for these contacts.
    """
    found = {name: _answers(outcomes, answer) for name, answer in QUESTIONS.items()}
    return {name: _risk(*answers, draws) for name, answers in found.items() if answers[0]}


def _level(outcome: Outcome) -> Iterator[Answer]:
    said = outcome.prediction
    if said.level_probabilities:
        yield Answer(said.level_probabilities[said.level], said.level is not outcome.contact.level)


def _verdict(outcome: Outcome) -> Iterator[Answer]:
    notification, said = outcome.contact.notification, outcome.prediction
    probability = said.inappropriate_probability
    if notification is not None and probability is not None:
        wrong = said.inappropriate is notification.appropriate
        yield Answer(probability if said.inappropriate else 1 - probability, wrong)


def _status(outcome: Outcome) -> Iterator[Answer]:
    said = outcome.prediction
    for element in Element:
        if element in said.status_probabilities:
            wrong = said.status[element] is not outcome.contact.status[element]
            yield Answer(said.status_probabilities[element], wrong)


QUESTIONS: Mapping[str, Callable[[Outcome], Iterable[Answer]]] = {
    "level": _level,
    "notification": _verdict,
    "status": _status,
}


def _answers(
    outcomes: Sequence[Outcome], answer: Callable[[Outcome], Iterable[Answer]]
) -> tuple[list[Answer], NDArray[np.int64]]:
    """The answers, the surest first, and the place of each one's contact."""
    found = [(each, place) for place, o in enumerate(outcomes) for each in answer(o)]
    found.sort(key=lambda pair: -pair[0].probability)
    return [each for each, _ in found], np.array([place for _, place in found], dtype=np.int64)


def _risk(answers: Sequence[Answer], contacts: NDArray[np.int64], draws: Draws) -> Risk:
    wrong = np.array([each.wrong for each in answers], dtype=np.float64)
    places, shares, area = _curve(wrong, np.ones(len(wrong)))
    resampled = [_curve(wrong, weights[contacts]) for weights in draws]
    spread = np.array([each for _, each, _ in resampled])
    counts = [int(place) + 1 for place in places]
    return Risk(
        answers=len(answers),
        area=to_figure(area, np.array([each for _, _, each in resampled])),
        best=_curve(np.sort(wrong), np.ones(len(wrong)))[2],
        covered=tuple(
            Covered(
                answers=count,
                least_probability=answers[count - 1].probability,
                wrong=to_figure(float(shares[row]), spread[:, row]),
            )
            for row, count in enumerate(counts)
            if count not in counts[:row]
        ),
    )


def _curve(wrong: Floats, weights: Floats) -> tuple[NDArray[np.int64], Floats, float]:
    """The place where each tenth is reached, the share wrong up to it, and the area.

    *wrong* is ordered, the surest first; *weights* are how often each answer counts.
    """
    kept = np.cumsum(weights)
    risk = np.divide(
        np.cumsum(wrong * weights), kept, out=np.full(len(kept), np.nan), where=kept > 0
    )
    if not kept[-1]:
        return np.zeros(TENTHS, np.int64), np.full(TENTHS, np.nan), float("nan")
    # Less a hair: seven tenths of ten are a little more than seven.
    wanted = kept[-1] * np.arange(1, TENTHS + 1) / TENTHS - 1e-9
    places = np.searchsorted(kept, wanted)
    return places, risk[places], float(np.nansum(risk * weights) / kept[-1])
