"""The contacts that the rules were not written from: sound, and counted as they should be."""

from __future__ import annotations

import pytest

from evaluation.flag_contacts import (
    FILES,
    FlagContact,
    MarkedFlag,
    Source,
    find_by,
    load_flag_contacts,
    measure_flags,
)
from evaluation.flag_contacts.__main__ import main
from nlp.domain import Assertion, Form, SafetyFlag
from tests.fakes import FakeReader


@pytest.mark.parametrize("name", FILES)
def test_every_mark_quotes_its_contact(name: str) -> None:
    contacts = load_flag_contacts(name)
    least = 70 if name == "long" else 119
    assert len({contact.id for contact in contacts}) == len(contacts) >= least
    assert all(mark.quote in each.text for each in contacts for mark in each.flags)


TOLD = "He strangled her on Tuesday."


def make(name: str, text: str, *flags: SafetyFlag) -> FlagContact:
    marks = (MarkedFlag(flag=each, assertion=Assertion.PRESENT, quote=text) for each in flags)
    return FlagContact(id=name, form=Form.PPN, text=text, flags=tuple(marks))


def test_a_hit_a_miss_and_a_false_alarm_are_counted() -> None:
    neck, weapon = SafetyFlag.STRANGULATION, SafetyFlag.WEAPON
    contacts = [make("hit", TOLD, neck), make("miss", "Calm.", weapon), make("alarm", TOLD)]
    figures = measure_flags(contacts, [{neck}, set(), {neck}])
    assert (figures.recall.value, figures.precision.value, figures.f1.value) == (0.5, 0.5, 0.5)
    assert figures.by_flag[neck] == (1, 1, 0)
    assert figures.by_flag[weapon] == (0, 0, 1)


def test_rules_model_and_both_are_told_apart() -> None:
    reader = FakeReader()
    assert find_by(reader)(make("hit", TOLD)) == {
        Source.RULES: {SafetyFlag.STRANGULATION},
        Source.MODEL: set(),
        Source.BOTH: {SafetyFlag.STRANGULATION},
    }


@pytest.mark.slow
def test_without_names_the_files_that_may_always_be_looked_at_are_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main([])

    said = capsys.readouterr().out
    assert "developed_on, 150 contacts" in said
    assert "unread, 150 contacts" in said
    assert "third" not in said
