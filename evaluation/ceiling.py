"""The most that a reader can score against labels as noisy as people's: beside every figure.

`annotation.noise` says what an ideal reader and one more annotator would say of each question;
the report's own measures then score both. The noise is that of two annotators of the same contacts,
before anybody adjudicated; that a reader's contacts are labelled as noisily and have as much of
each class is taken for granted. Flags, domains and reasons are too few each for a noise of their
own, so all of a set share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from annotation.corpus import TwiceLabelled
from annotation.noise import find_ceilings
from evaluation.bootstrap import RESAMPLES, Figure, draw, score_with_interval
from evaluation.counting import (
    URGENCIES,
    count_any_flag,
    count_domains,
    count_evidence,
    count_flags,
    count_inappropriate,
    count_level,
    count_reasons,
    count_status,
    count_urgency,
)
from evaluation.measures import BY_CODE
from evaluation.measuring import Count, Tally
from evaluation.metrics import Counts, counts_by_class, f1_score, quadratic_kappa_score
from evaluation.outcomes import Outcome, from_labels
from evaluation.parts import Draws, Part
from nlp.domain import (
    LEVELS,
    Element,
    Level,
    NeedDomain,
    Reason,
    SafetyFlag,
    Status,
    Urgency,
)

# A label that two annotators give fewer times than this, on average, has no ceiling of its own.
FEWEST = 5
_YES = 1

Score = Callable[[Counts], Counts]


class Ceiling(Part):
    """What an ideal reader would score, and one that errs as one more annotator does."""

    ideal: Figure
    human: Figure


class Ceilings(Part):
    """The ceilings against labels given once, or *adjudicated*, from so many contacts.

    ``measures`` are by code; ``status`` holds the quadratic kappa of each element, ``labels`` the
    F1 of each label of a set that is given often enough.
    """

    contacts: int
    adjudicated: bool
    measures: Mapping[str, Ceiling]
    status: Mapping[str, Ceiling]
    labels: Mapping[str, Mapping[str, Ceiling]]


@dataclass(frozen=True)
class _Yes:
    """A question answered by yes or no, and how often it is asked of each label of a contact."""

    count: Count
    asked: Callable[[Outcome], int]


_EVIDENCE = _Yes(count_evidence, lambda o: len(o.contact.sentences))
_ANY_FLAG = _Yes(count_any_flag, lambda _: 1)
_FLAGS = _Yes(count_flags, lambda _: 1)
_DOMAINS = _Yes(count_domains, lambda _: 1)
_VERDICT = _Yes(count_inappropriate, lambda o: int(o.contact.notification is not None))
_REASONS = _Yes(count_reasons, _VERDICT.asked)

# The labels of a set, by the name that the report gives it.
_SETS: Mapping[str, tuple[_Yes, type[StrEnum]]] = {
    "elements": (_EVIDENCE, Element),
    "flags": (_FLAGS, SafetyFlag),
    "domains": (_DOMAINS, NeedDomain),
    "reasons": (_REASONS, Reason),
}


def measure_ceilings(
    contacts: Sequence[TwiceLabelled],
    *,
    adjudicated: bool,
    measured: int,
    resamples: int = RESAMPLES,
) -> Ceilings:
    """Give both ceilings of every measure that a table of labels makes.

    Args:
        contacts: Labelled by two annotators each.
        adjudicated: Whether the labels that a reader is held against were adjudicated.
        measured: How many contacts the reader is measured on: some measures count contacts.
        resamples: Of the bootstrap over *contacts*.
    """
    pairs = _Pairs(contacts, resamples=resamples, adjudicated=adjudicated)
    status = pairs.tables(count_status)
    return Ceilings(
        contacts=len(contacts),
        adjudicated=adjudicated,
        measures=dict(_measures(pairs, measured / len(contacts))),
        status={
            element.value: pairs.ceiling(status[:, row], quadratic_kappa_score)
            for row, element in enumerate(Element)
        },
        labels={
            name: dict(_labels(pairs, pairs.yes_tables(question), codes))
            for name, (question, codes) in _SETS.items()
        },
    )


class _Pairs:
    """The answers of each contact's two annotators, and ceilings from any table of them."""

    def __init__(
        self, contacts: Sequence[TwiceLabelled], *, resamples: int, adjudicated: bool
    ) -> None:
        self._outcomes = [Outcome(each.author, from_labels(each.second)) for each in contacts]
        self._tally = Tally(self._outcomes)
        self._draws: Draws = draw(len(contacts), resamples=resamples)
        self._adjudicated = adjudicated

    def tables(self, count: Count) -> Counts:
        """Give the counts of each contact."""
        return self._tally.of(count)

    def yes_tables(self, question: _Yes) -> Counts:
        """Give ``[contact, ..., 2, 2]``: no and yes of one annotator by those of the other."""
        counts = self._tally.of(question.count)
        asked = np.array([question.asked(outcome) for outcome in self._outcomes], dtype=float)
        hits, extra, missed = np.moveaxis(counts, -1, 0)
        neither = asked.reshape(-1, *[1] * (hits.ndim - 1)) - hits - extra - missed
        return np.stack(
            [np.stack([neither, extra], axis=-1), np.stack([missed, hits], axis=-1)], axis=-2
        )

    def ceiling(self, tables: Counts, score: Score) -> Ceiling:
        """Give the *score* of the tables that an ideal reader and one more annotator would make."""

        def ideal(totals: Counts) -> Counts:
            return score(find_ceilings(totals, adjudicated=self._adjudicated).ideal)

        def human(totals: Counts) -> Counts:
            return score(find_ceilings(totals, adjudicated=self._adjudicated).human)

        return Ceiling(
            ideal=score_with_interval(tables, ideal, self._draws),
            human=score_with_interval(tables, human, self._draws),
        )


