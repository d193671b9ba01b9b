"""Rules and model are laid beside each other, flag by flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from evaluation.flag_contacts import FlagContact, MarkedFlag
from evaluation.flag_sources import (
    ANY,
    Flags,
    flags_of_new_writers,
    flags_of_outcomes,
    measure_sources,
)
from evaluation.judge import judge_with
from nlp.assessment import FlagFinding
from nlp.domain import Assertion, Contact, Document, Form, SafetyFlag
from nlp.reading import Reading, Thresholds
from tests.evaluation.builders import make_labelled, make_outcome, make_present
from tests.fakes import FakeReader

WEAPON, STRANGULATION = SafetyFlag.WEAPON, SafetyFlag.STRANGULATION
NONE = frozenset[SafetyFlag]()


@dataclass(frozen=True)
class _FlagReader(FakeReader):
    """Sees a weapon wherever the word stands."""

    @property
    def thresholds(self) -> Thresholds:
        return replace(super().thresholds, flags=dict.fromkeys(SafetyFlag, 0.5), seen_from=0.5)

    def read(
        self, contact: Contact, document: Document, ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        reading = super().read(contact, document)
        pairs = zip(reading.sentences, document.sentences, strict=True)
        sentences = tuple(
            replace(read, flags={WEAPON: 0.9 if "broom" in sentence.text else 0.1})
            for read, sentence in pairs
        )
        held = any(found.flag is WEAPON for found in ruled)
        surest = max(each.flags[WEAPON] for each in sentences)
        return replace(reading, sentences=sentences, flags={WEAPON: 0.9 if held else surest})


def test_each_way_of_being_raised_has_its_count_and_precision() -> None:
    one, two = frozenset({WEAPON}), frozenset({WEAPON, STRANGULATION})
    found = measure_sources(
        [
            *[Flags(labelled=one, ruled=one, seen=one)] * 3,
            *[Flags(labelled=NONE, ruled=one, seen=one)] * 3,
            Flags(labelled=one, ruled=one, seen=NONE),
            Flags(labelled=NONE, ruled=NONE, seen=one),
            Flags(labelled=two, ruled=NONE, seen=one),
            Flags(labelled=NONE, ruled=NONE, seen=NONE),
        ],
        resamples=50,
    )
    together, strangulation, weapon = found
    assert [each.code for each in found] == [ANY, "strangulation", "weapon"]
    assert (weapon.both.contacts, weapon.both.labelled) == (6, 3)
    assert weapon.both.precision is not None
    assert weapon.both.precision.value == 0.5
    assert (weapon.rules_only.contacts, weapon.rules_only.labelled) == (1, 1)
    assert (weapon.model_only.contacts, weapon.model_only.labelled) == (2, 1)
    assert weapon.rules_only.precision is weapon.model_only.precision is None
    assert (weapon.labelled, weapon.missed) == (5, 0)
    assert (strangulation.labelled, strangulation.missed) == (1, 1)
    assert (together.labelled, together.missed, together.model_only.contacts) == (6, 1, 2)


def test_a_contestant_that_reads_no_flags_is_not_laid_beside_the_rules() -> None:
    silent = make_outcome()
    assert flags_of_outcomes([silent]) == ()
    assert measure_sources(()) == ()
    seen = make_outcome(
        make_labelled(flags={0: make_present(WEAPON)}), seen_flags=NONE, ruled_flags=NONE
    )
    (flags,) = flags_of_outcomes([seen])
    assert flags == Flags(labelled=frozenset({WEAPON}), ruled=NONE, seen=NONE)


@pytest.mark.parametrize(
    ("text", "ruled", "seen"),
    [
        pytest.param("He held a broom near her.", False, True, id="model only"),
        pytest.param("He threatened her with a knife.", True, False, id="rules only"),
        pytest.param("She was calm.", False, False, id="neither"),
    ],
)
def test_what_the_model_sees_and_the_rules_find_is_learnt_from_the_served_record(
    *, text: str, ruled: bool, seen: bool
) -> None:
    labelled = make_labelled(sentences=(text,), elements={})
    said = judge_with(_FlagReader())(labelled)
    assert said.seen_flags is not None
    assert (WEAPON in said.ruled_flags, WEAPON in said.seen_flags) == (ruled, seen)
    assert (WEAPON in said.flags) == (ruled or seen)


def test_a_reader_without_flags_sees_none_at_all() -> None:
    said = judge_with(FakeReader())(make_labelled())
    assert said.seen_flags is None
    assert said.status_probabilities
    assert flags_of_new_writers((), FakeReader()) == ()


def test_new_writers_are_read_by_rules_and_model_apart() -> None:
    contact = FlagContact(
        id="x1",
        form=Form.PPN,
        text="He held a broom near her.",
        flags=(MarkedFlag(flag=WEAPON, assertion=Assertion.PRESENT, quote="broom"),),
    )
    (flags,) = flags_of_new_writers([contact], _FlagReader())
    assert flags == Flags(frozenset({WEAPON}), NONE, frozenset({WEAPON}))
