"""Fit what reads the status of each element: is it there at all, and if so is it met?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix, hstack

from models.fitting import Doubles, FittedHeads, Truth
from models.heads import Floats
from models.tfidf import (
    ELEMENT_NUMBERS,
    StatusHeads,
    element_numbers,
    evidence_weights,
    status_shares,
)
from models.training_corpus import Numbers, TrainingCorpus
from nlp.domain import Element

Fit = Callable[[csr_matrix, Truth, Numbers, Doubles], FittedHeads]


def fit_status(
    corpus: TrainingCorpus, rows: csr_matrix, read: list[Floats], fit: Fit
) -> tuple[StatusHeads, Numbers]:
    """Give the fitted heads, and the status they give contacts of authors that they had not seen.

    Args:
        corpus: the contacts.
        rows: the features of all sentences.
        read: by contact, the out-of-fold probabilities of its sentences' elements.
        fit: fits heads on features, truth, folds and weights.

    Returns:
        The heads, and contacts x 16 points (0 missing, 1 partly, 2 met).
    """
    features = rows.shape[1]
    words = np.zeros((features, len(Element), 2), dtype=np.float32)
    numbers = np.zeros((len(Element), ELEMENT_NUMBERS, 2), dtype=np.float32)
    constants = np.zeros((3, len(Element), 2), dtype=np.float32)  # intercept, slope, offset
    guesses = np.zeros((len(read), len(Element)), dtype=np.int64)
    for e, element in enumerate(Element):
        whole = _status_rows(rows, read, e)
        answers = np.zeros((len(read), 2), dtype=np.float32)
        for q, (asked, truth) in enumerate(_questions(corpus.points(element))):
            if not asked.any():  # an element that no contact has: whether it is met is never asked
                continue
            fitted = fit(
                csr_matrix(whole[asked]),
                truth[asked][:, None],
                corpus.folds[asked],
                corpus.weights[asked],
            )
            heads = fitted.heads
            answers[:, q] = heads.probabilities(whole)[:, 0]
            answers[asked, q] = fitted.probabilities[:, 0]
            words[:, e, q] = heads.coef[:features, 0]
            numbers[e, :, q] = heads.coef[features:, 0]
            constants[:, e, q] = heads.intercept[0], heads.slope[0], heads.offset[0]
        guesses[:, e] = np.argmax(status_shares(answers), axis=1)
    return StatusHeads(words.reshape(features, -1), numbers, *constants), guesses


def _questions(points: Numbers) -> list[tuple[Truth, Truth]]:
    """Whom each question is asked of, and the answer."""
    there = points >= 1
    return [(np.ones_like(there), there), (there, points == 2)]


def _status_rows(rows: csr_matrix, read: list[Floats], element: int) -> csr_matrix:
    """What is said of one element, by contact: its sentences' words, weighed, and its numbers."""
    weights = np.concatenate([evidence_weights(p)[:, element] for p in read])
    contact_of = np.repeat(np.arange(len(read)), [len(p) for p in read])
    gather = csr_matrix(
        (weights, (contact_of, np.arange(len(weights)))), shape=(len(read), len(weights))
    )
    gather.eliminate_zeros()
    numbers = np.stack([element_numbers(p)[element] for p in read])
    return csr_matrix(hstack([gather @ rows, csr_matrix(numbers)], format="csr"))
