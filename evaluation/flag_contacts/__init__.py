"""Do safety flags carry over to a writer whose words neither rules nor models were made from?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from evaluation.bootstrap import Figure, draw, score_with_interval
from evaluation.metrics import f1_score, precision_score, recall_score
from nlp.assessment import FlagFinding
from nlp.document import read_document
from nlp.domain import Assertion, Contact, Form, SafetyFlag
from nlp.flags import find_flags
from nlp.model_flags import add_model_flags
from nlp.reading import Reader
from nlp.rule_files import RuleFile, load_rule_file
from nlp.rules import load_rulebook

FOLDER = Path(__file__).parent
FILES = ("developed_on", "unread", "third", "fourth", "long", "excerpts")


class Source(StrEnum):
    """Who raises flags."""

    RULES = "rules"
    MODEL = "model"
    BOTH = "both"


class MarkedFlag(RuleFile):
    """A flag that the writer marked on the sentence quoted."""

    flag: SafetyFlag
    assertion: Assertion
    quote: str


class FlagContact(RuleFile):
    """A short contact and every flag in it, whatever its assertion."""

    id: str
    form: Form
    text: str
    flags: tuple[MarkedFlag, ...] = ()

    def present(self) -> set[SafetyFlag]:
        """The flags that raise the alert on this contact."""
        return {mark.flag for mark in self.flags if mark.assertion is Assertion.PRESENT}


class FlagContactFile(RuleFile):
    """The contacts of one file."""

    contacts: tuple[FlagContact, ...]


@dataclass(frozen=True)
class FlagFigures:
    """Figures with their intervals.

    ``recall`` and ``precision`` are of 'any flag present' by contact, ``f1`` is by contact and
    flag; ``by_flag`` holds hits, false alarms and misses in contacts.
    """

    recall: Figure
    precision: Figure
    f1: Figure
    by_flag: dict[SafetyFlag, tuple[int, int, int]]


def load_flag_contacts(name: str) -> tuple[FlagContact, ...]:
    """Give the contacts of one of ``FILES``.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(FOLDER / f"{name}.yaml", FlagContactFile).contacts


def find_by(reader: Reader) -> Callable[[FlagContact], dict[Source, set[SafetyFlag]]]:
    """Give a function that says which flags of a contact each source finds present."""

    def find(contact: FlagContact) -> dict[Source, set[SafetyFlag]]:
        document, asked = read_document(contact.text), Contact(contact.text, contact.form)
        ruled = find_flags(document, load_rulebook())
        alone, both = reader.read(asked, document), reader.read(asked, document, ruled)
        limits = reader.thresholds
        return {
            Source.RULES: _present(ruled),
            Source.MODEL: _present(add_model_flags((), document, alone, limits)),
            Source.BOTH: _present(add_model_flags(ruled, document, both, limits)),
        }

    return find


def _present(findings: Iterable[FlagFinding]) -> set[SafetyFlag]:
    return {found.flag for found in findings if found.assertion is Assertion.PRESENT}


def measure_flags(contacts: Sequence[FlagContact], found: Sequence[set[SafetyFlag]]) -> FlagFigures:
    """Hold what was *found* in each contact against its marks."""
    marked = [contact.present() for contact in contacts]
    any_flag = np.array(
        [_counts(bool(m), bool(f)) for m, f in zip(marked, found, strict=True)], dtype=float
    )
    each = np.array(
        [
            [_counts(flag in m, flag in f) for flag in SafetyFlag]
            for m, f in zip(marked, found, strict=True)
        ],
        dtype=float,
    )
    draws = draw(len(contacts))
    totals = each.sum(axis=0).astype(int).tolist()
    return FlagFigures(
        recall=score_with_interval(any_flag, recall_score, draws),
        precision=score_with_interval(any_flag, precision_score, draws),
        f1=score_with_interval(each.sum(axis=1), f1_score, draws),
        by_flag={flag: tuple(row) for flag, row in zip(SafetyFlag, totals, strict=True)},
    )


def _counts(marked: bool, found: bool) -> tuple[bool, bool, bool]:  # noqa: FBT001
    return marked and found, found and not marked, marked and not found