def _measures(pairs: _Pairs, times: float) -> Iterable[tuple[str, Ceiling]]:
    """The ceiling of each measure by code; those that no annotator could be given have none."""
    status, level = pairs.tables(count_status), pairs.tables(count_level)
    urgency, evidence = pairs.tables(count_urgency), pairs.yes_tables(_EVIDENCE)
    missing = Status.MISSING.points
    protection, red = LEVELS.index(Level.CHILD_PROTECTION), URGENCIES.index(Urgency.RED)
    asked: tuple[tuple[Counts, Score, tuple[str, ...]], ...] = (
        (status, _as_it_is, ("status_macro_f1", "status_kappa")),
        (
            status,
            lambda tables: counts_by_class(tables)[..., missing, :].sum(axis=-2),
            ("missing_precision", "missing_recall"),
        ),
        (evidence, _yes, ("evidence_f1", "evidence_precision", "evidence_recall")),
        (level, _as_it_is, ("level_kappa", "level_accuracy", "level_within_one")),
        (level, partial(_class, place=protection), ("protection_recall", "protection_precision")),
        (
            level,
            lambda table: times * table[..., protection, :2].sum(axis=-1),
            ("protection_called_low",),
        ),
        (pairs.yes_tables(_ANY_FLAG), _yes, ("any_flag_recall", "any_flag_precision")),
        (_together(pairs.yes_tables(_FLAGS)), _yes, ("flags_f1",)),
        (_together(pairs.yes_tables(_DOMAINS)), _yes, ("domains_f1",)),
        (urgency, _as_it_is, ("urgency_macro_f1", "urgency_kappa")),
        (urgency, partial(_class, place=red), ("red_recall",)),
        (pairs.yes_tables(_VERDICT), _yes, ("inappropriate_f1", "inappropriate_precision")),
        (_together(pairs.yes_tables(_REASONS)), _yes, ("reasons_f1",)),
    )
    for tables, view, codes in asked:
        for code in codes:
            yield code, pairs.ceiling(tables, _after(view, BY_CODE[code].score))


def _labels(
    pairs: _Pairs, tables: Counts, codes: Iterable[StrEnum]
) -> Iterable[tuple[str, Ceiling]]:
    given = _yes(tables.sum(axis=0))
    for row, code in enumerate(codes):
        hits, extra, missed = given[row]
        if hits + (extra + missed) / 2 >= FEWEST:
            yield code.value, pairs.ceiling(tables[:, row], lambda table: f1_score(_yes(table)))


def _after(view: Score, score: Score) -> Score:
    return lambda tables: score(view(tables))


def _together(tables: Counts) -> Counts:
    """All labels of a set as one, yet still a set, as its measure expects."""
    together: Counts = tables.sum(axis=1, keepdims=True)
    return together


def _as_it_is(tables: Counts) -> Counts:
    return tables


def _class(tables: Counts, *, place: int) -> Counts:
    return counts_by_class(tables)[..., place, :]


def _yes(tables: Counts) -> Counts:
    return _class(tables, place=_YES)
