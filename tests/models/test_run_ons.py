"""Weights for writing without full stops are fitted; collected only where torch is installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotation.run_ons import load_run_ons
from models.run_on_lessons import Lessons, as_stretch
from nlp.run_ons import FIRST_WORD, RunOnNetwork, RunOnSplitter, read_run_on_network
from tests.evaluation.builders import make_labelled

pytest.importorskip("torch")
run_ons = pytest.importorskip("models.run_ons")

TAUGHT = [replace(as_stretch(text), importance=10.0) for text in load_run_ons()[:60:2]]
WORDS = tuple(sorted({"he", "she", "mum", "i", "its", "the", "is", "was", "on", "to", "and", "a"}))


@pytest.fixture(scope="module")
def network() -> RunOnNetwork:
    begin = np.random.default_rng(1).normal(size=(FIRST_WORD + len(WORDS), 8)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_ons, "EPOCHS", 90)
        fitted: RunOnNetwork = run_ons.fit(Lessons([], [], TAUGHT), WORDS, begin)
    return fitted


def test_what_was_taught_is_found(network: RunOnNetwork) -> None:
    hits, false, missed = run_ons.count(RunOnSplitter(network), TAUGHT)
    assert hits > missed
    assert hits > false


def test_what_is_served_answers_as_what_was_trained(network: RunOnNetwork, tmp_path: Path) -> None:
    run_ons.write(network, tmp_path / "run_ons.npz")
    served = RunOnSplitter(read_run_on_network(tmp_path / "run_ons.npz"))
    words = TAUGHT[0].words
    assert served.scores(words) == pytest.approx(RunOnSplitter(network).scores(words), abs=0.3)


def test_no_name_of_a_person_is_known() -> None:
    contacts = [make_labelled(n, sentences=("kai was cold",) * 2) for n in range(5)]
    known = run_ons.known_words(replace(c, people=("Kai",)) for c in contacts)
    assert "cold" in known
    assert "kai" not in known
