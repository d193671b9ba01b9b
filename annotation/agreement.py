"""How far two sets of labels on the same contacts agree; `annotation.noise` draws the ceilings.

Each measure takes the same contacts in the same order, labelled twice. Higher is better, 1 is
full agreement. Chance-corrected agreement is Cohen's kappa (Cohen 1960), with quadratic weights
(Cohen 1968) where the labels have an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from annotation.corpus import TwiceLabelled
from annotation.labels import LabelledContact
from nlp.domain import LEVELS, STATUSES, Element, Urgency

URGENCIES = tuple(reversed(Urgency))  # green, amber, red

Labelled = Sequence[LabelledContact]
Codes = npt.NDArray[np.int64]
Labels = frozenset[Any]


@dataclass(frozen=True)
class Agreement:
    """Agreement of two labellings, measure by measure.

    F1 without more is over all labels together (micro); macro-F1 is the plain mean over labels.
    Measures of status are means over elements.
    """

    level_exact: float
    level_kappa: float
    level_within_one: float
    status_kappa: float
    status_macro_f1: float
    sentence_elements_f1: float
    sentence_elements_macro_f1: float
    flags_present_f1: float
    domains_f1: float
    urgency_kappa: float
    urgency_macro_f1: float
    notification_kappa: float


@dataclass(frozen=True)
class AgreementTable:
    """The three comparisons of the datasheet."""

    author_second: Agreement
    author_adjudicated: Agreement
    second_adjudicated: Agreement


def compare_annotators(contacts: Iterable[TwiceLabelled]) -> AgreementTable:
    """Give the datasheet's table: the annotators with each other and with the adjudicator."""
    known = tuple(contacts)
    author = [contact.author for contact in known]
    second = [contact.second for contact in known]
    final = [contact.adjudicated for contact in known]
    return AgreementTable(
        author_second=compare(author, second),
        author_adjudicated=compare(author, final),
        second_adjudicated=compare(second, final),
    )


def compare(ours: Labelled, theirs: Labelled) -> Agreement:
    """Give the agreement of two labellings of the same contacts."""
    levels = _codes(ours, theirs, lambda contact: LEVELS.index(contact.level))
    urgencies = _codes(ours, theirs, lambda contact: URGENCIES.index(contact.urgency))
    status = [_codes(ours, theirs, _points_of(element)) for element in Element]
    notified = [c for c in ours if c.notification], [c for c in theirs if c.notification]
    elements = [[s.elements for c in side for s in c.sentences] for side in (ours, theirs)]
    gaps = np.abs(levels[0] - levels[1])
    return Agreement(
        level_exact=float(np.mean(gaps == 0)),
        level_kappa=quadratic_kappa(*levels, classes=len(LEVELS)),
        level_within_one=float(np.mean(gaps <= 1)),
        status_kappa=float(np.mean([quadratic_kappa(*s, classes=len(STATUSES)) for s in status])),
        status_macro_f1=float(np.mean([macro_f1(*pair) for pair in status])),
        sentence_elements_f1=micro_f1(*elements),
        sentence_elements_macro_f1=_mean_label_f1(*elements),
        flags_present_f1=micro_f1(
            [contact.flags_present() for contact in ours],
            [contact.flags_present() for contact in theirs],
        ),
        domains_f1=micro_f1([c.domains for c in ours], [c.domains for c in theirs]),
        urgency_kappa=quadratic_kappa(*urgencies, classes=len(URGENCIES)),
        urgency_macro_f1=macro_f1(*urgencies),
        notification_kappa=quadratic_kappa(
            *_codes(notified[0], notified[1], _inappropriate), classes=2
        ),
    )


def quadratic_kappa(ours: Codes, theirs: Codes, *, classes: int) -> float:
    """Give Cohen's kappa with quadratic weights over classes 0 to *classes* - 1.

    With two classes the weights make no difference. Where chance alone would agree fully (both
    use one class throughout) full agreement is 1.
    """
    table = np.zeros((classes, classes))
    np.add.at(table, (ours, theirs), 1)
    weights = np.subtract.outer(np.arange(classes), np.arange(classes)) ** 2
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chance = float((weights * expected).sum())
    return 1.0 - float((weights * table).sum()) / chance if chance else 1.0


def micro_f1(ours: Iterable[Labels], theirs: Iterable[Labels]) -> float:
    """Give the F1 over all labels of all pairs of sets together; 1 where nobody marks any."""
    shared = marked = 0
    for left, right in zip(ours, theirs, strict=True):
        shared += len(left & right)
        marked += len(left) + len(right)
    return 2 * shared / marked if marked else 1.0


def macro_f1(ours: Codes, theirs: Codes) -> float:
    """Give the mean F1 over the classes that either side uses."""
    classes = np.union1d(ours, theirs)
    return float(
        np.mean(
            [
                2 * np.sum((ours == k) & (theirs == k)) / (np.sum(ours == k) + np.sum(theirs == k))
                for k in classes
            ]
        )
    )


def write_table(table: AgreementTable) -> str:
    """Give the table in plain text, a measure a line."""
    sides = [getattr(table, field.name) for field in fields(table)]
    heads = [field.name.replace("_", " against ") for field in fields(table)]
    lines = [f"{'':24}" + "".join(f"{head:>28}" for head in heads)]
    for field in fields(Agreement):
        figures = "".join(f"{getattr(side, field.name):28.2f}" for side in sides)
        lines.append(f"{field.name.replace('_', ' '):24}{figures}")
    return "\n".join(lines)


def _codes(ours: Labelled, theirs: Labelled, code: Callable[[LabelledContact], int]) -> list[Codes]:
    return [
        np.array([code(contact) for contact in side], dtype=np.int64) for side in (ours, theirs)
    ]


def _points_of(element: Element) -> Callable[[LabelledContact], int]:
    return lambda contact: contact.status[element].points


def _inappropriate(contact: LabelledContact) -> int:
    return int(contact.notification is not None and not contact.notification.appropriate)


def _mean_label_f1(ours: Sequence[Labels], theirs: Sequence[Labels]) -> float:
    labels = frozenset[Any]().union(*ours, *theirs)
    return float(
        np.mean([micro_f1([s & {k} for s in ours], [s & {k} for s in theirs]) for k in labels])
    )
