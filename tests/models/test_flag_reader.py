"""The flag reader: trained on made-up vectors, kept in a folder, read beside another reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotation.flag_sentences import FlagText
from annotation.labels import LabelledFlag, LabelledSentence
from models.flag_artefact import FILES, load_flags, save_flags
from models.flag_config import read_flag_config
from models.flag_heads import QUESTIONS, FlagHeads, flag_rows
from models.flag_lessons import to_lessons
from models.flag_reader import FlagReader
from models.flag_training import fit_flags, gather
from models.heads import Floats
from models.joined import JoinedReader
from nlp.document import read_document
from nlp.domain import Assertion, Contact, Form, SafetyFlag
from nlp.errors import ArtefactError
from tests.fakes import FakeReader
from tests.models.test_joined import make_joint

SOURCE = """
name = "flags"
version = "test"
every = 2
wide = 1.0
cost = 100.0
iterations = 100
raised_from = 0.3
"""
WORDS = ("knife", "throat", "school", "tea")


class FakeVectors:
    """A sentence's vector says which of ``WORDS`` it holds."""

    def __call__(self, texts: Sequence[str]) -> Floats:
        return np.array([[word in text for word in WORDS] for text in texts], dtype=np.float32)


VECTORS: Any = FakeVectors()


def make_text(number: int, words: str, *flags: LabelledFlag) -> FlagText:
    marks = (LabelledSentence(0, len(words), frozenset(), flags),)
    return FlagText(f"F{number:04}", Form.REFERRAL, words, marks)


def fit() -> FlagHeads:
    weapon = LabelledFlag(SafetyFlag.WEAPON, Assertion.PRESENT)
    neck = LabelledFlag(SafetyFlag.STRANGULATION, Assertion.PRESENT)
    denied = LabelledFlag(SafetyFlag.WEAPON, Assertion.NEGATED)
    texts = [
        make_text(1, "He held a knife.", weapon),
        make_text(2, "He had her throat.", neck),
        make_text(3, "At school all day.", denied),
        make_text(4, "They had tea."),
    ]
    return fit_flags(list(to_lessons([], texts)), VECTORS, read_flag_config(SOURCE))


@pytest.fixture(scope="module")
def heads() -> FlagHeads:
    return fit()


@pytest.fixture
def folder(tmp_path: Path, heads: FlagHeads) -> Path:
    (tmp_path / "encoder.onnx").write_bytes(b"a graph")
    save_flags(
        heads,
        tmp_path / "flags",
        source=SOURCE,
        encoder=tmp_path / "encoder.onnx",
        corpus={"flag texts": 4},
    )
    return tmp_path / "flags"


def load(folder: Path) -> FlagReader:
    return load_flags(folder, encoder=folder.parent / "encoder.onnx", vectors=VECTORS)


def test_what_was_taught_is_raised_and_what_was_denied_is_not(heads: FlagHeads) -> None:
    raised = heads.read(VECTORS(["knife", "throat", "school"]))
    flags = list(SafetyFlag)
    assert raised[0].argmax() == flags.index(SafetyFlag.WEAPON)
    assert raised[1].argmax() == flags.index(SafetyFlag.STRANGULATION)
    assert raised[0].max() > 0.5 > raised[2].sum()


def test_the_flags_of_a_sentence_share_the_probability_of_any() -> None:
    weights = np.zeros((12, QUESTIONS), dtype=np.float32)
    intercept = np.zeros(QUESTIONS, dtype=np.float32)
    shares = FlagHeads(weights, intercept).read(VECTORS(["tea", "tea"]))
    assert shares == pytest.approx(np.full((2, 20), 0.5 / 20))


def test_a_sentence_is_read_with_its_neighbours_whatever_the_length_of_its_vector() -> None:
    rows = flag_rows(np.array([[3.0, 0.0], [0.0, 0.5]], dtype=np.float32))
    assert rows == pytest.approx(
        np.array([[2, 0, 0, 0, 0, 0.6], [0, 2, 0.6, 0, 0, 0]], dtype=np.float32)
    )


def test_a_folder_gives_back_the_reader_that_was_saved(folder: Path, heads: FlagHeads) -> None:
    reader = load(folder)
    document = read_document("They had tea.\nHe held a knife.")
    assert reader.name == "flags test"
    assert set(reader.thresholds.values()) == {0.3}
    expected = heads.read(VECTORS([s.text for s in document.sentences]))
    found = [list(flags.values()) for flags in reader.read(document)]
    assert found == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("file", [*FILES, "manifest.json"])
def test_a_damaged_or_missing_file_is_refused(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"{}")
    with pytest.raises(ArtefactError, match=r"python -m models\.flag_training"):
        load(folder)
    (folder / file).unlink()
    with pytest.raises(ArtefactError, match="flags: "):
        load(folder)


def test_vectors_of_another_encoder_are_refused(folder: Path) -> None:
    (folder.parent / "encoder.onnx").write_bytes(b"another graph")
    with pytest.raises(ArtefactError, match="trained on another encoder"):
        load(folder)


def test_a_joined_reader_takes_its_flags_and_thresholds_and_says_so(folder: Path) -> None:
    other = replace(FakeReader(), name="fake 2")
    reader = JoinedReader(FakeReader(), other, make_joint(0.5), flags=load(folder))
    contact = Contact("They had tea.\nHe held a knife.", Form.PPN)
    reading = reader.read(contact, read_document(contact.text))
    assert reader.name == "fake 1 with fake 2 and flags test"
    assert reader.thresholds.flags[SafetyFlag.WEAPON] == 0.3
    weapon = [sentence.flags[SafetyFlag.WEAPON] for sentence in reading.sentences]
    assert weapon[0] < 0.3 < weapon[1]


def test_of_idle_sentences_of_the_corpus_one_in_so_many_is_taught_for_all() -> None:
    (lesson,) = to_lessons([], [make_text(1, "One.\nTwo.\nThree.\nFour.")])
    rows, present, weights = gather(
        [replace(lesson, wide=False)], VECTORS, read_flag_config(SOURCE)
    )
    assert (len(rows), weights.tolist()) == (2, [2.0, 2.0])
    assert not present.any()


@pytest.mark.parametrize(
    ("source", "told"), [("name =", "cannot be read as TOML"), ("name = 1", "flags.toml: name:")]
)
def test_a_run_with_mistakes_is_refused(source: str, told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        read_flag_config(source)
