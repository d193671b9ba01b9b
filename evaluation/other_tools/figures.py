"""From answers to figures: each contestant's own, and what it differs by on the same contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from annotation.labels import LabelledContact
from evaluation.bootstrap import (
    RESAMPLES,
    Figure,
    difference_with_interval,
    draw,
    score_with_interval,
)
from evaluation.measures import BY_CODE
from evaluation.measuring import Tally
from evaluation.other_tools.answering import Answers
from evaluation.other_tools.contestants import AGAINST, ContestantWords
from evaluation.outcomes import Outcome
from evaluation.parts import Part

# What every contestant is asked. Flags are not: but for the baselines they are the rules' own.
ASKED = (
    "level_kappa",
    "level_accuracy",
    "level_within_one",
    "level_or_alternative",
    "protection_recall",
    "protection_precision",
    "level_calibration_error",
    "status_macro_f1",
    "missing_precision",
    "missing_recall",
    "evidence_f1",
    "domains_f1",
    "urgency_macro_f1",
    "red_recall",
    "inappropriate_f1",
)


class Row(Part):
    """One contestant; its ``differences`` are its figures less those of `AGAINST`, paired.

    ``milliseconds`` is the median of processor time a contact of the first third, on one core:
    sentences of later ones an encoder may remember. ``model`` and ``installed`` are megabytes.
    """

    code: str
    title: str
    how: str
    thirds: int
    contacts: int
    figures: Mapping[str, Figure]
    differences: Mapping[str, Figure]
    milliseconds: float
    model: float
    installed: float


class Comparison(Part):
    """Everything that one comparison measured; ``left_out`` gives the reason by title."""

    made: str
    corpus: str
    thirds: tuple[tuple[str, ...], ...]
    against: str
    resamples: int
    seed: int
    rows: tuple[Row, ...]
    left_out: Mapping[str, str]


def measure(
    answers: Mapping[str, Sequence[Answers]],
    words: Mapping[str, ContestantWords],
    contacts: Sequence[LabelledContact],
    *,
    resamples: int = RESAMPLES,
) -> tuple[Row, ...]:
    """Give a row for each contestant, in the order of *words*."""
    by_id = {contact.id: contact for contact in contacts}
    outcomes = {code: _outcomes(found, by_id) for code, found in answers.items()}
    return tuple(
        _row(code, answers[code], words[code], outcomes, resamples)
        for code in words
        if code in answers
    )


def _outcomes(
    answers: Sequence[Answers], by_id: Mapping[str, LabelledContact]
) -> dict[str, Outcome]:
    return {
        id_: Outcome(by_id[id_], said) for part in answers for id_, said in part.predictions.items()
    }


def _row(
    code: str,
    answers: Sequence[Answers],
    words: ContestantWords,
    outcomes: Mapping[str, Mapping[str, Outcome]],
    resamples: int,
) -> Row:
    ours = outcomes[code]
    tally, draws = Tally(list(ours.values())), draw(len(ours), resamples=resamples)
    measures = [BY_CODE[asked] for asked in ASKED]
    differences = {}
    if code != AGAINST and AGAINST in outcomes:
        theirs = Tally([outcomes[AGAINST][id_] for id_ in ours])
        differences = {
            m.code: difference_with_interval(tally.of(m.count), theirs.of(m.count), m.score, draws)
            for m in measures
        }
    return Row(
        code=code,
        title=words.title,
        how=words.how,
        thirds=len(answers),
        contacts=len(ours),
        figures={m.code: score_with_interval(tally.of(m.count), m.score, draws) for m in measures},
        differences=differences,
        milliseconds=float(np.median(answers[0].milliseconds)),
        model=float(np.mean([part.model for part in answers])),
        installed=max(part.installed for part in answers),
    )
