"""The contacts that the rules were not written from: sound, and counted as they should be."""

from __future__ import annotations

import pytest

from evaluation.flag_contacts import (
    FILES,
    FlagContact,
    MarkedFlag,
    load_flag_contacts,
    measure_flags,
)
from nlp.domain import Assertion, Form, SafetyFlag


@pytest.mark.parametrize("name", FILES)
def test_every_mark_quotes_its_contact(name: str) -> None:
    contacts = load_flag_contacts(name)
    assert len({contact.id for contact in contacts}) == len(contacts) == 150
    assert all(mark.quote in each.text for each in contacts for mark in each.flags)


def test_a_hit_a_miss_and_a_false_alarm_are_counted() -> None:
    told = "He strangled her on Tuesday."
    mark = MarkedFlag(flag=SafetyFlag.STRANGULATION, assertion=Assertion.PRESENT, quote=told)
    missed = MarkedFlag(flag=SafetyFlag.WEAPON, assertion=Assertion.PRESENT, quote="Calm.")
    figures = measure_flags(
        [
            FlagContact(id="hit", form=Form.PPN, text=told, flags=(mark,)),
            FlagContact(id="miss", form=Form.PPN, text="Calm.", flags=(missed,)),
            FlagContact(id="false alarm", form=Form.PPN, text=told),
        ]
    )
    assert figures == {
        "contact recall": 0.5,
        "contact precision": 0.5,
        "contact and flag, F1": 0.5,
    }
