"""Hollow lines: one sentence each, none of the behavioural suite, and evidence for nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import evaluation.behaviour
from annotation.corpus import load_train
from models.transformer.hollow import hollow_lines
from models.transformer.lessons import lessons_of_epoch, whole_lesson
from models.transformer.targets import examples, with_hollow
from nlp.document import read_document

LINES = ["Page 2 of 6", "Chronology", "The welfare of the child is paramount."]
SUITE = Path(evaluation.behaviour.__file__).parent


def test_each_line_is_one_sentence_and_stands_once() -> None:
    lines = hollow_lines()
    assert len(set(lines)) == len(lines)
    assert [line for line in lines if len(read_document(line).sentences) != 1] == []


def test_no_line_stands_in_the_behavioural_suite() -> None:
    suite = "\n".join(path.read_text(encoding="utf-8") for path in SUITE.rglob("*.yaml"))
    assert [line for line in hollow_lines() if len(line) > 20 and line in suite] == []


def test_hollow_lines_stand_somewhere_in_a_contact_and_it_teaches_the_same() -> None:
    (example,) = examples(load_train()[:1])
    longer = with_hollow(example, LINES)
    own = list(range(len(example.texts)))
    assert whole_lesson(longer, 0).keep.tolist() == own
    random = np.random.default_rng(0)
    for _ in range(30):
        (lesson,) = lessons_of_epoch(
            [(0, longer)],
            contrasts=0.0,
            chance=0.0,
            retypings=0,
            retyped=0.0,
            hollow=1.0,
            random=random,
        )
        beside = lesson.keep >= len(own)
        assert lesson.keep[~beside].tolist() == own
        assert beside.any()
        assert not longer.elements[lesson.keep][beside].any()
        assert (lesson.status == example.status).all()
        assert lesson.whole


def test_without_a_share_no_sight_has_hollow_lines() -> None:
    (example,) = examples(load_train()[:1])
    random = np.random.default_rng(0)
    (lesson,) = lessons_of_epoch(
        [(0, with_hollow(example, LINES))],
        contrasts=0.0,
        chance=0.0,
        retypings=0,
        retyped=0.0,
        hollow=0.0,
        random=random,
    )
    assert lesson.keep.tolist() == list(range(len(example.texts)))
