"""One reader's answers held against what staff decided: agreement, misses, calibration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from api.figures.intervals import Interval, clopper_pearson
from api.hub.agreement import Agreement, agreement
from api.silent.cases import Answer, Case
from nlp.domain import Level

BINS = 10

AnswerOf = Callable[[Case], Answer | None]
Pair = tuple[Case, Answer]


@dataclass(frozen=True)
class Share:
    """A count of a number, with its exact 95 % interval; none of nought."""

    count: int
    of: int
    interval: Interval | None

    @classmethod
    def counted(cls, each: Iterable[bool]) -> Share:
        """Give the share of those that are true."""
        all_of = list(each)
        interval = clopper_pearson(sum(all_of), len(all_of)) if all_of else None
        return cls(sum(all_of), len(all_of), interval)


@dataclass(frozen=True)
class Bin:
    """The answers of like probability: how probable they were, and how often they were right."""

    low: float
    high: float
    contacts: int
    said: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """The expected calibration error of the likely level, and the bins it is the mean of."""

    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class ReaderFigures:
    """Everything that is said of one reader on some contacts.

    ``left_out`` and ``read_lower`` are of the contacts that staff decided as child protection;
    ``harm`` and ``overruled`` of the notifications that look inappropriate to the reader: those
    decided as child in need or higher, and those that staff called appropriate.
    """

    contacts: int
    agreement: Agreement | None
    own_views: Agreement | None
    read_lower: Share
    left_out: Share
    covered: Share
    harm: Share
    overruled: Share
    calibration: Calibration | None


def figures_of(cases: Sequence[Case], answer_of: AnswerOf) -> ReaderFigures:
    """Give the figures of the reader whose answers *answer_of* gives; cases without count not."""
    pairs = [(case, answer) for case in cases if (answer := answer_of(case)) is not None]
    protection = [(case, answer) for case, answer in pairs if case.is_protection]
    doubted = [case for case, answer in pairs if answer.inappropriate]
    return ReaderFigures(
        contacts=len(pairs),
        agreement=agreement([(case.level, answer.level) for case, answer in pairs]),
        own_views=agreement([(c.own_view, a.level) for c, a in pairs if c.own_view is not None]),
        read_lower=Share.counted(is_read_lower(answer) for _, answer in protection),
        left_out=Share.counted(is_left_out(answer) for _, answer in protection),
        covered=Share.counted(case.level in answer.plausible for case, answer in pairs),
        harm=Share.counted(case.is_serious for case in doubted),
        overruled=Share.counted(case.said_inappropriate is False for case in doubted),
        calibration=calibrate(pairs),
    )


def is_read_lower(answer: Answer) -> bool:
    """Is the likely level another than child protection, and so lower?"""
    return answer.level is not Level.CHILD_PROTECTION


def is_left_out(answer: Answer) -> bool:
    """Do the plausible levels leave child protection out?"""
    return Level.CHILD_PROTECTION not in answer.plausible


def calibrate(pairs: Sequence[Pair]) -> Calibration | None:
    """Give how far the probability of the likely level is from how often it was decided.

    In ten bins of equal width (Guo 2017, arXiv 1706.04599); of few contacts it comes out too high.
    ``None`` without any.
    """
    if not pairs:
        return None
    said = np.array([answer.probability for _, answer in pairs])
    right = np.array([case.level is answer.level for case, answer in pairs])
    places = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            contacts=int((places == place).sum()),
            said=float(said[places == place].mean()),
            right=float(right[places == place].mean()),
        )
        for place in np.unique(places).tolist()
    )
    error = sum(each.contacts * abs(each.said - each.right) for each in bins) / len(pairs)
    return Calibration(error, bins)
