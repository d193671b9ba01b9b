"""Fit what tells a hollow sentence, on the vectors of a released encoder.

``python -m models.fit_hollow`` fits it anew for the released reader, in three minutes;
`models.transformer` does the same in a release. ``python -m evaluation.hollow_texts`` measures it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from annotation.corpus import load_train
from annotation.hollow_texts import HollowText, fingerprint_hollow, load_hollow_texts
from annotation.labels import LabelledContact
from annotation.splits import group_authors, refuse_held_back
from models.hollow import HollowFinder, HollowModel, paragraphs_of, terms_of, with_neighbours
from models.links import Doubles
from models.training_corpus import align_elements
from models.transformer.artefact import CARD, RUN, write_manifest
from models.transformer.card import write_card
from models.transformer.reader import HOLLOW, open_vectors, read_known
from nlp.document import read_document

RELEASED = Path(__file__).parent / "released" / "transformer"

ASIDE = 0.0015
"""The share of sentences with evidence, of authors left out, that may be set aside."""

GROUPS = 4
"""Of authors, each left out in turn to find the score that costs so much."""

# Chosen on a writer's texts left out (`annotation/hollow_texts/datasheet.md`), of costs 0.1 to 1,
# importances of vectors 0 to 0.5, and terms in as many sentences or more.
COST = 0.3
VECTORS = 0.2
HOLLOW_IMPORTANCE = 3.0
FEWEST_USES = 3
LEAST_WEIGHT = 0.05
AT_ONCE = 64

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class _Sentences:
    """Of labelled contacts: which contact, paragraph and author each is of, and which tell."""

    texts: Sequence[str]
    vectors: Doubles
    contacts: NDArray[np.int64]
    authors: Sequence[str]
    paragraphs: NDArray[np.int64]
    headings: NDArray[np.bool_]
    tells: NDArray[np.bool_]


def fit_hollow(
    contacts: Sequence[LabelledContact],
    texts: Sequence[HollowText],
    *,
    vectors: Vectors,
    known: frozenset[str],
) -> HollowModel:
    """Fit hollow sentences against those that are evidence; others teach nothing.

    Args:
        contacts: Labelled contacts by ``GROUPS`` authors or more.
        texts: What says nothing.
        vectors: The encoder, of sentences.
        known: The words that are not names.

    Raises:
        CorpusError: If a contact is one that is kept for measuring.
    """
    refuse_held_back(contacts)
    said = _sentences(contacts, vectors)
    hollow = [s.text for each in texts for s in read_document(each.text).sentences]
    apart = _vectors_of(hollow, vectors)

    def fit(rows: NDArray[np.int64]) -> HollowModel:
        kept = rows[said.tells[rows]]
        told = [said.texts[row] for row in kept]
        return _fit(hollow, apart, told, said.vectors[kept], known)

    everything = np.arange(len(said.texts))
    groups = group_authors(said.authors, folds=GROUPS)
    scores = np.zeros(len(said.texts))
    for group in tqdm(range(GROUPS), desc="hollow sentences"):
        model, out = fit(everything[groups != group]), everything[groups == group]
        finder = HollowFinder(model, known)
        scores[out] = finder.scores([said.texts[row] for row in out], said.vectors[out])
    ends = np.flatnonzero(np.diff(said.contacts)) + 1
    columns = (np.split(each, ends) for each in (scores, said.headings, said.paragraphs))
    parts = zip(*columns, strict=True)
    beside = np.concatenate([with_neighbours(*part) for part in parts])
    limit = float(np.quantile(beside[said.tells], 1 - ASIDE))
    return fit(everything).model_copy(update={"hollow_from": round(limit, 2)})


def _sentences(contacts: Sequence[LabelledContact], vectors: Vectors) -> _Sentences:
    documents = [read_document(contact.text) for contact in contacts]
    counts = [len(document.sentences) for document in documents]
    sentences = list(chain.from_iterable(document.sentences for document in documents))
    pairs = zip(contacts, documents, strict=True)
    tagged = chain.from_iterable(align_elements(*pair) for pair in pairs)
    texts = [sentence.text for sentence in sentences]
    headings = np.array([sentence.is_heading for sentence in sentences])
    return _Sentences(
        texts=texts,
        vectors=_vectors_of(texts, vectors),
        contacts=np.repeat(np.arange(len(contacts)), counts),
        authors=np.repeat([contact.author for contact in contacts], counts).tolist(),
        paragraphs=np.concatenate([paragraphs_of(document) for document in documents]),
        headings=headings,
        tells=np.array([bool(found) for found in tagged]) & ~headings,
    )


def _vectors_of(texts: Sequence[str], vectors: Vectors) -> Doubles:
    parts = range(0, len(texts), AT_ONCE)
    return np.concatenate(
        [vectors(texts[at : at + AT_ONCE]) for at in tqdm(parts, desc="vectors")]
    ).astype(np.float64)


def _fit(
    hollow: Sequence[str],
    apart: Doubles,
    told: Sequence[str],
    vectors: Doubles,
    known: frozenset[str],
) -> HollowModel:
    terms = [set(terms_of(text, known=known)) for text in chain(hollow, told)]
    uses = Counter(chain.from_iterable(terms))
    names = sorted(term for term, count in uses.items() if count >= FEWEST_USES)
    middle, scale = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    dense = VECTORS * (np.vstack([apart, vectors]) - middle) / scale
    rows = hstack([_to_matrix(terms, names), csr_matrix(dense)], format="csr")
    truth = np.arange(len(terms)) < len(hollow)
    heads = LogisticRegression(C=COST, solver="liblinear", random_state=0)
    heads.fit(rows, truth, sample_weight=np.where(truth, HOLLOW_IMPORTANCE, 1.0))
    weights = heads.coef_[0]
    vector = VECTORS * weights[len(names) :] / scale
    return HollowModel(
        terms={
            term: round(float(weight), 2)
            for term, weight in zip(names, weights[: len(names)], strict=True)
            if abs(weight) >= LEAST_WEIGHT
        },
        vector=tuple(round(float(each), 4) for each in vector),
        intercept=round(float(heads.intercept_[0] - vector @ middle), 4),
        hollow_from=0.0,
    )


def _to_matrix(terms: Sequence[Iterable[str]], names: Sequence[str]) -> csr_matrix:
    column = {name: number for number, name in enumerate(names)}
    found = [[column[term] for term in row if term in column] for row in terms]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.fromiter(chain.from_iterable(found), dtype=np.int32)
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(terms), len(names)))


def record_of(texts: Sequence[HollowText]) -> dict[str, Any]:
    """Give what the record of a run tells of the texts that taught this."""
    return {"hollow_texts": len(texts), "hollow_texts_fingerprint": fingerprint_hollow(texts)}


def write_hollow(model: HollowModel, path: Path) -> None:
    """Write *model* to *path*."""
    path.write_text(model.model_dump_json(indent=0) + "\n", encoding="utf-8")


def main() -> None:
    """Fit for the released reader, tell its record and card of it, and seal the folder again."""
    contacts, texts, known = load_train(), load_hollow_texts(), read_known(RELEASED)
    vectors = open_vectors(RELEASED, threads=2, remember=1)
    write_hollow(fit_hollow(contacts, texts, vectors=vectors, known=known), RELEASED / HOLLOW)
    record = json.loads((RELEASED / RUN).read_text(encoding="utf-8")) | record_of(texts)
    (RELEASED / RUN).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (RELEASED / CARD).write_text(write_card(record), encoding="utf-8")
    write_manifest(RELEASED, name=f"transformer {record['run']['version']}")


if __name__ == "__main__":
    main()
