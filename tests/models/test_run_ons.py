"""Weights for writing without full stops are fitted, and read back as they were written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.run_ons import count, fit, run_ons, write
from nlp.run_ons import RunOnModel, RunOnSplitter, read_run_on_model
from tests.evaluation.builders import make_labelled

SENTENCES = ("she was late again", "mum is aware of this", "he was cold and hungry")
CHOSEN = {"verb": "is was", "person": "mum"}


@pytest.fixture(scope="module")
def model() -> RunOnModel:
    contacts = [make_labelled(n, sentences=SENTENCES * 2) for n in range(60)]
    return fit([replace(contact, people=("Cold Again",)) for contact in contacts], CHOSEN)


def test_sentences_are_found_in_a_run_on_of_the_same_words(model: RunOnModel) -> None:
    contact = make_labelled(sentences=SENTENCES * 6)
    run_on = replace(contact, text=contact.text.replace("\n", " "))
    assert count(RunOnSplitter(model), [run_on]) == (17, 0, 0)


def test_common_words_have_a_kind_and_names_have_none(model: RunOnModel) -> None:
    kinds = {kind: words.split() for kind, words in model.kinds.items()}
    assert kinds["verb"] == ["is", "was"]
    assert "hungry" in kinds["other"]
    assert not {"cold", "again"} & {word for words in kinds.values() for word in words}


def test_a_line_that_ends_with_a_stop_is_no_run_on() -> None:
    contact = make_labelled(sentences=SENTENCES * 6)
    line = contact.text.replace("\n", " ")
    assert len(list(run_ons(replace(contact, text=line)))) == 1
    assert list(run_ons(replace(contact, text=f"{line}."))) == []


def test_a_model_written_is_read_back(model: RunOnModel, tmp_path: Path) -> None:
    write(model, tmp_path / "run_ons.json")
    assert read_run_on_model(tmp_path / "run_ons.json") == model
