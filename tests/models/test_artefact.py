import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.__main__ import main
from models.artefact import FILES, Origin, load_tfidf, save_reader
from models.model_card import write_card
from models.predict import RELEASED, TFIDF, load_reader
from models.shortening import SHIPPED, shorten
from models.tfidf import TfidfReader
from nlp.document import read_document
from nlp.domain import Contact, Form
from nlp.errors import ArtefactError
from tests.models.test_train import HURT

FACTS: dict[str, str | int] = {"contacts": 1, "sentences": 2, "authors": 3, "fingerprint": "f00"}


@pytest.fixture
def saved(small_reader: TfidfReader, tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    card = write_card(small_reader, corpus=FACTS, figures={"level, accuracy": 0.5})
    save_reader(small_reader, folder, Origin("name = 'small'\n", card, FACTS))
    return folder


def test_a_loaded_reader_answers_as_the_saved_one(small_reader: TfidfReader, saved: Path) -> None:
    contact, document = Contact(HURT, Form.PPN), read_document(HURT)
    before, after = (r.read(contact, document) for r in (small_reader, load_tfidf(saved)))
    assert after.plausible == before.plausible
    assert after.level == pytest.approx(before.level, abs=0.01)
    assert after.urgency == pytest.approx(before.urgency, abs=0.01)
    assert after.domains == pytest.approx(before.domains, abs=0.02)
    assert after.reasons == pytest.approx(before.reasons, abs=0.02)
    for element, status in before.status.items():
        assert after.status[element] == pytest.approx(status, abs=0.01)
    for ours, theirs in zip(before.sentences, after.sentences, strict=True):
        assert theirs.elements == pytest.approx(ours.elements, abs=0.01)
    assert load_tfidf(saved).thresholds == small_reader.thresholds


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_refused(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(ArtefactError, match=rf"{name} has SHA-256 .* expected .* restore"):
        load_tfidf(saved)


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_file_is_refused(saved: Path, name: str) -> None:
    (saved / name).unlink()
    with pytest.raises(ArtefactError, match=f"{name} cannot be read"):
        load_tfidf(saved)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("format", 99, "found format tfidf 99, expected tfidf 2"),
        ("kind", "other", "found format other 2"),
        ("neutral_words", "0", "was trained with another neutral_words"),
        ("labels", {}, "its elements are not the 16"),
        ("thresholds", {}, "its parts do not fit together"),
        ("files", None, "manifest.json holds 1 mistakes"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(
    saved: Path, field: str, value: object, told: str
) -> None:
    path = saved / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(ArtefactError, match=told):
        load_tfidf(saved)


def test_a_missing_reader_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="python -m models train"):
        load_reader(released=tmp_path / "none")


def test_the_card_says_what_the_reader_must_not_be_used_for(saved: Path) -> None:
    card = (saved / "model_card.md").read_text()
    assert "must not be used for" in card
    assert "validate it on local contacts" in card
    assert "| level, accuracy | 0.500 |" in card


def test_a_training_run_with_mistakes_lists_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run.toml"
    run.write_text("name = 'x'\nfolds = 1\n")
    assert main(["train", str(run), "--output", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert "run.toml: folds: Input should be greater" in told
    assert "run.toml: seed: Field required" in told


@pytest.mark.slow
def test_the_released_reader_loads_and_is_small() -> None:
    assert load_tfidf(TFIDF).name.startswith("tfidf")
    assert sum(path.stat().st_size for path in TFIDF.iterdir()) < 10_000_000
    with np.load(TFIDF / "parameters.npz") as arrays:
        for name, share in SHIPPED.dropped.items():
            weights = arrays[name].astype(np.float32)
            assert (shorten(weights, SHIPPED.bits) == arrays[name]).all()
            assert (weights == 0).mean() > share


@pytest.mark.slow
def test_the_released_reader_is_refused_once_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "tfidf"
    shutil.copytree(TFIDF, folder)
    with (folder / "parameters.npz").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ArtefactError, match=r"parameters\.npz has SHA-256"):
        load_tfidf(folder)


@pytest.mark.slow
def test_the_linear_reader_answers_alone_where_the_transformer_is_damaged(tmp_path: Path) -> None:
    shutil.copytree(RELEASED, tmp_path / "released")
    with (tmp_path / "released" / "transformer" / "heads.onnx").open("ab") as file:
        file.write(b"\0")
    assert load_reader(released=tmp_path / "released").name == load_tfidf(TFIDF).name
    assert load_reader().name != load_tfidf(TFIDF).name
