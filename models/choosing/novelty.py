"""How unlike a contact is to all that is labelled and to the batch so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.features import fit_block, read_words, word_terms
from models.words import find_known
from nlp.domain import Document

Doubles = NDArray[np.float64]


def count_words(documents: Sequence[Document], *, names: Iterable[str] = ()) -> csr_matrix:
    """Give the weighted words and pairs of words of each contact, a row of length 1 each.

    Words are those of the linear reader, alike whoever the text is about, so that a new name makes
    no contact new; only what two contacts share counts. *names* are as in `find_known`.
    """
    known = find_known((document.text for document in documents), names=names)
    rows = [
        [term for sentence in read_words(document, known=known) for term in word_terms(sentence)]
        for document in documents
    ]
    each_its_own = [str(number) for number in range(len(rows))]
    return fit_block(rows, each_its_own, weight=1.0, at_least=2).transform(rows)


class Novelty:
    """The distance (1 less the cosine) of each contact to the nearest that is labelled or taken."""

    def __init__(self, pool: csr_matrix, labelled: csr_matrix) -> None:
        """Rows of both are those of `count_words`, of all contacts together."""
        self._pool = pool
        self._nearest = np.zeros(pool.shape[0])
        if labelled.shape[0] and pool.shape[0]:
            self._nearest = (pool @ labelled.T).max(axis=1).toarray().ravel()

    @property
    def distances(self) -> Doubles:
        """Of each contact of the pool, 0 (the same words) to 1 (none in common)."""
        return np.clip(1 - self._nearest, 0, 1)

    def take(self, number: int) -> None:
        """Count the contact of this number among those taken."""
        likeness = (self._pool @ self._pool[number].T).toarray().ravel()
        self._nearest = np.maximum(self._nearest, likeness)
