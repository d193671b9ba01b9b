"""Sentences joined without stops, and run-ons as they were written, teach where they begin."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from annotation.run_ons import RunOn, Style
from models.run_on_lessons import (
    BOUNDED,
    SIGHTS,
    WRITTEN_FOR_THIS,
    Lessons,
    Stretch,
    as_stretch,
    make_lessons,
    runs_on,
    stretches,
)
from tests.evaluation.builders import make_labelled

SENTENCES = ("She was late again.", "Mum is aware of this!", "He was cold, and hungry.")
BARE = ("she was late again", "mum is aware of this", "he was cold and hungry")
TEXT = RunOn(
    id="R001", writer="A", style=Style.COMMAS, sentences=("It's Kai, he fell,", "mum knows")
)


def _parts(stretch: Stretch) -> list[str]:
    bounds = [0, *sorted(stretch.starts), len(stretch.words)]
    return [" ".join(stretch.words[a:b]) for a, b in itertools.pairwise(bounds)]


def test_a_stretch_is_what_no_stop_ends() -> None:
    contact = make_labelled(sentences=BARE * 2)
    line = replace(contact, text=contact.text.replace("\n", " "))
    (found,) = stretches(line)
    assert _parts(found) == list(BARE * 2)
    assert list(stretches(line, fewest=len(found.words) + 1)) == []
    assert list(stretches(replace(line, text=f"{line.text}."))) == []
    assert runs_on(line)
    assert not runs_on(make_labelled(sentences=SENTENCES))


def test_sentences_are_joined_without_their_stops() -> None:
    lessons = make_lessons([make_labelled(sentences=SENTENCES)], [])
    seen = {
        tuple(_parts(stretch))
        for seed in range(60)
        for stretch in lessons.epoch(np.random.default_rng(seed))
    }
    assert ("she was late again", "Mum is aware of this", "he was cold, and hungry") not in seen
    assert BARE in seen
    assert ("she was late again", "mum is aware of this", "he was cold, and hungry") in seen
    assert ("she was late again,", "mum is aware of this,", "he was cold and hungry,") in seen
    assert tuple(map(str.upper, BARE)) in seen
    assert all(len(parts) == 3 for parts in seen)


def test_a_heading_parts_lessons() -> None:
    contact = make_labelled(sentences=("CONSENT", *SENTENCES, "CONSENT"))
    (group,) = make_lessons([contact], []).punctuated
    assert [" ".join(words) for words in group[0]] == list(SENTENCES)


def test_contacts_that_run_on_are_taught_as_written() -> None:
    contact = make_labelled(sentences=BARE * 2)
    bounded = replace(contact, text=contact.text.replace("\n", " "))
    whole = make_labelled(sentences=(" ".join(BARE),))
    lessons = make_lessons([bounded, whole], [])
    assert not lessons.punctuated
    assert [stretch.importance for stretch in lessons.contacts] == [BOUNDED, 1.0]


def test_a_text_written_for_this_is_retyped() -> None:
    lessons = make_lessons([], [TEXT])
    seen = [s for n in range(40) for s in lessons.epoch(np.random.default_rng(n))]
    assert len(seen) == 40 * SIGHTS
    assert {s.importance for s in seen} == {WRITTEN_FOR_THIS}
    assert all(s.starts == as_stretch(TEXT).starts == frozenset({4}) for s in seen)
    assert {"its kai he fell", "It's Kai, he fell,", "IT'S KAI, HE FELL,"} <= {
        _parts(s)[0] for s in seen
    }


def test_the_same_chance_gives_the_same_lessons() -> None:
    lessons = make_lessons([make_labelled(sentences=SENTENCES)], [TEXT])
    one, other = (lessons.epoch(np.random.default_rng(3)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("words", [(), ("a",)])
def test_what_has_no_gap_teaches_nothing(words: tuple[str, ...]) -> None:
    lessons = Lessons([], [], [Stretch(words, frozenset())])
    assert lessons.epoch(np.random.default_rng(0)) == []
