"""What is said of contacts that differ in what decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotation.contrast_sets import Family
from annotation.labels import LabelledContact
from annotation.splits import HELD_BACK
from evaluation.baselines import Predict
from evaluation.contrast_sets import load_held, load_second, measure, show
from evaluation.outcomes import Prediction, from_labels
from nlp.domain import LEVELS, Level


@pytest.fixture(scope="module")
def held() -> list[Family]:
    return load_held()


def as_labelled(contact: LabelledContact) -> Prediction:
    """A reader that knows the labels."""
    return from_labels(contact)


def always(level: Level) -> Predict:
    """Says one level and no flag of all."""

    def predict(contact: LabelledContact) -> Prediction:
        said = as_labelled(contact)
        return replace(said, level=level, level_probabilities={level: 1.0}, flags=frozenset())

    return predict


def turned_round(contact: LabelledContact) -> Prediction:
    said = as_labelled(contact)
    other = LEVELS[-said.level.number]
    return replace(said, level=other, level_probabilities={other: 1.0})


def test_the_held_writer_is_kept_from_training(held: list[Family]) -> None:
    assert {contact.author for family in held for contact in family} <= HELD_BACK


def test_the_labels_themselves_are_all_right(held: list[Family]) -> None:
    figures = measure(held, as_labelled)
    assert {figure.value for figure in figures.values()} == {1.0}


def test_what_never_changes_its_mind_stays_and_moves_nowhere(held: list[Family]) -> None:
    figures = measure(held, always(Level.CHILD_PROTECTION))
    assert figures["All labelled alike: the level stays"].value == 1
    assert figures["Levels differ: the expected level moves the right way"].value == 0
    assert figures["Levels differ: both exact"].value == 0
    assert figures["Any safety flag present, recall"].value == 0


def test_what_is_turned_round_moves_wrongly(held: list[Family]) -> None:
    assert (
        measure(held, turned_round)["Levels differ: the expected level moves the right way"].value
        == 0
    )


def test_the_table_has_a_row_a_measure_and_says_where_there_is_nothing(
    held: list[Family],
) -> None:
    figures = measure(held[:2], always(Level.UNIVERSAL))
    table = show({"reader": figures, "other": figures}).splitlines()
    assert len(table) == 2 + len(figures)
    assert "none" in "".join(table)


def test_the_second_annotator_read_whole_families_of_the_same_texts(held: list[Family]) -> None:
    second = load_second()
    twice = [family for family in held if family[0].id in second]
    contacts = {contact.id: contact for family in twice for contact in family}
    assert set(contacts) == set(second)
    assert all(second[id_].text == contact.text for id_, contact in contacts.items())
    assert any(second[id_].level != contact.level for id_, contact in contacts.items())
