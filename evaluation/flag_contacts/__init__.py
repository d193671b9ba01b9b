"""Do the rules for safety flags carry over to a writer whose words they were not written from?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from evaluation.metrics import f1_score
from nlp.document import read_document
from nlp.domain import Assertion, Form, SafetyFlag
from nlp.flags import find_flags
from nlp.rule_files import RuleFile, load_rule_file
from nlp.rules import load_rulebook

FOLDER = Path(__file__).parent
FILES = ("developed_on", "unread")


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


class FlagContactFile(RuleFile):
    """The contacts of one file."""

    contacts: tuple[FlagContact, ...]


def load_flag_contacts(name: str) -> tuple[FlagContact, ...]:
    """Give the contacts of one of ``FILES``.

    Raises:
        RulebookError: If the file holds mistakes.
    """
    return load_rule_file(FOLDER / f"{name}.yaml", FlagContactFile).contacts


def measure_flags(contacts: Iterable[FlagContact]) -> dict[str, float]:
    """Give recall and precision of 'any flag present' by contact, and F1 by contact and flag."""
    any_flag, each_flag = np.zeros(3), np.zeros(3)
    for contact in contacts:
        marked = {m.flag for m in contact.flags if m.assertion is Assertion.PRESENT}
        found = _found(contact.text)
        any_flag += (bool(marked and found), bool(found and not marked), bool(marked and not found))
        each_flag += (len(marked & found), len(found - marked), len(marked - found))
    hits, false_alarms, misses = any_flag
    return {
        "contact recall": float(hits / (hits + misses)),
        "contact precision": float(hits / (hits + false_alarms)),
        "contact and flag, F1": float(f1_score(each_flag)),
    }


def _found(text: str) -> set[SafetyFlag]:
    findings = find_flags(read_document(text), load_rulebook())
    return {found.flag for found in findings if found.assertion is Assertion.PRESENT}
