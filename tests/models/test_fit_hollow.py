"""What tells a hollow sentence is learnt from texts that say nothing, and from evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.corpus import load_dev, load_first
from annotation.hollow_texts import load_hollow_texts
from annotation.labels import LabelledContact
from models.fit_hollow import fit_hollow, write_hollow
from models.hollow import HollowFinder, HollowModel, read_hollow_model
from models.training_corpus import align_elements
from models.words import find_known
from nlp.document import read_document
from nlp.errors import CorpusError

CONTACTS = load_first()[::5]
TEXTS = load_hollow_texts()[::5]
KNOWN = find_known(
    [c.text for c in CONTACTS], names=[p for contact in CONTACTS for p in contact.people]
)


def lengths(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def evidence(contact: LabelledContact) -> Iterator[str]:
    document = read_document(contact.text)
    for sentence, found in zip(document.sentences, align_elements(contact, document), strict=True):
        if found and not sentence.is_heading:
            yield sentence.text


@pytest.fixture(scope="module")
def model() -> HollowModel:
    return fit_hollow(CONTACTS, TEXTS, vectors=lengths, known=KNOWN)


def test_what_says_nothing_is_told_from_evidence(model: HollowModel) -> None:
    finder = HollowFinder(model, KNOWN)
    hollow = [s.text for each in TEXTS for s in read_document(each.text).sentences]
    told = [text for contact in CONTACTS[:40] for text in evidence(contact)]
    said, meant = (finder.scores(t, lengths(t).astype(float)) for t in (hollow, told))
    assert np.median(said) > np.quantile(meant, 0.95)
    assert np.mean(meant >= model.hollow_from) < 0.01


def test_what_is_kept_for_measuring_is_refused() -> None:
    with pytest.raises(CorpusError, match="kept for measuring"):
        fit_hollow(load_dev(), TEXTS, vectors=lengths, known=KNOWN)


def test_weights_come_back_from_their_file(model: HollowModel, tmp_path: Path) -> None:
    write_hollow(model, tmp_path / "hollow.json")
    assert read_hollow_model(tmp_path / "hollow.json") == model
